"""What was learned: each channel's return as believed before the data, and as found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.budget.response.model import ResponseModel, prior_response
from marketbook.budget.wording import join
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_LITTLE = 0.25


@dataclass(frozen=True)
class LearnedResult(Result):
    """Returns before and after the data.

    Attributes:
        channels: One row for each channel: `channel`, `prior` and `roas` (what a yuan brings, before and after the
            data), each with its 90 % interval (`_low`, `_high`), and `learned_share`, by how much the interval shrank.
    """

    channels: pd.DataFrame
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "prior": mark("A yuan brings, before"),
        "prior_low": mark("Low end"),
        "prior_high": mark("High end"),
        "roas": mark("A yuan brings, after"),
        "roas_low": mark("Low end"),
        "roas_high": mark("High end"),
        "learned_share": mark("Interval is narrower by"),
        "least_learned_share": mark("Least that was learned of a channel"),
        "most_learned_share": mark("Most that was learned of a channel"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What the data add to what was believed")

    @property
    def text(self) -> str:
        """The channel of which most and of which least was learned."""
        least, most = self._ends
        return _(
            "Most was learned of {most}, whose 90% interval is {most_share} narrower than before the data; least of "
            "{least} ({least_share})."
        ).format(
            most=label(most["channel"]),
            most_share=by_name("share", most["learned_share"]),
            least=label(least["channel"]),
            least_share=by_name("share", least["learned_share"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """Which channels rest on what was believed."""
        little = self.channels.loc[self.channels["learned_share"] < _LITTLE, "channel"]
        if little.empty:
            return []
        return [
            _(
                "The data say little of {channels} (interval less than {limit} narrower): these figures rest on what "
                "was believed before, and a lift test there teaches most."
            ).format(channels=join([label(channel) for channel in little]), limit=by_name("share", _LITTLE))
        ]

    def chart(self) -> Chart:
        """Returns before beside returns after the data."""
        ends = ["", "_low", "_high"]
        parts = [
            self.channels[["channel", *(f"{name}{end}" for end in ends)]]
            .set_axis(["channel", "roas", "roas_low", "roas_high"], axis=1)
            .assign(series=told)
            for name, told in (("prior", _("Before the data")), ("roas", _("After the data")))
        ]
        return Chart(
            kind="point",
            data=pd.concat(parts, ignore_index=True),
            x="roas",
            y="channel",
            color="series",
            low="roas_low",
            high="roas_high",
            title=_("Revenue for each yuan before and after the data, with 90% intervals"),
            titles={"roas": _("Revenue for each yuan"), "channel": _("Channel"), "series": _("Series")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """How much was learned of the channel known least, first."""
        least, most = self._ends
        return {"least_learned_share": least["learned_share"], "most_learned_share": most["learned_share"]}

    @property
    def _ends(self) -> tuple[pd.Series, pd.Series]:
        learned = self.channels["learned_share"]
        return self.channels.iloc[int(learned.argmin())], self.channels.iloc[int(learned.argmax())]


def learned(model: ResponseModel, *, seed: int = 1) -> LearnedResult:
    """Compare what a yuan brings before and after the data, over the whole history.

    Args:
        model: A fitted response model.
        seed: Seed of the draws from the prior.

    Returns:
        Returns by channel with 90 % intervals.
    """
    history = model.history
    before = prior_response(history, model.settings, draws=2000, seed=seed)
    paid = history.media.sum().to_numpy(float)
    columns: dict[str, Any] = {"channel": history.channels}
    for name, found in {"prior": before, "roas": model}.items():
        draws = found.weekly(history).sum(axis=2) / paid
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        columns |= {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    frame = pd.DataFrame(columns)
    width = (frame["roas_high"] - frame["roas_low"]) / (frame["prior_high"] - frame["prior_low"])
    return LearnedResult(frame.assign(learned_share=1.0 - width), currency=history.currency)
