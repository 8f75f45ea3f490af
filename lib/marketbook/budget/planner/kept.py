"""A plan as it is kept as a scenario: what was asked, what was answered, in fen; and read again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from marketbook.budget.planner.planner import Planned, Planner, Wish
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.limits import Together
from marketbook.kit.language import gettext as _

NOTEBOOK = "budget/plan-allocation"
"""The notebook under whose name plans are kept."""


@dataclass(frozen=True)
class Effect:
    """What a plan brings above today's split at its total, in fen, with its 90 % interval."""

    gain: int
    low: int
    high: int


@dataclass(frozen=True)
class KeptPlan:
    """A plan that was kept; amounts in fen.

    Attributes:
        number: The scenario's.
        name: What it is called.
        first_day, last_day: The days that it covers.
        asked: Percent of last year's spend, least and most of the channels in percent, share of cases that counts.
        own: Channels with a least and a most of their own, in percent.
        together: Limits of channels together, in percent or in fen.
        channels: One row for each: `channel`, `today_minor`, `planned_minor`, `least_minor`, `most_minor`, `beyond_bp`.
        months: Months x channels, in fen.
        revenue: Expected revenue, and its interval.
        effect: What it gains.
        careful: The mean of the worst tenth of cases.
        beats_today: Chance that it brings more than today's split.
        regret: What is lost on average over all cases where today's split would have been better.
        currency: ISO code.
    """

    number: int
    name: str
    first_day: date
    last_day: date
    asked: Mapping[str, float]
    own: Mapping[str, tuple[float, float]]
    together: Sequence[Together]
    channels: pd.DataFrame
    months: pd.DataFrame
    revenue: tuple[int, int, int]
    effect: Effect
    careful: int
    beats_today: float
    regret: int
    currency: str

    def wish(self, channels: Sequence[str]) -> Wish:
        """Return what was wanted, as far as its channels are still there."""
        return Wish(
            total=self.asked["total_percent"],
            lower=self.asked["lower_percent"],
            upper=self.asked["upper_percent"],
            own={name: ends for name, ends in self.own.items() if name in channels},
            worst=self.asked["worst_share"],
            together=tuple(one for one in self.together if set(one.members) <= set(channels)),
        )

    @property
    def total(self) -> int:
        """What it spends, in fen."""
        return int(self.channels["planned_minor"].sum())


def asked_of(planner: Planner, planned: Planned) -> dict[str, Any]:
    """Return what was asked, as JSON."""
    wish, history = planned.wish, planner.model.history
    return {
        "weeks": planner.weeks,
        "total_percent": wish.total,
        "lower_percent": wish.lower,
        "upper_percent": wish.upper,
        "channel_percent": {name: list(ends) for name, ends in wish.own.items()},
        "group_limits": [asdict(one) for one in wish.together],
        "worst_share": wish.worst,
        "history_from": f"{history.weeks[0]:%Y-%m-%d}",
        "history_to": f"{history.weeks[-1]:%Y-%m-%d}",
    }


def answered_of(planner: Planner, planned: Planned) -> dict[str, Any]:
    """Return what was answered, as JSON; amounts in fen."""
    months = _whole(planned.months)
    spent = months.sum()
    channels = [
        {
            "channel": row["channel"],
            "today_minor": _fen(row["today"]),
            "planned_minor": int(spent[row["channel"]]),
            "least_minor": _fen(row["least"]),
            "most_minor": _fen(row["most"]),
            "beyond_bp": round(10_000 * row["beyond"]),
        }
        for row in planned.channels.to_dict("records")
    ]
    first = planner.pattern.index[0].date()
    return {
        "currency": planner.model.history.currency,
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=7 * planner.weeks - 1)).isoformat(),
        "channels": channels,
        "months": {month: {name: int(amount) for name, amount in row.items()} for month, row in months.T.items()},
        "revenue_minor": [_fen(amount) for amount in (planned.revenue, *planned.revenue_ci)],
        "gain_minor": [_fen(amount) for amount in (planned.gain, *planned.gain_ci)],
        "careful_minor": _fen(planned.worst_tenth),
        "beats_today_share": round(planned.beats_today, 4),
        "regret_minor": _fen(planned.regret),
    }


def read(number: int, name: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> KeptPlan:
    """Read a plan that was kept.

    Raises:
        RecordError: The scenario holds no plan of the planner.
    """
    try:
        return KeptPlan(
            number=number,
            name=name,
            first_day=date.fromisoformat(answered["first_day"]),
            last_day=date.fromisoformat(answered["last_day"]),
            asked={key: asked[key] for key in ("total_percent", "lower_percent", "upper_percent", "worst_share")},
            own={channel: (float(ends[0]), float(ends[1])) for channel, ends in asked["channel_percent"].items()},
            together=[_limit(one) for one in asked.get("group_limits", [])],
            channels=pd.DataFrame(answered["channels"]),
            months=pd.DataFrame(answered["months"]).T,
            revenue=tuple(answered["revenue_minor"]),
            effect=Effect(*answered["gain_minor"]),
            careful=answered["careful_minor"],
            beats_today=answered["beats_today_share"],
            regret=answered["regret_minor"],
            currency=answered["currency"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(_("Scenario {number} holds no plan of the planner.").format(number=number)) from error


def _limit(kept: Mapping[str, Any]) -> Together:
    return Together(tuple(kept["members"]), kept["least"], kept["most"], in_percent=kept["in_percent"])


def _fen(amount: float) -> int:
    return round(100 * float(amount))


def _whole(months: pd.DataFrame) -> pd.DataFrame:
    """Round to whole fen so that each channel's months add up to its rounded sum."""
    grown = np.rint(100 * months.to_numpy(float).cumsum(axis=0)).astype(np.int64)
    return pd.DataFrame(np.diff(grown, axis=0, prepend=0), months.index, months.columns)
