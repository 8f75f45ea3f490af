"""The list in its kernel and in a browser: pages, search, order, opening, and a workbook that leaves and comes back."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.kit.forms.mounting import Shelf, mount
from tests.kit.forms.test_form_browser import EVIL
from tests.kit.forms.vendors import ROWS, SERVICES, Vendor, fill, names

from marketbook.kit.forms.listing import Listing, Opening, View
from marketbook.kit.forms.rows import Rows
from marketbook.kit.language import speaking
from marketbook.kit.records import Party
from marketbook.kit.records.exports import ListExport
from marketbook.kit.store import Store
from marketbook.kit.store.audit import AuditLog
from marketbook.kit.visitor import required


def listing(opened: list[int] | None = None, **more: Any) -> Listing[Vendor]:
    opening = Opening(row=(opened if opened is not None else []).append, new=lambda: None, new_text="Add a vendor")
    return Listing(Vendor, ROWS, title="Vendors", opening=opening, services=SERVICES, **more)


def said(made: Listing[Vendor], message: dict[str, Any], piece: bytes = b"") -> tuple[dict[str, Any], bytes]:
    told: list[tuple[dict[str, Any], Any]] = []
    made.send = lambda content, buffers=None: told.append((content, buffers))  # type: ignore[method-assign]
    made._heard(made, {"id": "1", **message}, [memoryview(piece)])
    content, buffers = told[0]
    return content, buffers[0] if buffers else b""


def upload(made: Listing[Vendor], content: bytes) -> dict[str, Any]:
    about = {"do": "upload", "upload": "u", "name": "list.xlsx", "part": 0, "parts": 1}
    return said(made, about, content)[0]


def test_pages_follow_one_another(visited: Store) -> None:
    fill(visited, *(f"v{number:03}" for number in range(120)))
    made = listing()
    first = said(made, {"do": "page", "sort": "name", "descending": True})[0]
    second = said(made, {"do": "page", "sort": "name", "descending": True, "more": True})[0]
    third = said(made, {"do": "page", "sort": "name", "descending": True, "more": True})[0]
    found = [row["cells"][0] for page in (first, second, third) for row in page["rows"]]
    assert found == [f"v{number:03}" for number in reversed(range(120))]
    assert (first["more"], third["more"]) == (True, False)


def test_nobody_without_the_role_reads_takes_out_or_sends_back(visited: Store) -> None:
    fill(visited, "a")
    content = said(listing(), {"do": "export"})[1]
    made = listing(roles={"auditor"})
    for message in ({"do": "page"}, {"do": "export"}):
        assert said(made, message)[0] == {"id": "1", "failed": "You may not do this (any more)."}
    assert upload(made, content)["failed"] == "You may not do this (any more)."


def test_a_reader_turns_to_another_view_where_the_role_lets_him(visited: Store) -> None:
    fill(visited, "a", "b")
    only_a = Rows(ROWS.query.where(Party.name == "a"))
    views = [View("All", ROWS), View("A", only_a), View("Secret", ROWS, frozenset({"auditor"}))]
    made = Listing(Vendor, views, title="Vendors")
    assert made.described["views"] == ["All", "A", "Secret"]
    assert [len(said(made, {"do": "page", "view": view})[0]["rows"]) for view in (0, 1)] == [2, 1]
    assert "rows" not in said(made, {"do": "page", "view": 2})[0]
    assert said(made, {"do": "export", "view": 2})[0]["failed"] == "You may not do this (any more)."


def test_each_button_opens_what_it_says(visited: Store) -> None:
    pressed: list[str] = []
    more = [("Second", lambda: pressed.append("second"))]
    opening = Opening(new=lambda: pressed.append("first"), new_text="First", more=more)
    made = Listing(Vendor, ROWS, title="Vendors", opening=opening)
    assert made.described["buttons"] == ["First", "Second"]
    for button in (1, 0):
        said(made, {"do": "new", "button": button})
    assert (pressed, visited is not None) == (["second", "first"], True)


def test_a_list_that_cannot_be_searched_shows_no_search(visited: Store) -> None:
    fill(visited, "a")
    made = Listing(Vendor, Rows(ROWS.query, texts=(), sorts=()), title="Vendors")
    assert (made.described["searches"], listing().described["searches"]) == (False, True)
    assert not any(column["sorts"] for column in made.described["columns"])
    assert len(said(made, {"do": "page", "search": "nothing"})[0]["rows"]) == 1


def test_nobody_served_reads_nothing() -> None:
    assert "marketbook apps" in said(listing(), {"do": "page"})[0]["failed"]
    assert "marketbook apps" in said(listing(), {"do": "open", "row": 1})[0]["failed"]


def test_what_was_compared_is_written_once(visited: Store) -> None:
    fill(visited, "a")
    made = listing()
    book = openpyxl.load_workbook(BytesIO(said(made, {"do": "export"})[1]))
    book.active.cell(2, 3).value = "A"
    out = BytesIO()
    book.save(out)
    preview = upload(made, out.getvalue())["preview"]
    assert preview["counts"] == {"new": 0, "changed": 1, "refused": 0, "unchanged": 0}
    assert preview["changed"] == [[2, "Name", "a", "A"]]
    assert names(visited) == ["a"]
    assert said(made, {"do": "confirm"})[0]["text"] == "1 row was written."
    assert names(visited) == ["A"]
    assert "choose the file again" in said(made, {"do": "confirm"})[0]["failed"]


def test_a_list_that_cannot_come_back_takes_nothing(visited: Store) -> None:
    fill(visited, "a")
    made = Listing(Vendor, ROWS, title="Vendors")
    assert not made.described["returns"]
    assert upload(made, said(made, {"do": "export"})[1]) == {"id": "1"}
    assert "failed" in said(made, {"do": "confirm"})[0]


def serve(page: Any, made: Listing[Vendor]) -> None:
    def kernel(message: str, piece: str) -> str:
        content, buffer = said(made, json.loads(message), base64.b64decode(piece))
        return json.dumps({**content, "id": json.loads(message)["id"], "buffer": base64.b64encode(buffer).decode()})

    page.expose_function("kernel", kernel)


@pytest.fixture
def opened() -> list[int]:
    return []


@pytest.fixture
def page(browser: Any, kept: Shelf, visited: Store, opened: list[int]) -> Any:
    fill(visited, *(f"v{number:02}" for number in range(60)), segment="<b>")
    made = listing(opened)
    mount(kept, "listing", {"described": made.described})
    shown = browser.new_page(viewport={"width": 1000, "height": 800})
    serve(shown, made)
    shown.goto(kept.address)
    expect(shown.locator("tbody tr")).to_have_count(50)
    yield shown
    shown.close()


def test_it_is_read_searched_sorted_and_opened(page: Any, opened: list[int]) -> None:
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("tbody tr")).to_have_count(60)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    page.get_by_role("button", name="Name").click()
    page.get_by_role("button", name="Name").click()
    expect(page.locator("tbody tr").first).to_contain_text("v59")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("searchbox").fill("v0")
    expect(page.locator("tbody tr")).to_have_count(10)
    page.get_by_role("button", name="v09").press("Enter")
    page.wait_for_timeout(100)
    assert len(opened) == 1
    page.get_by_role("searchbox").fill("nothing")
    expect(page.get_by_role("status")).to_have_text("Nothing found")


def test_a_workbook_leaves_comes_back_is_looked_at_and_written(page: Any, visited: Store, tmp_path: Path) -> None:
    page.get_by_role("searchbox").fill("v0")
    expect(page.locator("tbody tr")).to_have_count(10)
    with page.expect_download() as leaving:
        page.get_by_role("button", name="Take out as XLSX").click()
    assert leaving.value.suggested_filename == "Vendors.xlsx"
    book = openpyxl.load_workbook(BytesIO(Path(leaving.value.path()).read_bytes()))
    book.active.cell(2, 3).value, book.active.cell(3, 3).value, book.active.cell(4, 3).value = "V00", "", EVIL[:20]
    book.active.cell(20, 3).value = "new"
    book.save(tmp_path / "back.xlsx")
    page.locator("input[type=file]").set_input_files(tmp_path / "back.xlsx")
    preview = page.locator(".mb-preview")
    expect(preview).to_contain_text("1 new, 2 changed, 1 refused, 7 unchanged", timeout=20_000)
    assert "V00" not in names(visited)
    expect(preview.locator("table").nth(1).locator("tbody tr").first).to_have_text("2Namev00V00")
    page.get_by_role("button", name="Write the new and the changed rows").click()
    expect(page.get_by_role("status")).to_have_text("3 rows were written.")
    assert {"V00", "v01", "new", EVIL[:20]} <= set(names(visited))
    assert page.locator("img, main script").count() == 0


def test_it_is_noted_that_a_list_of_people_leaves(visited: Store) -> None:
    fill(visited, "a", "b")
    said(listing(), {"do": "export"})
    assert said(listing(personal="customers"), {"do": "export"})[1]
    with visited.reading() as session:
        (noted,) = session.scalars(select(ListExport))
        changes = session.scalars(select(AuditLog.op).where(AuditLog.table_name == "list_export")).all()
    assert (noted.party_id, noted.list, noted.count) == (required().party_id, "customers", 2)
    assert changes == ["INSERT"]
    with pytest.raises(DBAPIError, match="never changed"), visited.writing(actor="system:test") as session:
        session.execute(text("UPDATE list_export SET count = 0"))


def test_what_is_shown_is_read_again_as_far_as_it_was(visited: Store) -> None:
    fill(visited, *(f"v{number:03}" for number in range(120)))
    made = listing(live=30)
    again = said(made, {"do": "page", "sort": "name", "shown": 100})[0]
    assert (len(again["rows"]), again["more"], made.described["live"]) == (100, True, 30)
    assert len(said(made, {"do": "page", "sort": "name", "more": True})[0]["rows"]) == 20
    assert len(said(made, {"do": "page", "shown": 7})[0]["rows"]) == 50


@pytest.fixture
def live(browser: Any, kept: Shelf, visited: Store) -> Iterator[Any]:
    """The page of a list that is read again ten times a second."""
    fill(visited, "v1", "v2")
    made = listing(live=0.1)
    mount(kept, "listing", {"described": made.described})
    page = browser.new_page()
    serve(page, made)
    page.goto(kept.address)
    expect(page.locator("tbody tr")).to_have_count(2)
    yield page
    page.close()


def test_a_list_that_moves_by_itself_keeps_what_is_typed_and_the_focus(live: Any, visited: Store) -> None:
    live.get_by_role("searchbox").fill("v")
    live.get_by_role("button", name="v2").focus()
    fill(visited, "v0")
    expect(live.locator("tbody tr")).to_have_count(3)
    expect(live.get_by_role("button", name="v2")).to_be_focused()
    expect(live.get_by_role("searchbox")).to_have_value("v")
    expect(live.locator(".mb-moment")).to_contain_text("Moves by itself")


SENT = "window.sent.length"
SEEN = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_that_is_hidden_or_gone_asks_nothing(live: Any) -> None:
    live.evaluate(SEEN, "hidden")
    live.wait_for_timeout(150)
    before = live.evaluate(SENT)
    live.wait_for_timeout(400)
    assert live.evaluate(SENT) == before
    live.evaluate(SEEN, "visible")
    live.wait_for_function(f"{SENT} > {before}")
    live.evaluate("window.leave()")
    live.wait_for_timeout(150)
    before = live.evaluate(SENT)
    live.wait_for_timeout(400)
    assert live.evaluate(SENT) == before


def test_a_kernel_that_is_busy_is_asked_once(live: Any) -> None:
    live.evaluate("window.answer = () => {}")
    live.wait_for_timeout(150)
    before = live.evaluate(SENT)
    live.wait_for_timeout(600)
    assert live.evaluate(SENT) <= before + 1


def test_a_damaged_file_says_so(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK nothing")
    page.locator("input[type=file]").set_input_files(tmp_path / "a.xlsx")
    expect(page.get_by_role("status")).to_contain_text("is no XLSX workbook, or is damaged")


@pytest.mark.parametrize("language", ["zh_Hans", "en", "zh_Hant"])
def test_it_fits_a_phone(browser: Any, kept: Shelf, visited: Store, language: str) -> None:
    fill(visited, "青禾优品供应商", segment="x" * 50)
    with speaking(language):
        made = listing()
    mount(kept, "listing", {"described": made.described})
    page = browser.new_page(viewport={"width": 360, "height": 800})
    serve(page, made)
    page.goto(kept.address)
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = page.eval_on_selector_all("button, input:not([type=file])", "all => all.map(one => one.offsetHeight)")
    assert min(height for height in heights if height) >= 44
    page.close()


def test_a_phone_leaves_minor_columns_out(browser: Any, kept: Shelf, visited: Store) -> None:
    fill(visited, "v1")
    made = listing(minor=("status",))
    mount(kept, "listing", {"described": made.described})
    page = browser.new_page()
    serve(page, made)
    page.goto(kept.address)
    cell = page.locator("tbody tr td.mb-minor").first
    expect(cell).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 640})
    expect(cell).to_be_hidden()
    page.close()
