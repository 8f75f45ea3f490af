"""Every wrong move with the log is refused on both engines, says why, and leaves no trace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError
from tests.competitor.watch import Watch, corrected, noted, picture, read, seen, withdrawn

from marketbook.competitor.tables import CompetitorEntry
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import (
    Attachment,
    Notification,
    Party,
    Record,
    StaleError,
    StatusChange,
    advance,
    documents,
    files,
    roles,
)
from marketbook.kit.store import audit
from marketbook.office.measurement import Measurement

Move = Callable[[Watch, int], object]
REFUSED = (RecordError, AccessError, StatementError, StaleError, ValidationError)


def trace(watch: Watch) -> tuple[object, ...]:
    with watch.store.reading() as session:
        kept = (Record, StatusChange, Notification, Attachment, Measurement, Party)
        counts = [session.scalar(select(func.count()).select_from(one)) for one in kept]
        return audit.head(session), *counts


@pytest.fixture(scope="module")
def number(watch: Watch) -> int:
    return noted(watch, product="砧板", price_minor=8_800, seen="原价页", link="https://example.com/a")


@pytest.fixture(scope="module")
def over(watch: Watch) -> int:
    made = noted(watch, product="锅铲")
    withdrawn(watch, made)
    return made


def note(who: str = "lin", **about: Any) -> Move:
    return lambda watch, _number: noted(watch, who=who, **about)


def correct(who: str = "lin", **about: Any) -> Move:
    return lambda watch, number: corrected(watch, number, who=who, **about)


def raw(statement: str) -> Move:
    """Return the move of sending a statement to the database itself."""

    def move(watch: Watch, number: int) -> None:
        with watch.store.writing(actor="system:test") as session:
            session.execute(text(statement.format(n=number, rival=watch.rival, **watch.people)))

    return move


def built(**about: Any) -> Move:
    """Return the move of writing an entry past the service."""

    def move(watch: Watch, number: int) -> None:
        with watch.store.writing() as session:
            made = CompetitorEntry(**seen(watch).model_dump(exclude={"screenshot"}), entered_on=roles.today())
            for name, value in about.items():
                setattr(made, name, number if value == "number" else value)
            made.title = "x"
            documents.enter(session, made, actor=watch.people["lin"])

    return move


def to(status: str, who: str = "lin", reason: str = "因为", version: int = 0) -> Move:
    def move(watch: Watch, number: int) -> None:
        with watch.store.writing() as session:
            one = session.get_one(CompetitorEntry, number)
            advance(session, one, status, actor=watch.people[who], version=version or one.version, reason=reason)

    return move


TOMORROW = roles.today() + timedelta(days=1)
STANDING: dict[str, tuple[Move, str]] = {
    "service notes nothing": (note(who="agent"), "do not write into the competitor log"),
    "nor does finance": (note(who="finance"), "do not write into the competitor log"),
    "nobody": (note(competitor_id=999_999), "There is no competitor 999999"),
    "a colleague is none": (lambda w, _n: noted(w, competitor_id=w.people["lin"]), "There is no competitor"),
    "tomorrow": (note(seen_on=TOMORROW), "later than today"),
    "no price": (note(price_minor=None), "enter the price that was seen"),
    "of nothing": (note(product=""), "name the product"),
    "free": (note(price_minor=0), "greater than 0"),
    "below nothing": (note(price_minor=-1), "greater than 0"),
    "half a fen": (note(price_minor=10.5), "valid integer"),
    "too little said": (note(action="pr", price_minor=None, seen="嗯"), "at least 4 characters"),
    "another channel": (note(channel="fax"), "channel"),
    "another action": (note(action="rumour"), "action"),
    "another source": (note(source="dream"), "source"),
    "another unit": (note(unit="stone"), "unit"),
    "no size": (note(size=0), "greater than or equal to 1"),
    "a currency of two letters": (note(currency="RM"), "currency"),
    "a link that runs": (note(link="javascript:alert(1)"), "must begin with https"),
    "twice": (note(product="砧板", price_minor=8_800), "noted for that day already"),
    "a lost picture": (note(screenshot={"name": "a.png", "sha256": "0" * 64, "size": 9}), "is not what was attached"),
    "no picture": (lambda w, _n: noted(w, screenshot=picture("a.txt", b"MZ")), "is a picture or a PDF"),
    "without a reason": (correct(product="砧板", price_minor=1, reason=" "), "reason"),
    "another's": (correct(who="chen", product="砧板", price_minor=1), "manager"),
    "withdrawn by another": (to("withdrawn", who="chen"), "manager"),
    "withdrawn without a reason": (to("withdrawn", reason=""), "reason"),
    "stale": (to("withdrawn", version=1), "changed"),
    "corrected by nothing": (to("corrected"), "nothing takes its place"),
    "noted again": (to("noted"), "cannot become"),
    "deleted": (raw("DELETE FROM competitor_entry WHERE id = {n}"), "never deleted"),
    "its record deleted": (raw("DELETE FROM record WHERE id = {n}"), "never deleted"),
    "a price changed": (raw("UPDATE competitor_entry SET price_minor = 1 WHERE id = {n}"), "not edited"),
    "a day changed": (raw("UPDATE competitor_entry SET seen_on = '2020-01-01' WHERE id = {n}"), "not edited"),
    "its words changed": (raw("UPDATE competitor_entry SET seen = '' WHERE id = {n}"), "not edited"),
    "its title changed": (raw("UPDATE record SET title = 'x', version = version + 1 WHERE id = {n}"), "not edited"),
    "its status changed": (
        raw("UPDATE record SET status = 'withdrawn', version = version + 1 WHERE id = {n}"), "only a status change"
    ),
    "a figure changed": (raw("UPDATE measurement SET value = 1 WHERE subject_id = {n}"), "never changed"),
    "past the service: free": (built(price_minor=0), "price_minor"),
    "past the service: below nothing": (built(price_minor=-5), "price_minor"),
    "past the service: no price": (built(price_minor=None), "told"),
    "past the service: of nothing": (built(product=""), "priced"),
    "past the service: tomorrow": (built(seen_on=TOMORROW), "seen_on"),
    "past the service: channel": (built(channel="fax"), "channel"),
    "past the service: action": (built(action="rumour"), "action"),
    "past the service: kind": (built(price_kind="secret"), "price_kind"),
    "past the service: unit": (built(unit="stone"), "unit"),
    "past the service: source": (built(source="dream"), "source"),
    "past the service: size": (built(size=0), "size"),
    "past the service: currency": (built(currency="cny"), "currency"),
    "past the service: link": (built(link="javascript:1"), "link"),
    "past the service: twice": (built(product="砧板", price_minor=8_800), "noted already"),
    "past the service: of nobody": (lambda w, n: built(competitor_id=w.people["lin"])(w, n), "about no competitor"),
    "past the service: half a fen": (built(price_minor=10.5), "amount in minor units"),
}  # fmt: skip
GONE: dict[str, tuple[Move, str]] = {
    "corrected": (correct(price_minor=1), "only what stands is corrected"),
    "withdrawn again": (to("withdrawn"), "cannot become"),
    "past the service: corrected": (built(supersedes_id="number"), "does not stand"),
}


@pytest.mark.parametrize("name", STANDING)
def test_it_is_refused_of_what_stands(watch: Watch, number: int, name: str) -> None:
    check(watch, number, *STANDING[name])


@pytest.mark.parametrize("name", GONE)
def test_it_is_refused_of_what_is_gone(watch: Watch, over: int, name: str) -> None:
    check(watch, over, *GONE[name])


def check(watch: Watch, number: int, move: Move, match: str) -> None:
    before = trace(watch)
    with pytest.raises(Exception, match=match) as caught:  # of several kinds, named below
        move(watch, number)
    assert isinstance(caught.value, (*REFUSED, ValueError))
    assert trace(watch) == before


def test_a_screenshot_stays(watch: Watch) -> None:
    made = noted(watch, product="抱枕", screenshot=picture())
    before = trace(watch)
    with pytest.raises(RecordError, match="stays at CW-"), watch.store.writing() as session:
        files.remove(session, files.listed(session, record_id=made)[0], actor=watch.people["lin"])
    assert trace(watch) == before


def test_two_corrections_of_one_entry_are_not_both_kept(watch: Watch) -> None:
    number = noted(watch, product="杯垫")
    corrected(watch, number, price_minor=2_000)
    with pytest.raises(RecordError, match="only what stands is corrected"):
        corrected(watch, number, price_minor=3_000, who="manager")
    assert read(watch, number).status == "corrected"
