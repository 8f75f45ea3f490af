"""The home page, as each role gets it from a running server."""

import re

import pytest
from tests.app.server.conftest import Served
from tests.app.server.runs import enter, numbers

from marketbook.app import catalogue
from marketbook.app.catalogue import Report
from marketbook.kit.store import now


def report(name: str) -> Report:
    return catalogue.find([name])[0]


@pytest.fixture(scope="module")
def lived_in(server: Served) -> Served:
    """A server whose survey ran twice, whose budget failed, and whose template nobody ran."""
    survey, budget = report("survey/analyse-survey"), report("budget/allocate-budget")
    enter(server.store, survey, weeks_ago=1, numbers=numbers(0.48))
    enter(server.store, survey, numbers=numbers(0.503))
    enter(server.store, budget, weeks_ago=1)
    enter(server.store, budget, status="failed", error="cell [2], `x`: DataError: no rows.", started_at=now())
    return server


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_greets_by_name_and_role(lived_in: Served) -> None:
    page = text(lived_in.signed_in("director", language="zh_Hans").get("/").text)
    assert "市场总监" in page
    assert re.search("顾明岚，(早上好|下午好|晚上好)", page)


def test_it_sums_up_in_one_sentence(lived_in: Served) -> None:
    page = lived_in.signed_in("director", language="zh_Hans").get("/").text
    (said,) = re.findall(r'<p class="home-summary">(.+?)</p>', page)
    assert re.fullmatch(
        r"今天没有新报告；变化最大的是“知名度”：\+2.3 个百分点（.+）；1 份报告运行失败；下一份在.+ 运行。", said
    )


def test_figures_stand_beside_the_run_before(lived_in: Served) -> None:
    page = text(lived_in.signed_in("director", language="zh_Hans").get("/").text)
    assert "一半的人知道青禾优品。" in page
    assert "知名度 50.3% [..] 较上次 +2.3 个百分点" in page
    assert "受访人数 100 与上次相同" in page


def test_a_run_in_another_language_is_shown_and_said_to_be(lived_in: Served) -> None:
    page = lived_in.signed_in("director", language="en").get("/").text
    assert '<p class="card-headline" lang="zh-CN">一半的人知道青禾优品。</p>' in page
    assert "published in 简体 only" in page


def test_a_failure_is_told_in_words_and_can_be_run_again_by_those_who_may(lived_in: Served) -> None:
    for login, may in (("manager", True), ("finance", False)):
        page = lived_in.signed_in(login).get("/").text
        assert '<p class="needs-reason">no rows.</p>' in page
        assert ('action="/reports/budget/allocate-budget/publish"' in page) == may


def test_the_administrator_hears_of_failures_without_being_let_in(lived_in: Served) -> None:
    client = lived_in.signed_in("admin")
    page = client.get("/").text
    assert "no rows." in page
    assert 'href="/reports/budget/allocate-budget"' not in page
    assert client.get("/reports/budget/allocate-budget").status == 403


def test_finance_sees_its_own_chapters_first(lived_in: Served) -> None:
    page = lived_in.signed_in("finance").get("/").text
    chapters = re.findall(r'<h3 id="chapter-(\w+)"', page)
    assert chapters[:2] == ["general", "budget"]
    assert "survey" not in chapters


@pytest.mark.parametrize("login", ["sales", "service", "auditor"])
def test_no_role_gets_an_empty_page(lived_in: Served, login: str) -> None:
    assert 'href="/screens/office/decide"' in lived_in.signed_in(login).get("/").text


def test_it_says_what_is_due(lived_in: Served) -> None:
    page = lived_in.signed_in("manager").get("/").text
    due = page[page.index('id="home-due"') : page.index('id="home-chapters"')]
    assert re.search(r"(today|tomorrow|Mon) 07:00", due)
    assert "Did the campaign work?" in due


def test_a_search_finds_in_either_script_and_only_what_may_be_opened(lived_in: Served) -> None:
    director, finance = lived_in.signed_in("director", language="zh_Hans"), lived_in.signed_in("finance")
    for words in ("青禾优品", "青禾優品"):
        assert "/reports/survey/analyse-survey" in director.get(f"/?q={words}").text
    assert "/reports/survey/analyse-survey" not in finance.get("/?q=青禾优品").text


def test_what_is_searched_for_is_only_text(lived_in: Served) -> None:
    page = lived_in.signed_in("director").get('/?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "0 results" in page


def test_what_there_is_to_do_is_had_by_itself_too(lived_in: Served) -> None:
    client = lived_in.signed_in("service", language="zh_Hans")
    page, part = client.get("/").text, client.get("/today").text
    assert '<div data-again="/today">' in page
    assert part.strip() in page
    assert part.count('class="home-block"') >= 1
    assert lived_in.client().get("/today").status in (302, 403)
