"""Change: what the model tells of each channel now, and what the last run told, or the model without the last weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.budget.wording import join, money, ratio
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.language import format_date, label, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.earlier import Earlier, remembered
from marketbook.kit.report.format import by_name

REPORT = "budget/model-response"
"""The report whose runs are compared."""

_FIGURES = ("revenue", "roas", "roas_low", "roas_high", "marginal", "marginal_low", "marginal_high")


@dataclass(frozen=True)
class Told:
    """What was told of the channels when fewer weeks were known.

    Attributes:
        week: The last week known then.
        channels: One row for each channel, indexed by it: `revenue` (brought in the year up to that week), `roas` and
            `marginal` (what a yuan brought, and what the next one brings) with their 90 % intervals.
        settings: How the model was made.
        ran_at: When the run began that told it; None where the model was only fitted anew without the weeks since.
    """

    week: pd.Timestamp
    channels: pd.DataFrame
    settings: str
    ran_at: datetime | None = None

    @classmethod
    def by(cls, model: ResponseModel) -> "Told":
        """Return what a model tells."""
        return cls(model.history.weeks[-1], _figures(model), _made(model))

    @classmethod
    def read(cls, one: Earlier) -> "Told | None":
        """Read what a run kept; None where it kept something else."""
        try:
            channels = pd.DataFrame.from_dict(one.remembered["channels"], orient="index", dtype=float)[list(_FIGURES)]
            return cls(pd.Timestamp(one.remembered["week"]), channels, one.remembered["settings"], one.ran_at)
        except (KeyError, TypeError, ValueError):
            return None

    def written(self) -> dict[str, Any]:
        """Return it as plain JSON values, for a later run to read."""
        rows = self.channels.astype(object).where(self.channels.notna(), None)
        return {"week": f"{self.week:%Y-%m-%d}", "settings": self.settings, "channels": rows.to_dict("index")}


@dataclass(frozen=True)
class ChangeResult(Result):
    """Each channel then and now.

    Attributes:
        channels: One row for each channel, the largest change first: `channel`; `revenue_then` and `revenue_now` (what
            it brought in the year up to then and up to now), `roas_then` and `roas_now` (what a yuan brought) with
            their 90 % intervals, `marginal_then` and `marginal_now` (what the next yuan brings), `change_share`, that
            of the last two, and `weeks_share`, what of it the weeks since explain: the same model with and without
            them.
        then, now: What was told then and what is told now.
        weeks: Weeks that came since.
        outside: Channels of which the next yuan now brings what lies outside the 90 % interval of then.
        unknown: Channels that were not told of then.
    """

    channels: pd.DataFrame
    then: Told
    now: Told
    weeks: int
    outside: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "revenue_then": mark("Brought in a year, told then"),
        "revenue_now": mark("Brought in a year, told now"),
        "roas_then": mark("A yuan brought, told then"),
        "roas_now": mark("A yuan brought, told now"),
        "marginal_then": mark("The next yuan, told then"),
        "marginal_now": mark("The next yuan, told now"),
        "change_share": mark("Change"),
        "weeks_share": mark("Of it by the new weeks"),
        "largest_change_share": mark("Largest change of what the next yuan brings"),
        "count_outside": mark("Channels outside the interval of then"),
        "revenue_change": mark("Change of what media bring in a year"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What changed since the last refresh")

    @property
    def text(self) -> str:
        """What moved, the channel that changed most, and how much of that the new weeks explain."""
        most = self.channels.iloc[0]
        values = {
            "weeks": self.weeks,
            "week": format_date(self.then.week),
            "channel": label(most["channel"]),
            "now": ratio(most["marginal_now"]),
            "then": ratio(most["marginal_then"]),
            "change": by_name("lift", most["change_share"]),
            "part": by_name("lift", most["weeks_share"]),
        }
        if self.then.ran_at is None:
            return _(
                "With the {weeks} weeks since {week}, {channel} changed most: the next yuan brings {now} yuan, where "
                "then {then} were told (a change of {change})."
            ).format(**values)
        return f"{self._moved(self.then.ran_at)} " + _(
            "{channel} changed most: the next yuan brings {now} yuan, where {then} were told (a change of {change}, of "
            "which the new weeks explain {part})."
        ).format(**values)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        ends = [f"{name}_{end}" for name in ("roas_then", "roas_now") for end in ("low", "high")]
        alike = ["weeks_share"] if self.then.ran_at is None else []
        return self.channels.drop(columns=[*ends, *alike])

    @property
    def caveats(self) -> Sequence[str]:
        """Whether the changes are more than was to be expected, and how then was told."""
        surprise = (
            _("Outside the 90% interval that was told then: {channels}. Look at what is new there.").format(
                channels=join([label(name) for name in self.outside])
            )
            if self.outside
            else _("All channels stay inside the 90% intervals that were told then.")
        )
        return [surprise, *self._compared]

    @property
    def _compared(self) -> Sequence[str]:
        """With what it is compared."""
        if self.then.ran_at is None:
            return [
                _("There is no earlier run of this report that knew fewer weeks, so nothing published is compared."),
                _(
                    "What was told then is the same model, fitted to the data as they are now but without the weeks "
                    "since."
                ),
            ]
        told = [
            _(
                "The new weeks explain what the same model tells with and without them; the rest comes of data that "
                "were revised since, of other settings or of another version of the program. The year that is counted "
                "moved on by the new weeks, too."
            )
        ]
        if self.then.settings != self.now.settings:
            told.append(_("That run was made with other settings than this one."))
        if self.unknown:
            told.append(_("Not told of then: {channels}.").format(channels=join([label(one) for one in self.unknown])))
        return told

    def _moved(self, ran_at: datetime) -> str:
        """Since when, and how what media bring together moved."""
        text = ngettext(
            "Since the run of {day}, which knew the weeks up to {week}, {weeks} week has come: what the channels "
            "brought in a year moved from {before} to {after}.",
            "Since the run of {day}, which knew the weeks up to {week}, {weeks} weeks have come: what the channels "
            "brought in a year moved from {before} to {after}.",
            self.weeks,
        )
        return text.format(
            day=format_date(ran_at.astimezone(settings().zone).date()),
            week=format_date(self.then.week),
            weeks=self.weeks,
            before=money(float(self.channels["revenue_then"].sum()), self.currency),
            after=money(float(self.channels["revenue_now"].sum()), self.currency),
        )

    def chart(self) -> Chart:
        """What a yuan brought, then and now, with intervals."""
        parts = [
            self.channels[["channel", f"roas_{when}", f"roas_{when}_low", f"roas_{when}_high"]]
            .set_axis(["channel", "roas", "roas_low", "roas_high"], axis=1)
            .assign(told=told)
            for when, told in (("then", _("Told then")), ("now", _("Told now")))
        ]
        return Chart(
            kind="point",
            data=pd.concat(parts, ignore_index=True),
            x="roas",
            y="channel",
            color="told",
            low="roas_low",
            high="roas_high",
            title=_("Revenue for each yuan of the last year, then and now, with 90% intervals"),
            titles={"roas": _("Revenue for each yuan"), "channel": _("Channel"), "told": _("Told")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The largest change first."""
        return {
            "largest_change_share": float(self.channels["change_share"].iloc[0]),
            "count_outside": len(self.outside),
            "revenue_change": float((self.channels["revenue_now"] - self.channels["revenue_then"]).sum()),
        }

    def remembered(self) -> Mapping[str, Any]:
        """What is told now, for the next run to compare with."""
        return self.now.written()


def last_told(model: ResponseModel) -> Told | None:
    """Return what the last published run of the report told that knew fewer weeks; None where there is none."""
    weeks, known = model.history.weeks, set(model.history.channels)
    for one in remembered(REPORT, ChangeResult):
        told = Told.read(one)
        fewer = told is not None and told.week in weeks and told.week <= weeks[-1] - pd.Timedelta(weeks=1)
        if told and fewer and known & set(told.channels.index):
            return told
    return None


def changes(
    model: ResponseModel,
    *,
    told: Told | None = None,
    weeks: int = 4,
    earlier: ResponseModel | None = None,
    seed: int = 1,
) -> ChangeResult:
    """Compare what the model tells now with what was told when fewer weeks were known.

    Args:
        model: A fitted response model.
        told: What was told then; None: what the model tells without the last weeks.
        weeks: Weeks that are left out where nothing was told.
        earlier: The model without the weeks since; None: it is fitted.
        seed: Seed of the random numbers.

    Returns:
        Returns by channel, then and now, and what of the change the weeks since explain.

    Raises:
        DataError: The weeks before cannot carry the model, or the two models have other channels.
    """
    history = model.history
    last = history.weeks[-1] - pd.Timedelta(weeks=weeks) if told is None else told.week
    left = int((history.weeks <= last).sum())
    again = earlier or fit_response(history.until(left), model.settings, draws=len(model.noise), seed=seed)
    if again.history.channels != history.channels:
        raise DataError(
            _("Channels then: {then}; now: {now}. Only the same channels can be compared.").format(
                then=join(again.history.channels), now=join(history.channels)
            )
        )
    now, without = Told.by(model), Told.by(again)
    then = told or without
    names = [name for name in history.channels if name in then.channels.index]
    frame = _beside(then.channels.loc[names], without.channels.loc[names], now.channels.loc[names])
    out = (frame["marginal_now"] < then.channels.loc[names, "marginal_low"].to_numpy(float)) | (
        frame["marginal_now"] > then.channels.loc[names, "marginal_high"].to_numpy(float)
    )
    order = frame["change_share"].abs().sort_values(ascending=False, kind="stable").index
    return ChangeResult(
        channels=frame.loc[order].reset_index(drop=True),
        then=then,
        now=now,
        weeks=round((now.week - then.week).days / 7),
        outside=tuple(frame["channel"][out]),
        unknown=tuple(name for name in history.channels if name not in names),
        currency=history.currency,
    )


def _beside(then: pd.DataFrame, without: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    ends = ("roas", "roas_low", "roas_high")
    columns = {f"{name.replace('roas', f'roas_{when}')}": told[name] for when, told in (("then", then), ("now", now))
               for name in ends}  # fmt: skip
    frame = pd.DataFrame({"revenue_then": then["revenue"], "revenue_now": now["revenue"], **columns})
    frame["marginal_then"], frame["marginal_now"] = then["marginal"], now["marginal"]
    frame["change_share"] = now["marginal"] / then["marginal"] - 1.0
    frame["weeks_share"] = (now["marginal"] - without["marginal"]) / then["marginal"]
    return frame.rename_axis("channel").reset_index()


def _figures(model: ResponseModel) -> pd.DataFrame:
    """What a channel brought in the last year, and what the next yuan brings, by the model."""
    year = model.history.periods_a_year
    brought = model.weekly(model.history)[..., -year:].sum(axis=2)
    spend = model.history.media.to_numpy(float)[-year:].sum(axis=0)
    roas = brought / np.where(spend > 0, spend, np.nan)
    following = plan_response(model, last_year_pattern(model)).marginal(today_amounts(model).to_numpy(float))
    columns = {"revenue": brought.mean(axis=0)}
    for name, draws in (("roas", roas), ("marginal", following)):
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        columns |= {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns, index=model.history.channels)


def _made(model: ResponseModel) -> str:
    """How a model was made, to be compared with how another one was."""
    return f"{model.settings!r}; lift tests: {len(model.history.lift_tests)}"
