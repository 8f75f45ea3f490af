"""The forecast: what the open sales are worth, weighted by how often such sales were won, with an honest interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.customer.sales.cases import SalesCases
from marketbook.customer.sales.conversion import went_on
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.office.opportunity import OPEN
from marketbook.office.opportunity_rules import OPPORTUNITY

DRAWS = 4_000
"""How many worlds are drawn."""

FEW = 10
"""From fewer sales that left a stage little is known of it, which is said."""


@dataclass(frozen=True)
class Forecast(Result):
    """What the open sales may bring.

    Attributes:
        cases: The sales.
        level: How often the interval should hold the sum that comes.
        rows: One row per stage and one, the last, of all: `stage`, `count_open`, `amount_minor` (as estimated),
            `won_share` (how often such sales are won), `expected_minor`, with its interval `expected_minor_low` and
            `expected_minor_high`.
        n_left: How many sales left each stage, from which the shares are known.
        n_orders: From how many orders it is known how far they are from their estimates.
    """

    cases: SalesCases = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    n_left: tuple[int, ...]
    n_orders: int
    titles: ClassVar[Mapping[str, str]] = {
        "stage": mark("Stage"),
        "count_open": mark("Open opportunities"),
        "amount_minor": mark("Estimated amount"),
        "won_share": mark("Chance of an order"),
        "expected_minor": mark("Forecast"),
        "expected_minor_low": mark("Forecast, low"),
        "expected_minor_high": mark("Forecast, high"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Forecast of orders")

    @property
    def text(self) -> str:
        """The sum with its interval, and what was estimated."""
        found = self.numbers()
        if not found["count_open"]:
            return _("No opportunity is open, so nothing is to be expected of any.")
        return _(
            "The {count} open opportunities, estimated at {amount}, should bring {expected}; in {level} of such "
            "pipelines it is between {low} and {high}."
        ).format(
            count=format_integer(found["count_open"]), level=by_name("share", self.level),
            amount=by_name("cost_minor", found["amount_minor"]),
            expected=by_name("cost_minor", found["expected_minor"]),
            low=by_name("cost_minor", found["expected_minor_ci"][0]),
            high=by_name("cost_minor", found["expected_minor_ci"][1]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per stage, and one of all."""
        names = [*(OPPORTUNITY.called(one).capitalize() for one in OPEN), _("All together")]
        return self.rows.assign(stage=names)[list(self.titles)]

    @property
    def caveats(self) -> Sequence[str]:
        """From how much it is known, and what is left out."""
        told = [
            _("A sale's chance is that of its stage, whoever sells it. The interval holds what is not known of the "
              "chances and the luck of each sale; it does not hold a change of the market. Sales without an amount "
              "count nothing, and those still to come are not in it."),
        ]  # fmt: skip
        if min(self.n_left) < FEW:
            told.append(
                _("Only {n} opportunities left one of the stages: of its chance little is known.").format(
                    n=min(self.n_left)
                )
            )
        if self.n_orders < FEW:
            told.append(
                _("From {n} orders it is not known how far orders are from their estimates; estimates are taken as "
                  "they are.").format(n=self.n_orders)
            )  # fmt: skip
        return told

    def chart(self) -> Chart | None:
        """What each stage should bring, with intervals."""
        if not self.rows["count_open"].iloc[-1]:
            return None
        names = ["stage", "expected_minor", "expected_minor_low", "expected_minor_high"]
        return Chart(
            kind="point", data=self.table[names], x="expected_minor", y="stage", low="expected_minor_low",
            high="expected_minor_high", title=_("What the open opportunities should bring"),
            titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The sum with its interval."""
        whole = self.rows.iloc[-1]
        return {
            "expected_minor": int(whole["expected_minor"]),
            "expected_minor_ci": (int(whole["expected_minor_low"]), int(whole["expected_minor_high"])),
            "amount_minor": int(whole["amount_minor"]),
            "count_open": int(whole["count_open"]),
        }

    def behind(self) -> Behind:
        """The open sales; the chances stand on those of the months."""
        every = Rows("opportunities")
        still = every.among("status", OPEN)
        return Behind(whole=still, table=[*(every.being(status=one) for one in OPEN), still])


def forecast(cases: SalesCases, *, level: float = 0.8, seed: int = 1) -> Forecast:
    """Forecast what the open sales bring.

    Worlds are drawn: the chance of each stage from what is known of it (Beta with Jeffreys' prior), then each sale as
    won or not, then how far its order is from its estimate (one of the orders that there were).

    Args:
        cases: The sales.
        level: How often the interval should hold the sum that comes.
        seed: Of the draws.

    References:
        Brown, Cai and DasGupta (2001), Interval estimation for a binomial proportion, Statistical Science 16, on
        Jeffreys' prior.
    """
    rng = np.random.default_rng(seed)
    left = [_left(cases, stage) for stage in OPEN]
    chances = np.column_stack([rng.beta(on + 0.5, lost + 0.5, DRAWS) for on, lost in left])
    won = np.cumprod(chances[:, ::-1], axis=1, dtype=np.float64)[:, ::-1].astype(np.float64)
    ratios = _ratios(cases)
    sums = np.column_stack([_drawn(rng, _amounts(cases, stage), won[:, n], ratios) for n, stage in enumerate(OPEN)])
    rows = [_row(cases, (stage,), won[:, n], sums[:, n], level) for n, stage in enumerate(OPEN)]
    rows.append(_row(cases, OPEN, None, sums.sum(axis=1), level))
    n_left = tuple(on + lost for on, lost in left)
    return Forecast(cases, level, pd.DataFrame(rows), n_left, len(ratios) if len(ratios) > 1 else 0)


def _left(cases: SalesCases, stage: str) -> tuple[int, int]:
    """Return how many went on from a stage and were lost there, of those entered in the months."""
    on, lost = went_on(cases.entered, stage)
    return int(on.sum()), int(lost.sum())


def _ratios(cases: SalesCases) -> NDArray[np.float64]:
    """Return how many times its estimate each order was; 1 where that is not known of enough orders."""
    won = cases.closed[cases.closed["status"].eq("won") & cases.closed["amount_minor"].notna()]
    found = won["order_minor"].to_numpy(np.float64) / won["amount_minor"].to_numpy(np.float64)
    return found if len(found) >= FEW else np.ones(1)


def _amounts(cases: SalesCases, stage: str) -> NDArray[np.float64]:
    own = cases.open[cases.open["status"].eq(stage)]["amount_minor"].dropna()
    return own.to_numpy(np.float64)


def _drawn(
    rng: np.random.Generator, amounts: NDArray[np.float64], won: NDArray[np.float64], ratios: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum of the orders in each world."""
    shape = (DRAWS, len(amounts))
    orders = rng.random(shape) < won[:, None]
    total: NDArray[np.float64] = (orders * amounts * rng.choice(ratios, shape)).sum(axis=1)
    return total


def _row(
    cases: SalesCases, stages: Sequence[str], won: NDArray[np.float64] | None, sums: NDArray[np.float64], level: float
) -> dict[str, Any]:
    own = cases.open[cases.open["status"].isin(stages)]
    tail = (1 - level) / 2
    low, high = np.quantile(sums, [tail, 1 - tail])
    return {
        "stage": stages[0] if won is not None else "all", "count_open": len(own),
        "amount_minor": int(own["amount_minor"].fillna(0).sum()),
        "won_share": float(won.mean()) if won is not None else np.nan, "expected_minor": round(float(sums.mean())),
        "expected_minor_low": round(float(low)), "expected_minor_high": round(float(high)),
    }  # fmt: skip
