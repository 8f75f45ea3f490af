"""Script in everything that is stored or typed: every page shows it as text, and no page runs it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from tests.app.server import trial
from tests.app.server.client import Client
from tests.app.server.conftest import Served, serving, workspace_of

from marketbook.kit.records import account, person, roles

SCRIPT = "<script>alert(1)</script>"
BREAKING_OUT = (
    *('"><script>alert(1)</script>', "'><svg onload=alert(1)>", "</title><script>alert(1)</script>"),
    *("</script><script>alert(1)</script>", "{{7*7}}<script>alert(1)</script>", "javascript:alert(1)"),
)
RUNS = re.compile(r"<script>alert|<svg onload|<img src=x|href=.javascript:", re.IGNORECASE)
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def stained(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Iterator[Served]:
    """A server whose data and people carry script."""
    home = workspace_of(tmp_path_factory.mktemp("stained"), small_facts)
    stain(home / ".marketbook" / "facts" / "labels.parquet", "english")
    stain(home / ".marketbook" / "facts" / "customers.parquet", "province")
    trial.write(home)
    with serving(home, code=trial.QUICK) as served:
        with served.store.writing() as session:
            party = person.add(session, kind="employee", name=f"M {SCRIPT} \"'&").id
            roles.grant(session, party_id=party, role="manager")
            account.add(session, party_id=party, login="mallory", language="en", password=PASSWORD)
        yield served


def stain(file: Path, column: str) -> None:
    """Put script into a dataset's column; the file that others link to stays as it is."""
    frame = pd.read_parquet(file)
    frame[column] = frame[column].astype(str) + " <img src=x onerror=alert(1)>"
    file.unlink()
    frame.to_parquet(file)


@pytest.fixture(scope="module")
def client(stained: Served) -> Client:
    made = stained.client()
    assert made.sign_in("mallory", PASSWORD).status == 303
    return made


PAGES = (
    *("/", "/password", "/nowhere", "/data", "/reports/template?x=1", "/rows/customers", "/rows/labels"),
    *("/rows/sales_weeks?week.ge=2025-01-01", "/screens/trial/slider", "/screens/trial/wrong", "/rows/nothing"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_name_with_script_is_text_on_every_page(client: Client, path: str) -> None:
    text = client.get(path).text
    assert not RUNS.search(text)
    assert f"M {SCRIPT} \"'&" in unescape(text)


@pytest.mark.parametrize("path", ["/reports/campaign/evaluate-campaign?language=en", "/rows/customers?gender=女"])
def test_cells_of_datasets_with_script_are_text(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status == 200
    assert not RUNS.search(answer.text)
    assert "onerror=alert(1)" in unescape(answer.text)


PLACES = (
    *("/?q={}", "/?said={}", "/search?q={}", "/reports/template?{}=1", "/reports/template?title={}", "/{}", "/rows/{}"),
    *("/reports/template?language={}", "/rows/customers?province={}", "/rows/customers?{}=1", "/screens/{}"),
    *("/reports/{}", "/reports/template/runs/{}", "/data/{}", "/data?dataset={}", "/rows/customers?_seen={}"),
    *("/reports/survey/analyse-survey?wave={}", "/reports/budget/allocate-budget?total={}", "/sign-in?next={}"),
)


@pytest.mark.parametrize("place", PLACES)
def test_what_an_address_says_is_text(stained: Served, client: Client, place: str) -> None:
    for value in BREAKING_OUT:
        for browser in (client, stained.client()):
            answer = browser.get(place.format(quote(value, safe="")), follow=True)
            assert answer.status < 500
            assert not RUNS.search(answer.text), place


@pytest.mark.parametrize("value", BREAKING_OUT)
def test_what_a_form_says_is_text(stained: Served, client: Client, value: str) -> None:
    refused = stained.client().post("/sign-in", login=value, password=value, next=value)
    changed = client.post("/password", old=value, new=value, again="other")
    run = client.post("/reports/template/publish", query=f"x={value}")
    assert [RUNS.search(answer.text) for answer in (refused, changed, run)] == [None, None, None]
    assert value in unescape(refused.text)


@pytest.mark.parametrize("value", BREAKING_OUT)
def test_a_header_is_never_shown(client: Client, value: str) -> None:
    told = {"Referer": f"http://{client.netloc}/reports/{value}", "User-Agent": value, "Accept-Language": value}
    assert not RUNS.search(client.get("/rows/customers", headers=told).text)


def test_a_page_of_script_that_was_published_is_shut_in(client: Client) -> None:
    policy = client.get("/reports/template/runs/a/report.html").headers["content-security-policy"]
    assert "default-src 'none'" in policy
