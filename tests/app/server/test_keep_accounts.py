"""The accounts' screen as an administrator uses it: a real server, a real kernel, a real browser."""

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.chromium import chromium

from marketbook.kit.records import account, draft, roles

SCREEN = "screens/team/keep-accounts"
PATIENCE = 90_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Any, server: Served) -> Iterator[Any]:
    client = server.signed_in("admin")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.add_cookies(
        [{"name": name, "value": value, "url": server.address} for name, value in client.cookies.items()]
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(server.address + SCREEN)
    row(opened, "admin").wait_for()
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((server.address, "blob:", "data:", "ws"))] == []


def row(page: Any, login: str) -> Any:
    return page.locator(".mb-list-view tbody tr").filter(has=page.get_by_role("cell", name=login, exact=True))


def drafts(server: Served) -> list[str]:
    with server.store.reading() as session:
        return list(session.scalars(select(draft.Draft.form)))


def test_a_half_typed_person_outlives_the_kernel_and_is_then_entered(server: Served, page: Any) -> None:
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Full name").fill("李四")
    page.get_by_label("Login name").fill("li.si")
    page.get_by_label("Sales representative").check()
    expect(page.locator(".mb-status")).to_have_text("Draft saved")
    page.reload()
    page.get_by_role("button", name="Add a person").click()
    expect(page.get_by_label("Full name")).to_have_value("李四")
    expect(page.get_by_label("Sales representative")).to_be_checked()
    page.get_by_role("combobox", name="Superior").press_sequentially("manager")
    page.locator(".mb-list li[role=option]").first.click()
    page.get_by_role("button", name="Add", exact=True).click()
    password = page.locator(".mb-shown code").inner_text()
    expect(row(page, "li.si")).to_contain_text("must choose a password")
    assert drafts(server) == []
    assert server.client().sign_in("li.si", password).status == 303


def test_roles_change_and_an_account_is_disabled(server: Served, page: Any) -> None:
    row(page, "sales").get_by_role("button").click()
    page.get_by_label("Customer service").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The account was changed.")).to_be_visible()
    page.get_by_role("combobox", name="Language").select_option("en")
    expect(page.get_by_text("The account was changed.")).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The account was changed.")).to_be_visible()
    expect(row(page, "sales")).to_contain_text("Sales representative, Customer service")
    page.get_by_role("button", name="Disable the account").click()
    expect(row(page, "sales")).to_contain_text("disabled")
    with server.store.reading() as session:
        found = account.named(session, login="sales")
        assert (found.disabled_at is not None, roles.held(session, party_id=found.party_id)) == (
            True, {"sales", "service"},
        )  # fmt: skip


def test_the_list_leaves_as_a_workbook_and_comes_back(server: Served, page: Any, tmp_path: Path) -> None:
    with page.expect_download() as leaving:
        page.get_by_role("button", name="Take out as XLSX").click()
    file = tmp_path / "accounts.xlsx"
    file.write_bytes(edited(Path(leaving.value.path()).read_bytes()))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send back XLSX").click()
    chooser.value.set_files(file)
    preview = page.locator(".mb-preview")
    expect(preview).to_contain_text("0 new, 1 changed, 1 refused")
    expect(preview).to_contain_text("cannot be changed in this way")
    page.get_by_role("button", name="Write the new and the changed rows").click()
    expect(page.get_by_text("1 row was written.")).to_be_visible()
    with server.store.reading() as session:
        assert account.named(session, login="specialist").language == "en"
        assert account.find(session, login="stranger") is None


def edited(content: bytes) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for line in book.active.iter_rows(min_row=2):
        by_heading = dict(zip([cell.value for cell in book.active[1]], line, strict=True))
        if by_heading["Login name"].value == "specialist":
            by_heading["Language"].value = "English"
        if by_heading["Login name"].value == "auditor":
            by_heading["Login name"].value = "stranger"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_nobody_else_gets_there(server: Served) -> None:
    assert server.signed_in("manager").get("/" + SCREEN).status == 403


def test_who_is_no_administrator_any_more_is_refused_by_the_kernel(server: Served, page: Any) -> None:
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Full name").fill("Late")
    page.get_by_label("Login name").fill("late")
    page.get_by_label("Finance").check()
    with server.store.writing() as session:
        found = account.named(session, login="admin")
        grant = next(one for one in roles.grants(session, party_id=found.party_id) if one.role == "admin")
        grant.valid_to = roles.today()
    page.get_by_role("button", name="Add", exact=True).click()
    refused = page.get_by_text("You may not do this (any more).")
    left = page.get_by_text("Late")
    deadline = time.monotonic() + PATIENCE / 1000
    while not refused.count() and left.count() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    with server.store.writing() as session:
        assert account.find(session, login="late") is None
        session.merge(grant).valid_to = None
