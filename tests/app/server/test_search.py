"""The search box: words of titles, questions, parameters, headlines and data, in either script."""

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue
from marketbook.app.server.home import chapters, search
from marketbook.app.server.home.search import Entry, Found
from marketbook.kit import language

ENTRIES = [
    Entry("Report", "谁知道我们？", "/reports/survey", ("一半的人知道青禾优品。", "置信水平", "问卷调研")),
    Entry("Report", "How to split the budget", "/reports/budget", ("ROAS of each channel", "Weeks to plan")),
    Entry("Data", "Survey answers: who knows", "/data/answers", ("One answer a row", "survey_answers")),
]


def titles(found: list[Found]) -> list[str]:
    return [one.entry.title for one in found]


def test_nothing_is_found_by_nothing() -> None:
    assert search.find("   ", ENTRIES) == []


def test_all_words_must_be_there_in_any_case_and_place() -> None:
    assert titles(search.find("roas BUDGET", ENTRIES)) == ["How to split the budget"]
    assert search.find("roas answers", ENTRIES) == []


def test_titles_come_before_the_rest() -> None:
    entries = [Entry("Report", "Other", "", ("budget",)), *ENTRIES]
    assert titles(search.find("budget", entries)) == ["How to split the budget", "Other"]


@pytest.mark.parametrize("words", ["青禾优品", "青禾優品", "問卷調研"])
def test_either_script_finds_the_other(words: str) -> None:
    assert titles(search.find(words, ENTRIES)) == ["谁知道我们？"]


def test_the_excerpt_is_the_text_that_holds_the_words() -> None:
    (found,) = search.find("置信", ENTRIES)
    assert found.excerpt == "置信水平"


def test_reports_are_found_by_their_parameters_and_data_by_its_title(make: Make) -> None:
    make("count-things")
    reports = catalogue.reports()
    with language.speaking("en"):
        entries = list(search.entries(reports, [], chapters.datasets(), []))
        assert titles(search.find("how many", entries))[0] == "Count things"
        assert any(one.entry.address == "/data/transactions" for one in search.find("transactions", entries))
