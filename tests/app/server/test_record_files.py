"""Files at records: for those who may read the record, never run, never told of to others; and script stays text."""

from collections.abc import Iterator
from html import unescape

import pytest
from tests.app.server import money
from tests.app.server.conftest import Served
from tests.office import company

from marketbook.kit import config
from marketbook.kit.records import Record, files

SCRIPT = "<script>alert(1)</script>"
QUOTED = "说明 \"'.txt"
XML = b'<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></x>'


@pytest.fixture(scope="module")
def claim(server: Served) -> Iterator[tuple[int, dict[str, int]]]:
    """A claim of the sales representative, handed in, with files; and the ids of these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKETBOOK_HOME", str(server.home))
        config.settings.cache_clear()
        house = money.furnish(server.store)
        line = company.budget(house)
        number = company.submitted(house, line, title=f"展会 {SCRIPT}")
        yield number, attached(server, number, house.people.sales)
    config.settings.cache_clear()


def attached(server: Served, number: int, actor: int) -> dict[str, int]:
    contents = {QUOTED: f"a {SCRIPT}".encode(), "evil.xml": XML, "pixel.png": b"\x89PNG\r\n\x1a\n0"}
    with server.store.writing() as session:
        record = session.get_one(Record, number)
        for name, content in contents.items():
            files.attach(session, record, content, name=name, kind="other", actor=actor)
        session.flush()
        return {one.name: one.id for one in files.listed(session, record_id=number)}


def test_whoever_may_read_the_record_gets_its_files(server: Served, claim: tuple[int, dict[str, int]]) -> None:
    number, known = claim
    for login, status in {"sales": 200, "manager": 200, "finance": 200, "auditor": 200, "specialist": 404}.items():
        assert server.someone(login).get(f"/records/{number}/files/{known['发票.pdf']}").status == status
    assert server.client().get(f"/records/{number}/files/{known['发票.pdf']}").status == 302


def test_what_a_browser_could_run_is_kept_not_opened(server: Served, claim: tuple[int, dict[str, int]]) -> None:
    number, known = claim
    for name, way in {"发票.pdf": "inline", "pixel.png": "inline", "evil.xml": "attachment"}.items():
        headers = server.someone("manager").get(f"/records/{number}/files/{known[name]}").headers
        assert headers["content-disposition"].startswith(f"{way}; filename*=UTF-8''")
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_name_cannot_break_out_of_its_header(server: Served, claim: tuple[int, dict[str, int]]) -> None:
    number, known = claim
    headers = server.someone("sales").get(f"/records/{number}/files/{known[QUOTED]}").headers
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%AF%B4%E6%98%8E%20%22%27.txt"
    assert headers["content-type"].startswith("text/plain")


def test_a_file_is_had_at_its_own_record_only_and_not_once_it_is_taken_away(
    server: Served, claim: tuple[int, dict[str, int]]
) -> None:
    number, known = claim
    paths = (f"/records/{number + 1}/files/{known['evil.xml']}", f"/records/{number}/files/999999999")
    assert [server.someone("auditor").get(path).status for path in paths] == [404, 404]


def test_the_page_that_decides_shows_script_as_text(server: Served, claim: tuple[int, dict[str, int]]) -> None:
    text = server.someone("manager").get(f"/screens/office/decide?record={claim[0]}").text
    assert "<script>alert" not in text
    assert "app-widget" in unescape(text)
