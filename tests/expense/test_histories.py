"""Random histories of claims and transfers: the figures are what they add up to, and never above what is allocated.

8 histories on each engine; 2,000 on each by `make bench NAME=records`, which sets MARKETBOOK_HEAVY.
"""

import os
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from tests.office.company import House, claim, figures, plan, step, transfer, walk

from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.store import audit

HISTORIES = 2_000 if os.environ.get("MARKETBOOK_HEAVY") else 8
GIVEN = 700_000
RESERVED = {"submitted", "manager_approved", "director_approved", "finance_reviewed", "open"}
WAYS = {
    "draft": [("submitted", "sales"), ("submitted", "sales"), ("submitted", "sales"), ("withdrawn", "sales")],
    "submitted": [("manager_approved", "manager"), ("draft", "sales"), ("rejected", "manager"), ("draft", "manager")],
    "manager_approved": [("director_approved", "director"), ("finance_reviewed", "finance"), ("open", "finance")],
    "director_approved": [
        ("finance_reviewed", "finance"),
        ("open", "finance"),
        ("director_approved", "manager"),
        ("rejected", "finance"),
    ],
    "finance_reviewed": [("paid", "payer"), ("paid", "finance"), ("draft", "payer")],
    "open": [("closed", "sales"), ("paid", "payer"), ("closed", "finance")],
}


@dataclass
class Known:
    """What the history knows of a claim."""

    line: int
    amount: int
    request: int | None
    status: str = "draft"


class Histories(RuleBasedStateMachine):
    house: House

    @initialize()
    def begin(self) -> None:
        self.lines = plan(self.house, *({"item": name, "original": GIVEN} for name in ("展会", "物料")))
        self.allocated = dict.fromkeys(self.lines, GIVEN)
        self.claims: dict[int, Known] = {}

    @rule(which=st.integers(0, 1), amount=st.sampled_from([1, 199_999, 350_000, 500_000]), request=st.booleans())
    def enter(self, which: int, amount: int, request: bool) -> None:
        line = self.lines[which]
        about = {"kind": "request", "invoiced": False} if request else {}
        self.claims[claim(self.house, line, amount, **about)] = Known(line, amount, None)  # type: ignore[arg-type]

    @precondition(lambda self: any(known.status == "open" for known in self.claims.values()))
    @rule(amount=st.sampled_from([1, 150_000, 350_001]))
    def enter_a_payment(self, amount: int) -> None:
        request, asked = next((n, known) for n, known in self.claims.items() if known.status == "open")
        made = claim(self.house, asked.line, amount, request_id=request)
        self.claims[made] = Known(asked.line, amount, request)

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9), way=st.integers(0, 3))
    def try_a_step(self, which: int, way: int) -> None:
        number = sorted(self.claims)[which % len(self.claims)]
        known = self.claims[number]
        ways = WAYS.get(known.status, [("draft", "sales")])
        to, who = ways[way % len(ways)]
        affordable = self.affordable(known)
        try:
            with self.house.store.writing() as session:
                step(session, session.get_one(ExpenseClaim, number), to, vars(self.house.people)[who], "因为")
        except (RecordError, AccessError):
            assert to != "submitted" or not affordable
            return
        assert to != "submitted" or affordable
        known.status = to

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9))
    def carry_on(self, which: int) -> None:
        """A random walk seldom comes to the end."""
        known = self.claims[sorted(self.claims)[which % len(self.claims)]]
        before = ""
        while known.status in RESERVED - {"open"} | {"draft"} and known.status != before:
            before = known.status
            for way in range(3):
                if known.status == before:
                    self.try_a_step(which, way)

    @rule(amount=st.sampled_from([1, 50_000, 100_001, 400_000]), ends=st.sampled_from([(0, 1), (1, 0), (0, 9), (9, 1)]))
    def try_a_transfer(self, amount: int, ends: tuple[int, int]) -> None:
        first, second = ((*self.lines, *[None] * 8)[end] for end in ends)
        affordable = first is None or amount <= self.left(first)
        try:
            number = transfer(self.house, amount, first, second)
        except RecordError:
            assert not affordable
            return
        assert affordable
        walk(self.house, number, ("approved", self.house.people.director))
        for line, sign in ((first, -1), (second, 1)):
            if line is not None:
                self.allocated[line] += sign * amount

    @invariant()
    def the_figures_are_what_was_done(self) -> None:
        for line in self.lines:
            allocated, committed, spent = figures(self.house, line)
            assert (allocated, committed, spent) == (self.allocated[line], self.committed(line), self.spent(line))
            assert committed + spent <= allocated

    def committed(self, line: int) -> int:
        found = [known for known in self.claims.values() if known.line == line]
        own = sum(known.amount for known in found if known.status in RESERVED)
        return own - sum(known.amount for known in found if self.consumes(known))

    def consumes(self, known: Known) -> bool:
        live = known.status in RESERVED or known.status == "paid"
        return live and known.request is not None and self.claims[known.request].status == "open"

    def spent(self, line: int) -> int:
        return sum(known.amount for known in self.claims.values() if known.line == line and known.status == "paid")

    def left(self, line: int) -> int:
        return self.allocated[line] - self.committed(line) - self.spent(line)

    def affordable(self, known: Known) -> bool:
        if known.request is None:
            return known.amount <= self.left(known.line)
        payments = [one for one in self.claims.values() if one.request == known.request]
        taken = sum(one.amount for one in payments if self.consumes(one))
        asked = self.claims[known.request]
        return asked.status == "open" and known.amount <= asked.amount - taken


def test_random_histories_add_up(house: House) -> None:
    machine = type("OfHouse", (Histories,), {"house": house})
    few = settings(
        max_examples=HISTORIES, stateful_step_count=15, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run(machine, settings=few)
    with house.store.reading() as session:
        assert audit.verify(session)
