"""What is noted of competitors: prices as figures, corrections, screenshots, and a fall that is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.competitor.watch import Watch, ago, corrected, noted, picture, read, withdrawn

from marketbook.competitor import brief, service
from marketbook.competitor.tables import CompetitorEntry
from marketbook.kit.errors import RecordError
from marketbook.kit.records import Notification, Party, files, roles
from marketbook.kit.store import at, now
from marketbook.office import briefs, measurement
from marketbook.office.measurement import Measurement


def told(watch: Watch, number: int) -> set[int]:
    with watch.store.reading() as session:
        mine = (Notification.record_id == number) & (Notification.kind == "price_drop")
        return set(session.scalars(select(Notification.recipient_id).where(mine)))


def figures(watch: Watch, number: int) -> list[tuple[str, float]]:
    with watch.store.reading() as session:
        query = select(Measurement.period, Measurement.value).where(Measurement.subject_id == number)
        return [(period, value) for period, value in session.execute(query)]


def test_a_look_is_noted_with_its_price_as_a_figure_and_its_screenshot(watch: Watch) -> None:
    number = noted(watch, product="保温杯", size=500, unit="ml", screenshot=picture(), seen_on=ago(2))
    one = read(watch, number)
    assert (one.status, one.title, one.number[:3]) == ("noted", "云栖家居 · 保温杯", "CW-")
    assert figures(watch, number) == [(ago(2).isoformat(), 2580.0)]
    with watch.store.reading() as session:
        kept = files.listed(session, record_id=number, kinds=["screenshot"])
        assert [(file.name, file.media_type) for file in kept] == [("截图.png", "image/png")]
        assert measurement.actual(session, metric=service.PRICE, period=ago(2).isoformat(), subject=number)


def test_what_is_no_price_needs_words_and_no_product(watch: Watch) -> None:
    number = noted(watch, product="", action="personnel", price_minor=None, seen="新任市场总监到岗，来自竞品总部")
    assert read(watch, number).title == "云栖家居 · 新任市场总监到岗，来自竞品总部"
    assert figures(watch, number) == []


def test_a_competitor_is_entered_once_however_the_name_is_typed(watch: Watch) -> None:
    with watch.store.writing() as session:
        again = service.competitor(session, " 云栖家居 ", actor=watch.people["sales"])
        new = service.competitor(session, "ＡＢＣ 生活", actor=watch.people["sales"])
        assert again.id == watch.rival
        assert service.competitor(session, "abc 生活", actor=watch.people["lin"]).id == new.id
        assert session.get_one(Party, new.id).kind == "competitor"


def test_a_fall_is_told_to_the_managers_once(watch: Watch) -> None:
    noted(watch, product="台灯", seen_on=ago(9), price_minor=10_000)
    little = noted(watch, product="台灯", seen_on=ago(8), price_minor=9_001)
    assert told(watch, little) == set()
    fall = noted(watch, product="台灯", seen_on=ago(7), price_minor=8_100)
    managers = {watch.people["manager"], watch.people["director"]}
    assert told(watch, fall) == managers
    again = corrected(watch, fall, price_minor=8_000)
    assert told(watch, again) == set(), "the same fall is not told twice"
    late = noted(watch, product="台灯", seen_on=ago(10), price_minor=20_000)
    assert told(watch, late) == set(), "what is long over is not told"
    rise = noted(watch, product="台灯", seen_on=ago(6), price_minor=9_900)
    other = noted(watch, product="台灯", channel="jd", seen_on=ago(5), price_minor=5_000)
    assert told(watch, rise) | told(watch, other) == set()


def test_who_enters_a_fall_is_not_told_of_it(watch: Watch) -> None:
    noted(watch, product="炒锅", seen_on=ago(9), price_minor=30_000)
    fall = noted(watch, product="炒锅", price_minor=20_000, who="manager")
    assert told(watch, fall) == {watch.people["director"]}


def test_prices_of_other_sizes_are_compared_for_the_same_amount(watch: Watch) -> None:
    noted(watch, product="洗发水", seen_on=ago(3), price_minor=4_000, size=400, unit="ml")
    number = noted(watch, product="洗发水", seen_on=ago(2), price_minor=4_500, size=500, unit="ml")
    with watch.store.reading() as session:
        one = session.get_one(CompetitorEntry, number)
        former = service.before(session, one)
        assert former is not None
        assert service.fall_bp(one, former) == 1_000
        rows = dict(briefs.of(session, one).rows)
        assert rows["Since the look before"].startswith("-10.0%, from CN¥40.00 for 400 ml on ")
    assert told(watch, number) == {watch.people["manager"], watch.people["director"]}


def test_a_correction_takes_its_place_and_the_former_stays_to_be_read(watch: Watch) -> None:
    number = noted(watch, product="床单", screenshot=picture())
    later = corrected(watch, number, price_minor=11_900, who="manager", reason="少看了一位")
    former, standing = read(watch, number), read(watch, later)
    assert (former.status, former.price_minor) == ("corrected", 12_900)
    assert (standing.status, standing.supersedes_id) == ("noted", number)
    with watch.store.reading() as session:
        assert brief.of(session, session.get_one(CompetitorEntry, number)).warnings
        assert not brief.of(session, session.get_one(CompetitorEntry, later)).warnings


def test_the_same_price_may_be_noted_again_once_it_was_withdrawn(watch: Watch) -> None:
    number = noted(watch, product="枕头")
    with pytest.raises(RecordError, match=f"noted for that day already: {read(watch, number).number}, by lin"):
        noted(watch, product="枕头", who="chen")
    withdrawn(watch, number)
    again = noted(watch, product="枕头", who="chen")
    assert (read(watch, number).status, read(watch, again).status) == ("withdrawn", "noted")


def test_a_day_begins_where_the_company_is(watch: Watch) -> None:
    with at(now() + timedelta(days=3)):
        number = noted(watch, product="晾衣架", seen_on=roles.today())
    assert read(watch, number).seen_on == roles.today() + timedelta(days=3)
