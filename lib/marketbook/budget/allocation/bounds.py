"""Bounds of a plan, by channel and by group of channels, in amounts or in percent of today; and which of them clash."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from marketbook.budget.allocation.quadratic import Constraints
from marketbook.budget.wording import join
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Channels that have a least and a most together, in currency over the horizon."""

    name: str
    channels: tuple[str, ...]
    lower: float
    upper: float


@dataclass(frozen=True)
class Bounds:
    """Least and most of each channel over the horizon, in currency, indexed by channel; and of groups of channels."""

    lower: pd.Series
    upper: pd.Series
    groups: tuple[Group, ...] = ()

    def grouped(self, *groups: Group) -> "Bounds":
        """Return the bounds with more groups."""
        return replace(self, groups=(*self.groups, *groups))


def percent_bounds(
    today: pd.Series, lower: float, upper: float, *, fixed: Sequence[str] = (),
    own: Mapping[str, Sequence[float]] | None = None,
) -> Bounds:  # fmt: skip
    """Return bounds as percent of today's spend.

    Args:
        today: Spend over the horizon, by channel.
        lower: Percent of today's that every channel keeps at least.
        upper: Percent of today's that none exceeds.
        fixed: Channels that keep today's spend.
        own: Channels with a least and a most of their own, in percent.

    Raises:
        ParamsError: A channel is not known.
    """
    own = dict(own or {})
    _check_known("fixed_channels", fixed, today)
    _check_known("channel_bounds_percent", list(own), today)
    ends = {name: own.get(name, (100, 100) if name in fixed else (lower, upper)) for name in today.index}
    least, most = (pd.Series({name: two[end] for name, two in ends.items()}, dtype=float) / 100 for end in (0, 1))
    return Bounds(today * least, today * most)


def percent_group(today: pd.Series, name: str, channels: Sequence[str], lower: float, upper: float) -> Group:
    """Return a group's bounds as percent of what its channels spend today.

    Raises:
        ParamsError: A channel is not known.
    """
    _check_known(name, channels, today)
    spent = float(today[list(channels)].sum())
    return Group(name, tuple(channels), spent * lower / 100, spent * upper / 100)


def amount_group(today: pd.Series, name: str, channels: Sequence[str], lower: float, upper: float) -> Group:
    """Return a group's bounds in currency over the horizon.

    Raises:
        ParamsError: A channel is not known.
    """
    _check_known(name, channels, today)
    return Group(name, tuple(channels), lower, upper)


def _check_known(name: str, given: Sequence[str], today: pd.Series) -> None:
    unknown = sorted(set(given) - set(today.index))
    if unknown:
        raise ParamsError(
            _("{name}: {unknown} unknown; the channels are {known}.").format(
                name=name, unknown=join(unknown), known=join([str(one) for one in today.index])
            )
        )


def constraints(bounds: Bounds, channels: list[str], total: float, *, currency: str) -> Constraints:
    """Return what a plan of a total must meet; its first row is the total, then come the groups.

    Raises:
        ParamsError: Bounds are missing or cross, or cannot be met together; the message says which clash.
    """
    lower, upper = bounds.lower.reindex(channels), bounds.upper.reindex(channels)
    bounds = replace(bounds, lower=lower, upper=upper)
    _check_order(lower, upper, bounds.groups)
    most = np.minimum(upper.to_numpy(float), max(total, float(lower.max())))
    rows = [np.ones(len(channels)), *(np.isin(channels, group.channels).astype(float) for group in bounds.groups)]
    ends = [(total, total), *((group.lower, min(group.upper, max(total, group.lower))) for group in bounds.groups)]
    found = Constraints(lower.to_numpy(float), most, np.array(rows), *np.array(ends, dtype=float).T)
    _check_sums(lower, upper, total, currency)
    clash = clashing(found) if bounds.groups else []
    if clash:
        raise ParamsError(
            _("These limits cannot be met together: {limits}. Loosen one of them.").format(
                limits=join(list(_named(clash, bounds, channels, total, currency)))
            )
        )
    return found


def _check_order(lower: pd.Series, upper: pd.Series, groups: Sequence[Group]) -> None:
    crossed = [label(name) for name in lower.index[(lower > upper) | lower.isna() | upper.isna() | (lower < 0)]]
    crossed += [group.name for group in groups if not 0 <= group.lower <= group.upper]
    if crossed:
        raise ParamsError(
            _("Bounds of {channels}: the least must be given, >= 0 and not above the most.").format(
                channels=join(crossed)
            )
        )


def _check_sums(lower: pd.Series, upper: pd.Series, total: float, currency: str) -> None:
    slack = 1e-9 * total
    if lower.sum() > total + slack:
        told = _(
            "The least of all channels adds up to {sum}, above the total of {total}; lower the least (the largest: "
            "{channels}) or raise the total."
        )
        raise ParamsError(_summed(told, lower, total, currency))
    if upper.sum() < total - slack:
        told = _(
            "The most of all channels adds up to {sum}, below the total of {total}; raise the most (the largest: "
            "{channels}) or lower the total."
        )
        raise ParamsError(_summed(told, upper, total, currency))


def _summed(told: str, amounts: pd.Series, total: float, currency: str) -> str:
    of = {name: by_name("amount", amount, currency=currency) for name, amount in
          {"sum": float(amounts.sum()), "total": total}.items()}  # fmt: skip
    return told.format(**of, channels=largest(amounts, 3))


def clashing(allowed: Constraints) -> list[tuple[str, int]]:
    """Return bounds that cannot be met together; nothing where all can.

    Args:
        allowed: What amounts must meet.

    Returns:
        Kind (`lower`, `upper`: of an amount; `least`, `most`: of a row) and position of each. Leaving out any of them
        would do: they are a certificate in the sense of Farkas' lemma.
    """
    scale = max(float(np.abs(allowed.upper).max()), float(np.abs(allowed.most).max()), 1e-300)
    own = np.eye(len(allowed.lower))
    left = np.vstack([-own, own, -allowed.rows, allowed.rows])
    right = np.concatenate([-allowed.lower, allowed.upper, -allowed.least, allowed.most]) / scale
    cost = np.concatenate([np.zeros(len(own)), np.ones(len(right))])
    free = [(None, None)] * len(own) + [(0, None)] * len(right)
    found = linprog(cost, A_ub=np.hstack([left, -np.eye(len(right))]), b_ub=right, bounds=free, method="highs")
    if found.fun < 1e-8:
        return []
    kinds = [(kind, place) for kind, count in
             (("lower", len(own)), ("upper", len(own)), ("least", len(allowed.rows)), ("most", len(allowed.rows)))
             for place in range(count)]  # fmt: skip
    return [kind for kind, weight in zip(kinds, found.ineqlin.marginals, strict=True) if weight < -1e-9]


def _named(
    clash: Sequence[tuple[str, int]], bounds: Bounds, channels: Sequence[str], total: float, currency: str
) -> Iterator[str]:
    for kind, place in clash:
        of_row = kind in ("least", "most")
        if of_row and place == 0:
            yield _("the total of {amount}").format(amount=by_name("amount", total, currency=currency))
            continue
        group = bounds.groups[place - 1] if of_row else None
        ends = (group.lower, group.upper) if group else (bounds.lower.iloc[place], bounds.upper.iloc[place])
        least = kind in ("lower", "least")
        told = _("at least {amount} for {name}") if least else _("at most {amount} for {name}")
        name = group.name if group else label(channels[place])
        yield told.format(amount=by_name("amount", float(ends[0 if least else 1]), currency=currency), name=name)


def largest(amounts: pd.Series, count: int = 2) -> str:
    """Name the channels with the largest amounts, and say whether others matter, too."""
    found = amounts[amounts > 0.02 * amounts.clip(lower=0).sum()].sort_values(ascending=False)
    names = [label(name) for name in found.index[:count]]
    return join(names) if len(found) <= count else _("{names} and others").format(names=_(", ").join(names))
