"""Duties are shown by records of the person who owes them, in the quarter; what nothing shows is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.office import proving
from tests.office.company import House, house

from marketbook.app import catalogue
from marketbook.kit.config import settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.facts.behind import behind
from marketbook.kit.language import speaking
from marketbook.kit.records import roles
from marketbook.team import duties
from marketbook.team.duties import DONE_BY, DUTIES, Duties
from marketbook.team.params import ProveDuties

__all__ = ["house"]

POSTS = ("director", "manager", "sales")


def quarter() -> str:
    today = roles.today()
    return f"{today.year}-Q{(today.month + 2) // 3}"


@pytest.fixture(autouse=True)
def _english(workspace: Path) -> Iterator[None]:
    assert workspace
    with speaking("en"):
        yield


@pytest.fixture(scope="module")
def kept(house: House) -> House:
    proving.keep(house)
    return house


@pytest.fixture
def read(kept: House) -> Duties:
    return duties.read_duties(kept.store, quarter=quarter())


def counts(read: Duties, person: str) -> dict[str, list[int]]:
    """Return how many records there are of each piece of evidence of each of a person's duties."""
    found: dict[str, list[int]] = {}
    for one in read.pieces:
        if one.person == person:
            found.setdefault(one.clause.number, []).append(one.count)
    return found


def test_a_duty_is_shown_by_what_its_holder_did(read: Duties) -> None:
    assert counts(read, "sales") == {"2.2.4a": [4, 1], "2.2.4b": [1, 1], "2.2.4c": [1, 1], "2.2.4d": [3, 4]}
    assert counts(read, "director") == {"2.2.1a": [2], "2.2.1b": [0, 2], "2.2.1c": [0], "2.2.1d": [0]}
    manager = counts(read, "manager")
    tasks, reviews = manager.pop("2.2.2b")
    assert tasks >= 23, "three tasks, twenty greetings, and what this week's draw recommends"
    assert (reviews, manager) == (0, {"2.2.2a": [2, 2], "2.2.2c": [0], "2.2.2d": [0]})


def test_what_nothing_shows_is_named(read: Duties) -> None:
    assert duties.of_post(read, "director").text == "Nothing shows: 2.2.1c (director), 2.2.1d (director)."
    assert duties.of_post(read, "sales").numbers() == {"count_shown": 4, "count_gaps": 0}
    assert duties.of_post(read, "director").table["shown"].tolist() == ["yes", "yes", "yes", "no", "no"]


def test_people_are_counted_each(read: Duties) -> None:
    rows = duties.summary(read).rows.set_index("person")
    names = ["count_duties", "count_shown", "count_gaps"]
    assert rows.loc["director", names].tolist() == [4, 2, 2]
    assert rows.loc["manager", names].tolist() == [4, 2, 2]
    found = duties.summary(read).numbers()
    assert found["count_shown"] + found["count_gaps"] == found["count_duties"] == 4 * len(rows)


def test_a_deputy_does_not_owe_the_post_s_duties(read: Duties) -> None:
    assert "deputy" not in {one.person for one in read.pieces}


def test_each_count_opens_its_records(kept: House, read: Duties) -> None:
    declared = catalogue.with_views()

    def opened(rows: Rows) -> int:
        again = Rows.decode(rows.encode(), declared)
        return behind(Facts(settings().facts), declared, again, store=kept.store).count

    for role in POSTS:
        found = duties.of_post(read, role)
        assert [opened(one) for one in found.behind().table] == found.table["count_rows"].tolist()


def test_another_quarter_shows_nothing(kept: House) -> None:
    year = roles.today().year
    found = duties.read_duties(kept.store, quarter=f"{year + 2}-Q2")
    assert duties.summary(found).numbers()["count_shown"] == 0
    before = duties.read_duties(kept.store, quarter="2001-Q1")
    assert duties.summary(before).text == "Nobody held a post in 2001-Q1."
    assert duties.summary(before).chart() is None
    assert duties.of_post(before, "sales").text == "Nobody held this post in 2001-Q1."


def test_what_is_owed_once_a_year_is_looked_for_in_the_year(kept: House) -> None:
    year, number = map(int, quarter().split("-Q"))
    following = f"{year}-Q{number + 1}" if number < 4 else f"{year + 1}-Q1"
    later = duties.read_duties(kept.store, quarter=following)
    assert counts(later, "director") == {"2.2.1a": [2], "2.2.1b": [0, 0], "2.2.1c": [0], "2.2.1d": [0]}
    assert counts(later, "sales") == {"2.2.4a": [0, 0], "2.2.4b": [0, 0], "2.2.4c": [0, 0], "2.2.4d": [0, 0]}


def test_every_duty_names_who_did_it() -> None:
    asked = {piece.rows.dataset for duty in DUTIES for piece in duty.evidence}  # type: ignore[union-attr]
    assert asked <= set(DONE_BY)
    assert {*DONE_BY, "posts"} == set(ProveDuties.views)
    assert {duty.role for duty in DUTIES} == {"director", "manager", "specialist", "sales", "service"}


@pytest.mark.parametrize(
    ("given", "said"), [({"quarter": "2026-Q5"}, "quarter: found '2026-Q5'"), ({"month": "x"}, "month: unknown")]
)
def test_wrong_parameters_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        ProveDuties.check(given)


@pytest.mark.parametrize(("language", "said"), [("zh_Hans", "有记录为据"), ("zh_Hant", "有記錄為據")])
def test_it_speaks_chinese(read: Duties, language: str, said: str) -> None:
    with speaking(language):
        assert said in duties.summary(read).text
