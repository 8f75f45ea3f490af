"""The demo's year of records: whole, true to its data, and the same on every machine."""

import hashlib
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select
from tests.demo.conftest import Company
from tests.demo.year.conftest import TODAY

from marketbook.competitor import channels, log, moved, watching
from marketbook.customer.card import Consent, Customer, DuplicatePair
from marketbook.demo import year
from marketbook.demo.people import PASSWORD
from marketbook.demo.year import customers, deciding, media, odd, pipeline, spend
from marketbook.demo.year.build import YEAR
from marketbook.expense import checks, figures
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.records import (
    Attachment,
    Comment,
    ExternalId,
    Notification,
    Record,
    StatusChange,
    Waiting,
    account,
    files,
    notices,
    passwords,
    roles,
    waiting,
)
from marketbook.kit.records.tables import CommentMention
from marketbook.kit.store import Store, audit
from marketbook.office import activity, decision_score
from marketbook.office.budget_line import BudgetLine
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.office.decision import Decision
from marketbook.plan.tables import Plan

RECORDED = "392d6bd4"
"""What seed 2026 at size 0.3 gives on that day, on any machine; a change of the year changes it, and is seen here."""


def digest(store: Store) -> str:
    of_record = (
        Record.number, Record.title, Record.status, Record.owner_id, Record.amount_minor, Record.version,
        Record.entered_at,
    )  # fmt: skip
    of_step = (StatusChange.to_status, StatusChange.actor_id, StatusChange.reason, StatusChange.at)
    of_line = (BudgetLine.item, BudgetLine.month, BudgetLine.allocated, BudgetLine.spent)
    with store.reading() as session:
        rows = [
            *session.execute(select(*of_record).order_by(Record.id)),
            *session.execute(select(*of_step).order_by(StatusChange.id)),
            *session.execute(select(*of_line).order_by(BudgetLine.id)),
        ]
    return hashlib.sha256("\n".join(repr(tuple(row)) for row in rows).encode()).hexdigest()[:8]


def plan(store: Store, year_of: int) -> int:
    with store.reading() as session:
        query = select(Plan.id).where(Plan.kind == "marketing", Plan.fiscal_year == year_of, Plan.status == "active")
        return session.scalars(query).one()


def test_it_is_the_recorded_year(made: Store) -> None:
    assert digest(made) == RECORDED


def test_it_is_made_once(made: Store) -> None:
    before = digest(made)
    assert not year.ensure(made, today=TODAY)
    assert digest(made) == before


def test_the_audit_log_is_whole(made: Store) -> None:
    with made.reading() as session:
        assert audit.verify(session)


@pytest.mark.parametrize("of", [YEAR, TODAY.year])
def test_each_line_is_what_its_claims_add_up_to(made: Store, of: int) -> None:
    with made.reading() as session:
        lines = figures.by_line(session, plan_id=plan(made, of))
        ledger = figures.ledger(session, plan_id=plan(made, of))
    sums = ledger.groupby(["category", "item", "month", "counts_as"])["amount"].sum().unstack(fill_value=0)
    sums = sums.reindex(columns=["committed", "spent"], fill_value=0)
    found = lines.set_index(["category", "item", "month"])[["committed", "spent"]]
    found = found[(found != 0).any(axis=1)]
    assert len(found) > 10
    assert (found["spent"] == sums["spent"].reindex(found.index, fill_value=0)).all()
    assert (found["committed"] == sums["committed"].reindex(found.index, fill_value=0)).all()
    assert (lines["committed"] + lines["spent"] <= lines["allocated"]).all()


def test_media_are_paid_to_the_fen_as_the_platforms_report(made: Store, company: Company) -> None:
    with made.reading() as session:
        ledger = figures.ledger(session, plan_id=plan(made, YEAR))
    paid = ledger[(ledger["category"] == "advertising") & (ledger["counts_as"] == "spent")]
    sums = paid.groupby(["item", "month"])["amount"].sum()
    assert {key: int(total) for key, total in sums.items()} == spend.monthly(company.facts, year=YEAR)


def test_there_are_claims_in_every_state(made: Store) -> None:
    with made.reading() as session:
        found = Counter(session.scalars(select(ExpenseClaim.status)))
    assert 250 <= found.total() <= 400
    assert set(found) == {
        "draft", "submitted", "manager_approved", "director_approved", "finance_reviewed", "paid", "open", "closed",
        "rejected", "withdrawn",
    }  # fmt: skip


def test_some_claims_were_sent_back_and_paid_all_the_same(made: Store) -> None:
    with made.reading() as session:
        back = select(StatusChange.record_id).where(StatusChange.to_status == "draft", StatusChange.reason != "")
        query = select(ExpenseClaim).where(ExpenseClaim.id.in_(back), ExpenseClaim.status == "paid")
        assert len(session.scalars(query).all()) >= 8


def test_the_auditor_finds_what_was_planted_and_nothing_else(made: Store) -> None:
    with made.reading() as session:
        found = checks.everything(session, since=TODAY.replace(year=YEAR, month=1, day=1), on=TODAY)
        titles = {
            one.test: {session.get_one(Record, claim).title for claim in one.claims}
            for one in found if one.test in ("duplicate", "split", "overdue_invoice", "taken_back", "same_file")
        }  # fmt: skip
    channel, month = media.OVERDUE
    assert titles == {
        "duplicate": set(odd.DUPLICATE),
        "split": set(odd.SPLIT),
        "overdue_invoice": {f"{channel}{int(month[5:])}月预充值"},
    }


@pytest.mark.parametrize(
    "login", ["manager", "manager2", "director", "executive", "finance", "finance2", "specialist", "service"]
)
def test_something_waits_for(made: Store, parties: dict[str, int], login: str) -> None:
    with made.reading() as session:
        assert waiting.inbox(session, party_id=parties[login], on=TODAY).rows


def test_no_notice_of_the_past_is_sent_and_what_waits_is_unseen(made: Store) -> None:
    with made.reading() as session:
        assert notices.unsent(session) == []
        query = select(Notification.record_id, Notification.recipient_id).where(Notification.seen_at.is_(None))
        unseen = {(record, party) for record, party in session.execute(query)}
        waits = {(record, party) for record, party in session.execute(select(Waiting.record_id, Waiting.party_id))}
    assert unseen
    assert unseen <= waits


def test_nobody_reviewed_and_paid_the_same_claim(made: Store) -> None:
    with made.reading() as session:
        steps = session.execute(
            select(StatusChange.record_id, StatusChange.round, StatusChange.to_status, StatusChange.actor_id)
        ).all()
    who = {(record, number, to): actor for record, number, to, actor in steps}
    paid = [key for key in who if key[2] == "paid"]
    assert len(paid) > 200
    assert all(who[record, number, "finance_reviewed"] != who[record, number, "paid"] for record, number, _to in paid)


def test_deputies_decided_and_one_represents_the_manager_today(made: Store, parties: dict[str, int]) -> None:
    with made.reading() as session:
        deputised = select(func.count()).where(StatusChange.on_behalf_of_id.is_not(None))
        assert int(session.scalar(deputised) or 0) >= 3
        grants = roles.grants(session, party_id=parties["manager2"])
    now = [one for one in grants if one.on_behalf_of_id == parties["manager"] and one.holds_on(TODAY)]
    assert [one.role for one in now] == ["manager"]


def test_managers_moved_money_within_items_and_the_director_the_rest(made: Store) -> None:
    with made.reading() as session:
        found = session.execute(
            select(BudgetTransfer.category, BudgetTransfer.status, func.count()).group_by(
                BudgetTransfer.category, BudgetTransfer.status
            )
        ).all()
    counts = {(category, status): count for category, status, count in found}
    assert counts["within_item", "approved"] == 7
    assert counts["", "approved"] >= 3
    assert counts["", "rejected"] == 1
    assert counts["within_item", "submitted"] == counts["", "submitted"] == 1


def test_invoices_are_digital_paper_foreign_and_one_is_red(made: Store) -> None:
    with made.reading() as session:
        found = Counter(session.scalars(select(Invoice.kind).where(Invoice.red_of_id.is_(None))))
        red = session.scalars(select(Invoice.total).where(Invoice.red_of_id.is_not(None))).all()
    assert found["digital"] > 200
    assert found["paper"] > 5
    assert found["foreign"] == 2
    assert len(red) == 1
    assert red[0] < 0


def test_files_are_what_was_attached(made: Store) -> None:
    with made.reading() as session:
        found = session.scalars(select(Attachment)).all()
        assert len(found) > 250
        begin = {"screenshot": b"\x89PNG"}
        assert all(files.content(one).startswith(begin.get(one.kind, b"%PDF-")) for one in found)


def test_a_competitors_price_fell_and_the_managers_were_told(made: Store, parties: dict[str, int]) -> None:
    with made.reading() as session:
        query = select(Notification.for_day, Notification.recipient_id).where(Notification.kind == "price_drop")
        told = session.execute(query).all()
    assert {day for day, _who in told} == {date(YEAR, 9, 11), TODAY}
    assert {who for _day, who in told} == {parties[login] for login in ("manager", "manager2", "director")}


def test_competitors_are_watched_as_the_digest_tells(made: Store) -> None:
    found = log.read_log(made, as_of=TODAY)
    assert "-32.7%" in moved.prices(found).text
    assert moved.news(found).rows["action"].tolist() == ["new_product", "promotion"]
    assert watching.watching(found).rows["old"].tolist() == [True, False, False, False]
    summer = log.read_log(made, as_of=date(YEAR, 6, 30))
    new = channels.by_channel(summer).rows.query("change == 'new'")
    assert ("木与棉", "douyin") in set(zip(new["competitor"], new["channel"], strict=True))


def test_people_talk_and_mention_one_another(made: Store) -> None:
    with made.reading() as session:
        assert int(session.scalar(select(func.count(Comment.id))) or 0) > 30
        assert int(session.scalar(select(func.count()).select_from(CommentMention)) or 0) > 30


def test_eight_decisions_were_reviewed_and_six_intervals_held(made: Store) -> None:
    with made.reading() as session:
        reviewed = session.scalars(select(Decision).where(Decision.status == "reviewed")).all()
        score = decision_score.score(session, since=TODAY.replace(year=TODAY.year - 1))
        assert [one.held for one in reviewed].count(True) == 6
    assert len(reviewed) == score.reviewed == 8
    assert score.expected == pytest.approx(deciding.LEVEL_BP / 10_000)


def test_one_component_plan_is_late(made: Store) -> None:
    with made.reading() as session:
        kinds = {one.id: one.kind for one in session.scalars(select(Plan).where(Plan.fiscal_year == YEAR))}
        found = activity.of_plans(session, kinds)
        rows = [(kinds[one.plan_id or 0], one.due_on, one.done_on) for one in found]
    late = Counter(kind for kind, due, done in rows if done is None or done > due)
    every = Counter(kind for kind, _due, _done in rows)
    assert late["channel_expansion"] == every["channel_expansion"] == 12
    assert all(late[kind] * 2 < every[kind] for kind in every if kind != "channel_expansion")


def test_all_of_them_sign_in_with_the_known_password(made: Store, parties: dict[str, int]) -> None:
    with made.reading() as session:
        hashes = [account.named(session, login=login).password_hash for login in parties]
    assert len(hashes) == 13
    assert all(passwords.matches(one, PASSWORD) for one in hashes)


def test_customers_have_cards_classes_and_a_few_are_there_twice(made: Store, company: Company) -> None:
    with made.reading() as session:
        found = session.scalars(select(Customer)).all()
        pairs = session.scalars(select(DuplicatePair)).all()
        known = {one.party_id: one.id for one in session.scalars(select(ExternalId).where(ExternalId.system == "shop"))}
        withdrawn = session.scalar(select(func.count()).select_from(Consent).where(~Consent.given))
    assert len(found) == len(customers.NAMES) + len(pipeline.NEWCOMERS)
    assert {one.grade for one in found} == {"A", "B", "C", None}
    assert [pair.reasons for pair in pairs] == [["near"], ["near"]]
    assert withdrawn
    lines = company.facts.read("transactions")
    bought = lines[lines["ordered_at"].dt.year == YEAR].groupby("customer_id")["amount_minor"].sum()
    assert {one.id: one.value_minor for one in found if one.id in known} == {
        number: int(bought[of]) for number, of in known.items()
    }
