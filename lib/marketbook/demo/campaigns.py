"""Campaigns of 2025: what ran, who was in which experiment, and by how much each moved orders.

The effects are in the transactions themselves: while a campaign runs, the treated order more often. The users of an
experiment are customers, and their orders and revenue are those of `transactions`; only visits are drawn apart.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.demo.company import DAYS, FIRST_MONDAY, PROVINCE_NAMES, Flags, Floats, IntArray
from marketbook.demo.customers import People
from marketbook.demo.draws import whole
from marketbook.demo.ledger import Ledger
from marketbook.demo.plans import PLANS, TESTS, Plan
from marketbook.demo.truth import CampaignTruth

WEEKS_BEFORE = 26
ACTIVE, OCCASIONAL = 13_000, 40_000


@dataclass(frozen=True)
class Enrolment:
    """The users of one experiment: indices of customers, in ascending order, and whether they were treated."""

    plan: Plan
    users: IntArray
    treated: Flags


def enrol(rng: np.random.Generator, people: People, size: float) -> list[Enrolment]:
    """Draw each experiment's users among customers who were still buying when it began, and split them evenly."""
    return [_enrol(rng, people, plan, round(plan.users * size)) for plan in TESTS]


def _enrol(rng: np.random.Generator, people: People, plan: Plan, wanted: int) -> Enrolment:
    start = plan.span[0]
    able = np.flatnonzero((people.join_week < start - 1) & (people.last_week > start) & (people.rate > ACTIVE))
    users = np.sort(rng.permutation(able)[:wanted])
    treated = rng.integers(0, 2, len(users)) == 1
    lost = treated & (people.rate[users] < OCCASIONAL) & (rng.integers(0, 1000, len(users)) < plan.lost)
    return Enrolment(plan, users[~lost], treated[~lost])


def reached(people: People, enrolments: list[Enrolment], plan: Plan) -> Flags:
    """Return which customers a campaign reached: everyone, those who live in its regions, or the treated."""
    if plan.kind == "national":
        return np.full(len(people), fill_value=True)
    if plan.kind == "geo":
        return np.isin(people.province, [PROVINCE_NAMES.index(r) for r in plan.regions])
    group = next(e for e in enrolments if e.plan is plan)
    flags = np.zeros(len(people), dtype=np.bool_)
    flags[group.users[group.treated]] = True
    return flags


def truths(raised: Floats, revenue: IntArray) -> list[CampaignTruth]:
    """Return each campaign's true effect.

    Args:
        raised: By what share each campaign raised each week's revenue, campaigns by weeks.
        revenue: Each week's revenue in fen without campaigns.
    """
    return [
        CampaignTruth(
            campaign=plan.code,
            relative_lift=plan.lift / 1000,
            revenue_minor=int(whole(revenue * share).sum()),
            sample_ratio_mismatch=plan.lost > 0,
        )
        for plan, share in zip(PLANS, raised, strict=True)
    ]


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
    """Return `experiment_users`: revenue and orders from the transactions, of the 26 weeks before too."""
    ids = people.ids.to_pandas().to_numpy()
    return pd.concat([_users(rng, ids, group, ledger) for group in enrolments], ignore_index=True)


def _users(rng: np.random.Generator, ids: npt.NDArray[np.object_], group: Enrolment, ledger: Ledger) -> pd.DataFrame:
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
