"""Random histories of claims: whatever people try, what is written is what was allowed, and the log is whole.

10 histories on each engine; 50 on each in CI; 2,000 on each by `make bench NAME=records`, which sets MARKETBOOK_HEAVY.
"""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from tests.kit.records.claims import LIMIT, STATES, STEPS, Claim, claim
from tests.kit.records.conftest import House

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import StatusChange, Waiting, documents
from marketbook.kit.records.advancing import advance, open_steps
from marketbook.kit.store import audit

HISTORIES = 2_000 if os.environ.get("MARKETBOOK_HEAVY") else 50 if os.environ.get("CI") else 10
STATUSES = [name for name, _editable, _final in STATES]
WAYS = {(before, after) for before, after, _about in STEPS}
DECISIONS = {(before, after) for before, after, about in STEPS if about.get("four_eyes")}
WHO = ["executive", "director", "manager", "sales", "finance", "payer", "auditor", "admin"]


class Histories(RuleBasedStateMachine):
    """What a few people do with claims, right and wrong, remembered beside what the store says."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.claims: dict[int, dict[str, Any]] = {}

    def a_claim(self, which: int) -> int:
        return sorted(self.claims)[which % len(self.claims)]

    @rule(who=st.sampled_from(WHO), amount=st.sampled_from([0, 1, LIMIT - 1, LIMIT, 10**12]))
    def enter(self, who: str, amount: int) -> None:
        owner = vars(self.house.people)[who]
        number = claim(self.house.store, owner, amount)
        self.claims[number] = {"owner": owner, "status": "draft", "version": 1, "acted": set(), "amount": amount}

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9), who=st.sampled_from(WHO), to=st.sampled_from(STATUSES), stale=st.booleans())
    def try_a_step(self, which: int, who: str, to: str, stale: bool) -> None:
        number, actor = self.a_claim(which), vars(self.house.people)[who]
        known = self.claims[number]
        try:
            with self.house.store.writing() as session:
                record = session.get_one(Claim, number)
                made = advance(
                    session, record, to, actor=actor, version=known["version"] - (stale and known["version"] > 1),
                    reason="x",
                )  # fmt: skip
        except (AccessError, RecordError):
            return
        self.check_allowed(known, made)
        acted = set() if known["status"] == "draft" else known["acted"]
        known.update(status=to, version=known["version"] + 1, acted=acted | {actor})

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9))
    def take_the_next_step(self, which: int) -> None:
        """A random walk seldom comes to the end; whom it waits for takes it there."""
        number = self.a_claim(which)
        with self.house.store.reading() as session:
            record = session.get_one(Claim, number)
            waits = session.scalars(
                select(Waiting.party_id).where(Waiting.record_id == number).order_by("party_id")
            ).all()
            who = waits[0] if waits else record.owner_id
            ways = sorted({step.to_status for step in open_steps(session, record, actor=who)} - {"withdrawn", "draft"})
        name = next(name for name, party in vars(self.house.people).items() if party == who)
        if ways:
            self.try_a_step(sorted(self.claims).index(number), name, ways[0], stale=False)

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9), who=st.sampled_from(WHO), stale=st.booleans(), amount=st.integers(0, 10**6))
    def try_an_edit(self, which: int, who: str, stale: bool, amount: int) -> None:
        number, actor = self.a_claim(which), vars(self.house.people)[who]
        known = self.claims[number]
        version = known["version"] - (stale and known["version"] > 1)
        try:
            with self.house.store.writing() as session:
                changes = {"amount_minor": amount}
                documents.edit(session, session.get_one(Claim, number), changes, actor=actor, version=version)
        except (AccessError, RecordError):
            assert (actor, known["status"], version) != (known["owner"], "draft", known["version"])
            return
        assert (actor, known["status"], version) == (known["owner"], "draft", known["version"])
        known.update(version=version + 1, amount=amount)

    def check_allowed(self, known: dict[str, Any], made: StatusChange) -> None:
        assert (made.from_status, made.version) == (known["status"], known["version"])
        assert (made.from_status, made.to_status) in WAYS
        if (made.from_status, made.to_status) in DECISIONS:
            assert made.actor_id != known["owner"]
            escalated = made.acted_as in ("manager", "director", "executive")
            assert made.actor_id not in known["acted"] or escalated
        if made.to_status == "reviewed":
            assert (made.from_status == "director_approved") == (known["amount"] >= LIMIT)

    @invariant()
    def the_store_says_what_was_done(self) -> None:
        with self.house.store.reading() as session:
            query = select(Claim.id, Claim.status, Claim.version, Claim.amount_minor).where(Claim.id.in_(self.claims))
            found = {number: tuple(row) for number, *row in session.execute(query)}
        assert found == {n: (c["status"], c["version"], c["amount"]) for n, c in self.claims.items()}

    def teardown(self) -> None:
        with self.house.store.reading() as session:
            for number, known in self.claims.items():
                made = documents.history(session, record_id=number)
                path = [(step.from_status, step.to_status) for step in made]
                assert set(path) <= WAYS
                assert [one[1] for one in path[:-1]] == [one[0] for one in path[1:]]
                assert (made[-1].to_status if made else "draft") == known["status"]


def test_random_histories_are_what_the_rules_allow(house: House) -> None:
    machine = type("OfHouse", (Histories,), {"house": house})
    few = settings(
        max_examples=HISTORIES, stateful_step_count=12, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)
    with house.store.reading() as session:
        assert audit.verify(session)
        steps = session.scalar(select(func.count()).select_from(StatusChange))
    assert (steps or 0) > HISTORIES
