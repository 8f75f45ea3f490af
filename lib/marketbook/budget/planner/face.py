"""What the planner shows: its sliders, and a plan as figures, bars and tables in the reader's language."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from marketbook.budget.planner.planner import MOST, TOTALS, Planned, Planner, Wish
from marketbook.budget.wording import money, ratio
from marketbook.kit.forms.limits import Joint, Together
from marketbook.kit.forms.sliders import Answer, Bar, Face, Sheet, Slider
from marketbook.kit.language import format_month, format_percent, label
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name

WORST = (1.0, 0.5, 0.3, 0.2, 0.1, 0.05)
"""The shares of cases that may count, as the slider of risk stands from left to right."""

_BEYOND_SHARE = 0.05
_WORTH_MOVING = 0.005
_WORTH_SAYING = 0.005


def face(planner: Planner) -> Face:
    """Return what stands around the sliders."""
    first, last = planner.pattern.index[0], planner.pattern.index[0] + pd.Timedelta(days=7 * planner.weeks - 1)
    about = _(
        "The best split of the total from {first} to {last}, by {draws} draws of what each channel brings, learned "
        "from the weeks before. Every move computes it anew; nothing is written until you save."
    ).format(first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}", draws=len(planner.model.effect))
    return Face(
        title=_("What is wanted"),
        about=about,
        bars=_("Spend by channel"),
        colours=[_("Today's split at this total"), _("This plan")],
        groups={"own": _("Limits of single channels")},
        joint=_joint(planner),
    )


def _joint(planner: Planner) -> Joint:
    history = planner.model.history
    return Joint(
        title=_("Limits of channels together"),
        about=_("Choose channels, and what they get together at least and at most in the weeks of the plan."),
        members={name: label(name) for name in history.channels},
        percent=_("% of today"),
        amount=_("yuan") if history.currency == "CNY" else history.currency,
    )


def sliders(planner: Planner, wish: Wish) -> list[Slider]:
    """Return the sliders, as a wish has them."""
    percent, of_today = _("{value}%"), _("{value}% of today")
    channels = planner.model.history.channels
    least, most = _("{channel}, at least"), _("{channel}, at most")
    own = [
        Slider(f"{end}:{place}", text.format(channel=label(name)), low, high, 5, value, of_today, "own", follows=end)
        for place, name in enumerate(channels)
        for end, text, low, high, value in (
            ("lower", least, 0, 100, wish.lower), ("upper", most, 100, MOST, wish.upper),
        )
    ]  # fmt: skip
    return [
        Slider("total", _("Total, of last year's spend"), *TOTALS, 1, wish.total, percent),
        Slider("lower", _("Each channel at least"), 0, 100, 5, wish.lower, of_today),
        Slider("upper", _("Each channel at most"), 100, MOST, 5, wish.upper, of_today),
        Slider(
            "worst", _("Cases that count"), 0, len(WORST) - 1, 1, WORST.index(wish.worst), [_case(one) for one in WORST]
        ),
        *own,
    ]


def wish_of(planner: Planner, values: Mapping[str, float], together: Sequence[Together] = ()) -> Wish:
    """Return the wish that the sliders and limits stand for."""
    own = {}
    for place, name in enumerate(planner.model.history.channels):
        lower, upper = values.get(f"lower:{place}"), values.get(f"upper:{place}")
        if lower is not None or upper is not None:
            own[name] = (
                values["lower"] if lower is None else lower,
                values["upper"] if upper is None else upper,
            )
    return Wish(values["total"], values["lower"], values["upper"], own, WORST[int(values["worst"])], tuple(together))


def values_of(planner: Planner, wish: Wish) -> dict[str, float]:
    """Return where the sliders stand for a wish."""
    places = {name: place for place, name in enumerate(planner.model.history.channels)}
    own = {
        f"{end}:{places[name]}": ends[which]
        for name, ends in wish.own.items()
        for which, end in enumerate(("lower", "upper"))
        if name in places
    }
    worst = float(WORST.index(wish.worst))
    return {"total": wish.total, "lower": wish.lower, "upper": wish.upper, "worst": worst, **own}


def answer(planner: Planner, found: Planned) -> Answer:
    """Return a plan as it is drawn."""
    rows, groups = found.channels.to_dict("records"), found.groups.to_dict("records")
    currency = planner.model.history.currency

    def of(amount: float) -> str:
        return by_name("amount", amount, currency=currency)

    return Answer(
        told=_told(found, currency),
        figures=_figures(planner, found, currency),
        bars=[
            *(_bar(label(row["channel"]), row, found.total) for row in rows),
            *(_bar(row["group"], row, found.total) for row in groups),
        ],
        sheets=[
            Sheet(
                _("The plan by channel"),
                [_("Channel"), _("Today's split"), _("This plan"), _("Change"), _("Note")],
                [
                    [label(row["channel"]), of(row["today"]), of(row["planned"]), _change(row), _note(row)]
                    for row in rows
                ],
                words=(4,),
            ),
            *([_together(found, currency)] if groups else []),
            _periods(found, currency),
        ],
        notes=_notes(found),
    )


def _bar(title: str, row: Mapping[Hashable, Any], total: float) -> Bar:
    return Bar(title, [row["today"], row["planned"]], row["least"], min(row["most"], max(total, row["planned"])))


def _together(found: Planned, currency: str) -> Sheet:
    """Channels that have a limit together, and which of the limits holds."""

    def of(amount: float) -> str:
        return by_name("amount", amount, currency=currency) if 0 < amount < np.inf else ""

    rows = [
        [row["group"], *(of(row[name]) for name in ("today", "planned", "least", "most")), _note(row)]
        for row in found.groups.to_dict("records")
    ]
    columns = [_("Channels together"), _("Today's split"), _("This plan"), _("At least"), _("At most"), _("Note")]
    return Sheet(_("Limits of channels together"), columns, rows, words=(5,))


def _case(share: float) -> str:
    return _("all cases") if share >= 1 else _("the worst {share}").format(share=format_percent(share, decimals=0))


def _told(found: Planned, currency: str) -> str:
    moved = (found.channels["planned"] - found.channels["today"]).clip(lower=0).sum()
    if moved < _WORTH_MOVING * found.total:
        return _("Within these limits no other split brings noticeably more than today's.")
    return _(
        "The plan brings {gain} more than today's split at the same total (90% interval {low} to {high}); the chance "
        "that it brings more is {chance}."
    ).format(
        gain=money(found.gain, currency),
        low=money(found.gain_ci[0], currency),
        high=money(found.gain_ci[1], currency),
        chance=by_name("share", found.beats_today),
    )


def _figures(planner: Planner, found: Planned, currency: str) -> list[tuple[str, str]]:
    low, high = (money(end, currency) for end in found.revenue_ci)
    interval = _("{low} to {high}").format(low=low, high=high)
    return [
        (_("Total in {weeks} weeks").format(weeks=planner.weeks), by_name("amount", found.total, currency=currency)),
        (_("A week on average"), by_name("amount", found.total / planner.weeks, currency=currency)),
        (_("Revenue from it"), money(found.revenue, currency)),
        (_("90% interval"), interval),
        (_("In the worst tenth of cases"), money(found.worst_tenth, currency)),
        (_("The last yuan brings"), _("{yuan} yuan").format(yuan=ratio(found.price))),
    ]


def _periods(found: Planned, currency: str) -> Sheet:
    """Month by month, all channels together: what the plan spends, and what it has spent up to then."""
    months = found.months.sum(axis=1)
    rows = [
        [format_month(date.fromisoformat(f"{month}-01")), *(by_name("amount", one, currency=currency) for one in two)]
        for month, *two in zip(months.index, months, months.cumsum(), strict=True)
    ]
    return Sheet(_("The plan by month"), [_("Month"), _("This plan"), _("Up to then")], rows)


def _change(row: Mapping[Hashable, Any]) -> str:
    change = round(100 * (row["planned"] / row["today"] - 1)) if row["today"] > 0 else 0
    return f"{change:+d}%" if change else ""


def _note(row: Mapping[Hashable, Any]) -> str:
    near = 1e-6 * max(row["planned"], 1.0)
    parts = []
    if row["most"] - row["least"] <= near:
        parts.append(_("fixed"))
    elif row["planned"] >= row["most"] - near:
        parts.append(_at_limit(_("at its upper limit"), row["room"]))
    elif row["planned"] <= row["least"] + near:
        parts.append(_at_limit(_("at its lower limit"), row["room"]))
    if row.get("beyond", 0.0) > _BEYOND_SHARE:
        parts.append(_("beyond what was ever spent"))
    return _("; ").join(parts)


def _at_limit(where: str, room: float) -> str:
    """Say what one more yuan of room would bring, where it is worth a fen."""
    if abs(room) < _WORTH_SAYING:
        return where
    return _("{where} (another yuan of room: {worth} yuan)").format(where=where, worth=ratio(abs(room)))


def _notes(found: Planned) -> Sequence[str]:
    beyond = [label(row["channel"]) for row in found.channels.to_dict("records") if row["beyond"] > _BEYOND_SHARE]
    told = [_("Weekly spend keeps last year's pattern; effects beyond the weeks of carry-over are not counted.")]
    if beyond:
        text = _("Beyond spend ever seen, curves follow from their assumed form: {channels}. Test it first.")
        told.append(text.format(channels=_(", ").join(beyond)))
    return told
