"""What is wanted of an allocation, from what people write: limits of channels and groups, risk, and a target."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from marketbook.budget.allocation.bounds import Bounds, Group, amount_group, percent_bounds, percent_group
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.target import Target
from marketbook.budget.wording import join
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

LIMIT = re.compile(
    r"(?P<channels>[^=]+)=\s*(?P<low>\d+(\.\d+)?)(?P<percent>%?)\s*-\s*(?P<high>\d+(\.\d+)?)(?P<unit>%?)\s*"
)
"""`抖音=50%-200%`, or of channels together: `抖音+小红书=5000000-8000000`."""
TARGET = re.compile(r"\s*(?P<kind>roas|last_yuan|order_cost)\s*=\s*(?P<value>\d+(\.\d+)?)\s*")
"""`roas=2`, `last_yuan=1.5` or `order_cost=40`."""


@dataclass(frozen=True)
class Wanted:
    """What an allocation has to meet, and what it makes highest."""

    bounds: Bounds
    objective: Objective
    target: Target | None


def wanted(
    today: pd.Series,
    percent: Sequence[float],
    limits: Sequence[str],
    *,
    worst_share: float = 1.0,
    target: str = "",
    order_value: float | None = None,
) -> Wanted:
    """Read what is wanted.

    Args:
        today: Spend over the horizon, by channel.
        percent: Least and most of every channel, in percent of today's.
        limits: Of single channels in their place, and of channels together beside them, as `LIMIT` writes them.
        worst_share: The share of cases that counts; 1 for all.
        target: As `TARGET` writes it; empty for none.
        order_value: Revenue of an order, for a target of its cost.

    Raises:
        ParamsError: A channel is not known, or orders were not counted.

    Example:
        >>> today = pd.Series({"a": 60.0, "b": 40.0})
        >>> found = wanted(today, [70, 130], ["a=0%-200%", "a+b=90-100"], worst_share=0.1, target="roas=2")
        >>> found.bounds.upper.tolist(), found.bounds.groups[0].upper, found.objective.kind, found.target.at_least
        ([120.0, 52.0], 100.0, 'cvar', 2.0)
    """
    bounds, groups = percent_bounds(today, percent[0], percent[1]), []
    for limit in limits:
        channels, low, high, in_percent = _read(limit, today)
        if len(channels) > 1:
            groups.append(_group(today, channels, low, high, in_percent=in_percent))
        else:
            unit = float(today[channels[0]]) / 100 if in_percent else 1.0
            bounds.lower[channels[0]], bounds.upper[channels[0]] = low * unit, high * unit
    bounds = bounds.grouped(*groups)
    objective = Objective() if worst_share >= 1 else Objective("cvar", worst_share)
    return Wanted(bounds, objective, _target(target, order_value))


def _read(limit: str, today: pd.Series) -> tuple[list[str], float, float, bool]:
    found = LIMIT.fullmatch(limit)
    if found is None or found["percent"] != found["unit"]:
        raise ParamsError(
            _("limits: {found!r}; write a channel, or several joined by +, then = and two amounts or percents.").format(
                found=limit
            )
        )
    channels = [name.strip() for name in found["channels"].split("+")]
    unknown = [name for name in channels if name not in today.index]
    if unknown:
        raise ParamsError(
            _("{name}: {unknown} unknown; the channels are {known}.").format(
                name="limits", unknown=join(unknown), known=join([str(name) for name in today.index])
            )
        )
    return channels, float(found["low"]), float(found["high"]), bool(found["unit"])


def _group(today: pd.Series, channels: Sequence[str], low: float, high: float, *, in_percent: bool) -> Group:
    made = percent_group if in_percent else amount_group
    return made(today, " + ".join(channels), channels, low, high)


def _target(written: str, order_value: float | None) -> Target | None:
    if not written:
        return None
    found = TARGET.fullmatch(written)
    if found is None:
        raise ParamsError(_("target: {found!r}; write roas=2, last_yuan=1.5 or order_cost=40.").format(found=written))
    value = float(found["value"])
    if found["kind"] == "order_cost":
        if order_value is None:
            raise ParamsError(_("target: orders were not counted, so what one costs cannot be a target."))
        return Target.of_cost(value, revenue_each=order_value)
    return Target("roas" if found["kind"] == "roas" else "marginal_roas", value)
