"""Campaigns of 2025: what ran, who was in which experiment, and by how much each moved orders.

The effects are in the transactions themselves: while a campaign runs, the treated order more often. The users of an
experiment are customers, and their orders and revenue are those of `transactions`; only visits are drawn apart.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from marketbook.demo.company import DAYS, FIRST_MONDAY, PROVINCE_NAMES, IntArray
from marketbook.demo.customers import People
from marketbook.demo.ledger import Ledger
from marketbook.demo.plans import PLANS, TESTS, Plan

WEEKS_BEFORE = 12


@dataclass(frozen=True)
class Enrolment:
    """The users of one experiment: indices of customers, in ascending order, and whether they were treated."""

    plan: Plan
    users: IntArray
    treated: np.ndarray[tuple[int], np.dtype[np.bool_]]


def enrol(rng: np.random.Generator, people: People, size: float) -> list[Enrolment]:
    """Draw each experiment's users among customers who were still buying when it began, and split them evenly."""
    return [_enrol(rng, people, plan, round(plan.users * size)) for plan in TESTS]


def _enrol(rng: np.random.Generator, people: People, plan: Plan, wanted: int) -> Enrolment:
    start = plan.span[0]
    able = np.flatnonzero((people.join_week < start - 1) & (people.last_week > start) & (people.rate > 5_000))
    users = np.sort(rng.permutation(able)[:wanted])
    treated = rng.integers(0, 2, len(users)) == 1
    lost = treated & (people.rate[users] < 30_000) & (rng.integers(0, 1000, len(users)) < 2 * plan.lost)
    return Enrolment(plan, users[~lost], treated[~lost])


def boosts(people: People, enrolments: list[Enrolment], week: int) -> IntArray | None:
    """Return by how many per mille each customer's orders are raised in a week; None when nothing runs."""
    running = [p for p in PLANS if week in p.span]
    if not running:
        return None
    boost = np.zeros(len(people), dtype=np.int64)
    for plan in running:
        boost[_reached(people, enrolments, plan)] += plan.lift
    return boost


def _reached(people: People, enrolments: list[Enrolment], plan: Plan) -> IntArray | slice:
    if plan.kind == "national":
        return slice(None)
    if plan.kind == "geo":
        return np.flatnonzero(np.isin(people.province, [PROVINCE_NAMES.index(r) for r in plan.regions]))
    group = next(e for e in enrolments if e.plan is plan)
    return group.users[group.treated]


def campaigns(size: float) -> pd.DataFrame:
    """Return `campaigns`."""
    return pd.DataFrame(
        {
            "campaign": plan.code,
            "name": plan.name,
            "kind": plan.kind,
            "channel": plan.channel,
            "started_on": plan.start,
            "ended_on": plan.start + timedelta(days=7 * plan.weeks - 1),
            "cost_minor": round(plan.cost * size) * 100,
            "regions": "|".join(plan.regions) or None,
        }
        for plan in PLANS
    )


def experiment_users(
    rng: np.random.Generator, people: People, enrolments: list[Enrolment], ledger: Ledger
) -> pd.DataFrame:
    """Return `experiment_users`: revenue and orders from the transactions, of the 12 weeks before too."""
    ids = people.ids.to_pandas().to_numpy()
    return pd.concat([_users(rng, ids, group, ledger) for group in enrolments], ignore_index=True)


def _users(
    rng: np.random.Generator, ids: np.ndarray[tuple[int], np.dtype[np.object_]], group: Enrolment, ledger: Ledger
) -> pd.DataFrame:
    span = group.plan.span
    orders, revenue = ledger.by_customer(span.start, span.stop)
    orders_before, revenue_before = ledger.by_customer(span.start - WEEKS_BEFORE, span.start)
    chosen = group.users
    return pd.DataFrame(
        {
            "campaign": group.plan.code,
            "user_id": ids[chosen],
            "variant": np.where(group.treated, group.plan.treatment, "control"),
            "visits": orders[chosen] + rng.poisson(1.5 + 0.5 * orders_before[chosen]),
            "orders": orders[chosen],
            "revenue_minor": revenue[chosen],
            "orders_before": orders_before[chosen],
            "revenue_before_minor": revenue_before[chosen],
        }
    )


def geo_days(people: People, ledger: Ledger) -> pd.DataFrame:
    """Return `geo_days`: every province on every day, the transactions' sums; a day of refunds only is negative."""
    n = len(PROVINCE_NAMES)
    revenue, orders = ledger.by_group(people.province, n)
    return pd.DataFrame(
        {
            "day": np.repeat(np.datetime64(FIRST_MONDAY, "D") + np.arange(DAYS), n),
            "region": list(PROVINCE_NAMES) * DAYS,
            "revenue_minor": revenue,
            "orders": orders,
        }
    )
