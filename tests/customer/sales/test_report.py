"""The report holds to counts by hand, finds what was simulated, and its interval holds as often as it says."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.office.selling import Shop, brought, entered, finish, read, step

from marketbook.customer.sales import cases, conversion, forecast, promises, reasons, standing
from marketbook.customer.sales.cases import SalesCases
from marketbook.kit.store import at

DAY = date(2026, 6, 30)
STAGES = ("prospect", "qualified", "proposal")


def sale(number: int, status: str, days: Sequence[int], **about: Any) -> dict[str, Any]:
    """Make a row of a sale: entered, and come to each stage, so many days ago; closed on the last day that is said."""
    ago = [DAY - timedelta(one) for one in days]
    closed = status in ("won", "lost")
    reached = ago[:-1] if closed else ago
    found = {
        "opportunity": f"OP-{number:03}", "customer_id": number, "status": status, "source": "visit", "owner": "lin",
        "amount_minor": 100_000, "order_minor": 90_000 if status == "won" else None,
        "lost_reason": "price" if status == "lost" else None, "closed_on": ago[-1] if closed else None,
        "expected_on": DAY + timedelta(9), "contact_by": reached[0] + timedelta(2),
        "contacted_on": reached[0] + timedelta(1), "next_on": None if closed else DAY + timedelta(3),
        "followed_on": None,
    }  # fmt: skip
    moments = dict.fromkeys((f"{name}_at" for name in ("entered", *STAGES[1:])), None)
    for name, day in zip(("entered", *STAGES[1:]), reached, strict=False):
        moments[f"{name}_at"] = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)  # type: ignore[assignment]
    return cases._row({**found, **moments, **about})


SALES = [
    sale(1, "won", (90, 80, 60, 30), followed_on=DAY - timedelta(25)),
    sale(2, "won", (80, 70, 60, 20)),
    sale(3, "won", (50, 40, 30, 3)),
    sale(4, "lost", (80, 70, 60, 10), lost_reason="competitor"),
    sale(5, "lost", (70, 60, 50)),
    sale(6, "lost", (60, 55), contacted_on=DAY - timedelta(56), owner="chen"),
    sale(7, "prospect", (5,), contacted_on=None, next_on=DAY - timedelta(1)),
    sale(8, "qualified", (60, 40), expected_on=DAY - timedelta(1)),
    sale(9, "proposal", (60, 40, 10), next_on=None, amount_minor=300_000),
    sale(10, "prospect", (1,), contacted_on=None, owner="chen"),
]


def made(rows: list[dict[str, Any]], months: int = 12) -> SalesCases:
    return SalesCases(DAY, DAY - timedelta(30 * months), 7, cases.framed(rows))


@pytest.fixture(scope="module")
def found() -> SalesCases:
    return made(SALES)


def test_conversion_counts_what_left_each_stage(found: SalesCases) -> None:
    rows = conversion.convert(found).rows.set_index("stage")
    names = ["count_reached", "count_went", "count_lost", "count_there"]
    assert rows[names].to_numpy().tolist() == [[10, 7, 1, 2], [7, 5, 1, 1], [5, 3, 1, 1], [10, 3, 3, 4]]
    assert rows["on_share"].round(4).tolist() == [0.875, 0.8333, 0.75, 0.5]
    assert rows.loc["proposal", "median_days"] == 30
    assert (rows["on_share_low"].round(4).iloc[-1], rows["on_share_high"].round(4).iloc[-1]) == (0.1876, 0.8124)


def test_conversion_of_nothing_says_so() -> None:
    nothing = conversion.convert(made([]))
    assert nothing.text == "No opportunity was entered since 5 Jul 2025."
    assert nothing.chart() is None
    open_ = conversion.convert(made([sale(1, "prospect", (5,))]))
    assert open_.text.endswith("none was won or lost yet.")


def test_what_is_open_is_counted_by_stage_with_what_is_wrong(found: SalesCases) -> None:
    rows = standing.standing(found).rows.set_index("stage")
    assert rows["count_open"].tolist() == [2, 1, 1]
    assert rows["median_days"].tolist() == [3, 40, 10]
    assert rows["amount_minor"].tolist() == [200_000, 100_000, 300_000]
    assert rows[["count_stalled", "count_overdue", "count_without"]].to_numpy().tolist() == [
        [0, 1, 0], [1, 0, 0], [0, 0, 1],
    ]  # fmt: skip


def test_the_care_list_says_why(found: SalesCases) -> None:
    rows = standing.care_list(found).rows
    assert rows[["opportunity", "why"]].to_numpy().tolist() == [
        ["OP-009", ("without",)], ["OP-007", ("overdue", "contact")], ["OP-008", ("stalled", "expected")],
    ]  # fmt: skip
    fine = standing.care_list(made([sale(1, "prospect", (1,))]))
    assert fine.text.startswith("Every open opportunity")


def test_reasons_are_counted_with_their_sums(found: SalesCases) -> None:
    result = reasons.reasons(found)
    assert result.rows[["code", "count_lost", "amount_minor"]].to_numpy().tolist() == [
        ["price", 2, 200_000], ["competitor", 1, 100_000],
    ]  # fmt: skip
    assert result.numbers() == {"count_won": 3, "count_lost": 3, "order_minor": 270_000}
    assert reasons.reasons(made([])).chart() is None


def test_first_contacts_count_when_made_or_overdue(found: SalesCases) -> None:
    rows = promises.first_contacts(found).rows.set_index("owner")
    assert rows.loc["", ["count_entered", "n_due", "hits"]].tolist() == [10, 9, 7]  # one late, one never, one not due
    assert rows.loc["chen", ["count_entered", "n_due", "hits"]].tolist() == [2, 1, 0]


def test_orders_are_listed_after_seven_days_without_a_follow_up(found: SalesCases) -> None:
    result = promises.orders_alone(found)
    assert result.rows["opportunity"].tolist() == ["OP-002"]  # one was looked after, one is three days old
    assert result.numbers() == {"count_alone": 1, "n_orders": 2}


def test_the_forecast_is_what_the_chances_say() -> None:
    rows = [sale(n, "won", (90, 80, 60, 30), order_minor=80_000) for n in range(4_000)]
    rows += [sale(n, "lost", (90, 80, 60, 30)) for n in range(4_000, 8_000)]
    rows += [sale(n, "proposal", (9, 8, 7)) for n in range(9_000, 9_100)]
    result = forecast.forecast(made(rows))
    assert result.numbers()["expected_minor"] == pytest.approx(100 * 100_000 * 0.5 * 0.8, rel=0.01)
    low, high = result.numbers()["expected_minor_ci"]
    deviation = np.sqrt(100 * 0.25) * 80_000  # of a hundred coins
    assert (high - low) == pytest.approx(2 * 1.2816 * deviation, rel=0.08)


def test_a_forecast_of_few_says_how_little_is_known(found: SalesCases) -> None:
    result = forecast.forecast(found)
    assert len(result.caveats) == 3
    assert forecast.forecast(made([])).text.startswith("No opportunity is open")
    assert forecast.forecast(found).numbers() == result.numbers()


def world(rng: np.random.Generator) -> tuple[SalesCases, float]:
    """Draw a company's year and what its open sales bring in the end."""
    chances = rng.uniform(0.3, 0.9, 3)
    rows, bring = [], 0.0
    for number in range(60):
        amount, ratio = int(rng.lognormal(13, 0.6)), rng.uniform(0.8, 1.1)
        goes = rng.random(3) < chances
        last = 3 if goes.all() else int(np.argmin(goes))
        came = int(rng.integers(0, 3)) if number < 15 else 3  # how far it has come by now
        if came <= last and came < 3:
            rows.append(sale(number, STAGES[came], (9, 8, 7)[: came + 1], amount_minor=amount))
            bring += amount * ratio if last == 3 else 0.0
        elif last == 3:
            rows.append(sale(number, "won", (90, 80, 60, 30), amount_minor=amount, order_minor=round(amount * ratio)))
        else:
            rows.append(sale(number, "lost", (90, 80, 60, 30)[: last + 2], amount_minor=amount))
    return made(rows), bring


def test_the_interval_of_the_forecast_holds_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "DRAWS", 500)
    rng, inside = np.random.default_rng(7), 0
    for _world in range(80):
        known, bring = world(rng)
        low, high = forecast.forecast(known).numbers()["expected_minor_ci"]
        inside += low <= bring <= high
    assert 0.7 <= inside / 80 <= 0.92


def test_it_reads_stages_contacts_and_follow_ups(counter: Shop) -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    with at(start):
        number = brought(counter, "proposal")
    with at(start + timedelta(days=1)):
        finish(counter, number, step(3))
        other = entered(counter)
    with at(start + timedelta(days=20)):
        rows = cases.read_sales(counter.store).sales.set_index("opportunity")
    one, two = (rows.loc[read(counter, each).number] for each in (number, other))
    first = pd.Timestamp(2026, 3, 2)
    assert (one["status"], one["qualified_on"], one["proposal_on"]) == ("proposal", first, first)
    assert (one["contacted_on"], one["next_on"]) == (first + pd.Timedelta(days=1), first + pd.Timedelta(days=4))
    assert two[["qualified_on", "contacted_on", "closed_on"]].isna().all()
