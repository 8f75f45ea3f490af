"""Transactions: who orders when, what is in the basket, what comes back; weeks add up to what moved them."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marketbook.demo.campaigns import Enrolment, reached
from marketbook.demo.company import (
    CATEGORIES,
    DAYS,
    FIRST_MONDAY,
    GREAT_SALES,
    SALES_CHANNEL_SHARES,
    SALES_CHANNELS,
    TRANSACTIONS,
    WEEKS,
    Floats,
    IntArray,
    weeks_of,
)
from marketbook.demo.customers import KINDS, TASTES, YEAR, People, by_kind
from marketbook.demo.draws import apportion, pick, rounded, whole
from marketbook.demo.ledger import Ledger
from marketbook.demo.plans import PLANS
from marketbook.demo.sales import Weeks

REFUNDS_PER_MILLE = 18
LINES_PER_ORDER = 1.7
WEEKDAYS = (132, 130, 130, 133, 142, 168, 165)
HOURS = (16, 8, 4, 3, 3, 5, 12, 24, 38, 52, 60, 58, 56, 52, 50, 50, 52, 54, 58, 72, 92, 98, 76, 40)
PEAKS = ("06-01", "06-18", "11-01", "11-11", "12-12", "03-08")


@dataclass(frozen=True)
class Buying:
    """How the orders were spread.

    Attributes:
        raised: By what share each campaign raised each week's orders, campaigns by weeks.
        expected: Orders expected of each customer in 2025.
    """

    raised: Floats
    expected: Floats


def draw(rng: np.random.Generator, people: People, weeks: Weeks, enrolments: list[Enrolment]) -> tuple[Ledger, Buying]:
    """Draw every order, its lines and refunds, so that there are exactly 500,000 rows at size 1."""
    rows = round(TRANSACTIONS * weeks.size)
    refunds = rows * REFUNDS_PER_MILLE // 1000
    n_orders = round((rows - refunds) / LINES_PER_ORDER)
    customer, week, buying = _buyers(rng, people, weeks, enrolments, n_orders)
    second = _moments(rng, people, customer, week)
    order = np.lexsort((customer, second))
    ledger = _lines(rng, people, customer[order], second[order], rows - refunds, refunds)
    return _balanced(ledger, whole(weeks.revenue * (1 + buying.raised.sum(axis=0)))), buying


def transactions(ledger: Ledger, people: People) -> pa.Table:
    """Return `transactions` in order of time; an order's number is what stands before the dash."""
    number = pc.utf8_lpad(pc.cast(pa.array(ledger.order + 1), pa.string()), 7, "0")
    within = np.arange(len(ledger.order)) - np.searchsorted(ledger.order, ledger.order) + 1
    bought = pc.binary_join_element_wise("D", number, "", "")
    bought = pc.binary_join_element_wise(bought, pc.cast(pa.array(within), pa.string()), "-")
    back = pc.binary_join_element_wise(bought.take(pa.array(ledger.refunded)), "R", "")
    line = np.concatenate([np.arange(len(ledger.order)), ledger.refunded])
    second = np.concatenate([ledger.second[ledger.order], ledger.refund_second])
    sign = np.repeat([1, -1], [len(ledger.order), len(ledger.refunded)])
    sort = np.argsort(second, kind="stable")
    line = line[sort]
    moment = (np.datetime64(FIRST_MONDAY, "s") + second[sort]).astype("datetime64[ms]")
    return pa.table(
        {
            "transaction_id": pa.concat_arrays([bought, back]).take(pa.array(sort)),
            "customer_id": people.ids.take(pa.array(ledger.customer[ledger.order[line]])),
            "ordered_at": pa.array(moment),
            "category": pa.array([c.name for c in CATEGORIES]).take(pa.array(ledger.category[line])),
            "channel": pa.array(list(SALES_CHANNELS)).take(pa.array(ledger.shop[line])),
            "quantity": pa.array(ledger.quantity[line]),
            "amount_minor": pa.array(sign[sort] * ledger.amount[line]),
        }
    )


def _buyers(
    rng: np.random.Generator, people: People, weeks: Weeks, enrolments: list[Enrolment], n_orders: int
) -> tuple[IntArray, IntArray, Buying]:
    first = np.flatnonzero(people.join_week >= 0)
    reach = np.array([plan.lift * reached(people, enrolments, plan) for plan in PLANS])
    again, anew = _raised(people, reach)
    base = whole(weeks.revenue / weeks.price)
    repeats = apportion(n_orders - len(first), whole(base / base.sum() * (1 + again.sum(axis=0)) * 1e9))
    expected = np.zeros(len(people))
    customer = [first]
    for week in range(WEEKS):
        boost = sum((reach[i] for i, plan in enumerate(PLANS) if week in plan.span), start=np.int64(1000))
        weight = _weights(people, week) * boost // 1000
        customer.append(pick(rng, weight, int(repeats[week])))
        if week >= WEEKS - YEAR:
            expected += repeats[week] * (weight / weight.sum())
    week_of_order = np.concatenate([people.join_week[first], np.repeat(np.arange(WEEKS), repeats)])
    new = len(first) / n_orders
    return np.concatenate(customer), week_of_order, Buying((1 - new) * again + new * anew, expected)


def _weights(people: People, week: int) -> IntArray:
    buying = (people.join_week < week) & (people.last_week >= week)
    factor = np.array([k.sale_factor for k in KINDS])[people.kind] if weeks_of(*GREAT_SALES)[week] else 1
    return np.where(buying, people.rate * factor, 0)


def _raised(people: People, reach: IntArray) -> tuple[Floats, Floats]:
    """Return by what share each campaign raises each week's repeat orders, and its first orders."""
    again, anew = np.zeros((len(PLANS), WEEKS)), np.zeros((len(PLANS), WEEKS))
    for i, plan in enumerate(PLANS):
        for week in plan.span:
            weight = _weights(people, week)
            again[i, week] = int((weight * reach[i]).sum()) / int(weight.sum()) / 1000
            anew[i, week] = 0 if plan.kind == "ab_test" else int(reach[i].sum()) / len(people) / 1000
    return again, anew


def _moments(rng: np.random.Generator, people: People, customer: IntArray, week: IntArray) -> IntArray:
    day = _days(rng, week)
    firsts = int((people.join_week >= 0).sum())
    day[:firsts] = people.join_day[people.join_week >= 0]
    hour = pick(rng, HOURS, len(day))
    second = 86_400 * day + 3600 * hour + rng.integers(0, 3600, len(day))
    while True:
        order = np.lexsort((second, customer))
        same = (np.diff(customer[order]) == 0) & (np.diff(second[order]) == 0)
        if not same.any():
            return second
        late = order[1:][same]
        second[late] = 86_400 * day[late] + (second[late] + 61) % 86_400


def _days(rng: np.random.Generator, week: IntArray) -> IntArray:
    dates = np.datetime64(FIRST_MONDAY, "D") + np.arange(DAYS)
    weights = np.tile(WEEKDAYS, WEEKS).astype(np.int64)
    weights[np.isin([str(d)[5:] for d in dates], PEAKS)] *= 3
    weights = weights.reshape(WEEKS, 7)
    upto = np.cumsum(weights, axis=1)
    drawn = rng.integers(0, upto[week, -1])
    weekday: IntArray = (drawn[:, None] >= upto[week]).sum(axis=1)
    return 7 * week + weekday


def _lines(
    rng: np.random.Generator, people: People, customer: IntArray, second: IntArray, lines: int, refunds: int
) -> Ledger:
    extra = np.bincount(rng.integers(0, len(customer), lines - len(customer)), minlength=len(customer))
    order = np.repeat(np.arange(len(customer)), 1 + extra)
    buyer = customer[order]
    liked = rng.integers(0, 100, lines) < 40
    category = np.where(liked, people.favourite[buyer], by_kind(rng, people.kind[buyer], TASTES))
    usual = rng.integers(0, 100, len(customer)) < 80
    shop = np.where(usual, people.shop[customer], pick(rng, SALES_CHANNEL_SHARES, len(customer)))
    quantity = 1 + pick(rng, (72, 19, 6, 2, 1), lines)
    amount = _amounts(rng, people.basket[buyer], category, quantity)
    refunded = np.sort(rng.permutation(np.flatnonzero(second[order] < 86_400 * (DAYS - 16)))[:refunds])
    later = 86_400 * rng.integers(2, 15, refunds) + rng.integers(0, 3600, refunds)
    return Ledger(
        customer, second, order, category, shop[order], quantity, amount, refunded, second[order[refunded]] + later
    )


def _amounts(rng: np.random.Generator, basket: IntArray, category: IntArray, quantity: IntArray) -> IntArray:
    price = np.array([c.price for c in CATEGORIES])[category] * quantity * basket
    return whole(rounded(price * np.exp(rng.normal(0, 0.38, len(price))), 3))


def _balanced(ledger: Ledger, revenue: IntArray) -> Ledger:
    week = ledger.day[ledger.order] // 7
    back = ledger.refund_second // (7 * 86_400)
    raw = np.bincount(week, weights=ledger.amount, minlength=WEEKS)
    amount = ledger.amount
    for _ in range(5):
        returned = np.bincount(back, weights=amount[ledger.refunded], minlength=WEEKS)
        amount = np.maximum(whole(ledger.amount * ((revenue + returned) / raw)[week]), 1)
    return replace(ledger, amount=amount)
