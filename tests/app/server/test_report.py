"""A report as an app: its form, its published and computed page, its files, the runs before, running it now."""

import io
import re
import shutil
import time
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from tests.app.server.client import Client
from tests.app.server.conftest import Served

TEMPLATE = "/reports/template"


@pytest.fixture(scope="module")
def ran(server: Served) -> Served:
    """A server whose template report has been published in Chinese and in English."""
    said = server.run("run", "template", "-l", "zh_Hans", "-l", "en")
    assert "失败 0 份" in said
    return server


@pytest.fixture(scope="module")
def manager(ran: Served) -> Client:
    return ran.signed_in("manager")


def run_address(client: Client) -> str:
    """The address of the newest run that the page lists."""
    return re.findall(r'href="(/reports/template/runs/[^/"]+/)"', client.get(TEMPLATE).text)[0]


def test_the_published_report_stands_inside_our_page(manager: Client) -> None:
    page = manager.get(TEMPLATE).text
    assert "Published " in page
    assert page.count("<main") == page.count("<h1>") == 1
    assert '<div class="app-told" lang="en-US">' in page


def test_values_are_brought_into_one_form(manager: Client) -> None:
    answer = manager.get(f"{TEMPLATE}?confidence=0.95&year=2024&language=")
    assert (answer.status, answer.location) == (302, f"{TEMPLATE}?year=2024")


def test_refused_values_show_at_their_field_with_the_form_open(manager: Client) -> None:
    answer = manager.get(f"{TEMPLATE}?confidence=2")
    assert answer.status == 422
    assert '<details class="app-params" open>' in answer.text
    assert 'id="mb-confidence-error">must be less than 1</p>' in answer.text
    assert re.search(r'id="mb-confidence"[^>]*value="2"', answer.text)


def test_an_address_that_cannot_be_read_is_told(manager: Client) -> None:
    answer = manager.get(f"{TEMPLATE}?colour=red")
    assert answer.status == 400
    assert "colour: unknown parameter." in answer.text


def test_other_values_are_computed_and_their_files_can_be_had(manager: Client) -> None:
    page = manager.get(f"{TEMPLATE}?year=2024").text
    assert "<span>Year</span>: <b>2024</b>" in page
    assert "mb.ready()" in page
    files = re.findall(r'href="(/reports/template/computed/[^"]+)"', page)
    assert [file.rpartition("/")[2] for file in files] == ["report.html", "tables.xlsx", "slides.pptx"]
    answer = manager.get(files[1])
    assert answer.status == 200
    assert zipfile.ZipFile(io.BytesIO(answer.body)).testzip() is None
    assert "2024" in manager.get(files[0]).text


def test_values_that_the_data_cannot_serve_are_told_in_its_words(manager: Client) -> None:
    page = manager.get(f"{TEMPLATE}?year=2001").text
    assert "mb.failed()" in page
    assert "the data holds 2023, 2024, 2025" in page
    assert "Traceback" not in page


def test_what_was_computed_is_nobody_elses(ran: Served, manager: Client) -> None:
    page = manager.get(f"{TEMPLATE}?year=2024").text
    file = re.findall(r'href="(/reports/template/computed/[^"]+)"', page)[0]
    assert ran.signed_in("director").get(file).status == 404


def test_downloads_are_called_as_the_report_is(manager: Client) -> None:
    files = re.findall(
        r'href="(/reports/template/runs/[^"]+\.(?:html\?download=1|xlsx|pptx))"', manager.get(TEMPLATE).text
    )
    assert len(files) == 3
    for file, ending in zip(files, ("html", "xlsx", "pptx"), strict=True):
        named = unquote(manager.get(file).headers["content-disposition"])
        assert re.search(rf"Template a year's revenue \d{{4}}-\d\d-\d\d\.{ending}$", named)


def test_the_runs_before_are_listed_in_words(manager: Client) -> None:
    listed = manager.get(TEMPLATE).text.partition('<ol class="runs">')[2].partition("</ol>")[0]
    assert listed.count("<li") >= 2
    for said in ("English", "简体", "succeeded", "shown here", "2025 brought"):
        assert said in listed


def test_a_run_opens_inside_our_page(manager: Client) -> None:
    answer = manager.get(run_address(manager))
    assert answer.status == 200
    assert "You are reading the run of" in answer.text
    assert f'href="{TEMPLATE}' in answer.text


def test_a_run_that_never_was_is_not_found(manager: Client) -> None:
    for name in ("20200101T000000Z-en", "latest-en", "..%2f..", ".failed"):
        assert manager.get(f"{TEMPLATE}/runs/{name}/").status == 404


def test_cleared_files_leave_the_headline(ran: Served, manager: Client) -> None:
    ran.run("run", "template", "-p", "year=2024", "-l", "en")
    address = run_address(manager)
    shutil.rmtree(ran.home / "outputs" / "template" / address.split("/")[-2])
    answer = manager.get(address)
    assert answer.status == 410
    assert "have been cleared away" in answer.text
    assert "2024 brought" in answer.text
    assert "files cleared away" in manager.get(TEMPLATE).text


def test_run_and_publish_tells_how_it_goes(manager: Client) -> None:
    answer = manager.post(f"{TEMPLATE}/publish", query="confidence=0.9")
    assert (answer.status, answer.location) == (303, f"{TEMPLATE}?confidence=0.9")
    first, *_between, last = wait(manager, "confidence=0.9")
    assert first["running"] is True
    assert last["error"] == ""
    assert 0 < last["cells"] <= last["of"]
    assert "Published " in manager.get(f"{TEMPLATE}?confidence=0.9").text


def test_a_run_that_fails_says_why(manager: Client) -> None:
    manager.post(f"{TEMPLATE}/publish", query="year=2001")
    seen = wait(manager, "year=2001")
    assert "2001" in seen[-1]["error"]


def test_those_who_may_not_publish_are_not_offered_to(ran: Served) -> None:
    finance = ran.signed_in("finance")
    assert "Run and publish now" not in finance.get(TEMPLATE).text
    assert finance.post(f"{TEMPLATE}/publish", query="").status == 403


def test_missing_data_is_named_with_the_way_to_it(ran: Served, manager: Client) -> None:
    facts = ran.home / ".marketbook" / "facts" / "sales_weeks.parquet"
    facts.rename(facts.with_suffix(".away"))
    try:
        answer = manager.get(TEMPLATE)
        assert answer.status == 409
        assert '<a href="/data/sales_weeks">' in answer.text
        assert 'href="/data/sales_weeks"' not in ran.signed_in("executive").get(TEMPLATE).text
    finally:
        facts.with_suffix(".away").rename(facts)


def wait(client: Client, query: str) -> list[dict[str, Any]]:
    """Ask how a run goes until it is over."""
    seen: list[dict[str, Any]] = []
    for _turn in range(400):
        seen.append(client.get(f"{TEMPLATE}/publish?{query}").json)
        if not seen[-1]["running"]:
            return seen
        time.sleep(0.2)
    raise AssertionError(seen[-1])
