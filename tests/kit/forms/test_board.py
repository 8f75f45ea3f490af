"""Lanes of cards: read by who may, opened, gone through by the arrow keys, one lane at a time on a phone."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session
from tests.kit.forms.mounting import Shelf, mount

from marketbook.kit.forms.board import Board, Card, Cards, Lane, View
from marketbook.kit.forms.listing import Opening
from marketbook.kit.forms.rows import Place
from marketbook.kit.language import speaking

COUNTS = {"Prospect": 12, "Qualified": 0, "Proposal": 2}


def lane(title: str, count: int) -> Lane:
    cards = [Card(n, f"<b>{title}</b> {n}", ("Gift boxes", ""), "today", late=n == 0) for n in range(count)]

    def page(_session: Session, after: Place | None) -> Cards:
        start = after[1] if after else 0
        return Cards(cards[start : start + 10], (None, start + 10) if start + 10 < count else None)

    return Lane(title, lambda _session: (str(count), f"¥{count}"), page)


def board(opened: list[int] | None = None, roles: tuple[str, ...] = ("manager",)) -> Board:
    lanes = [lane(title, count) for title, count in COUNTS.items()]
    mine = [lane(title, 1) for title in COUNTS]
    opening = Opening(row=opened.append if opened is not None else None, new=lambda: None, new_text="New")
    return Board([View("Team", lanes), View("Mine", mine)], title="Pipeline", opening=opening, roles=roles)


def asked(made: Board, **question: Any) -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    made.send = lambda content, _buffers=None: told.append(content)  # type: ignore[method-assign]
    made._heard(made, {"id": "1", **question}, [])
    return told[-1]


@pytest.mark.usefixtures("visited")
def test_its_lanes_are_counted_summed_and_read_page_by_page() -> None:
    made = board()
    first = asked(made, do="lanes", view=0)["lanes"]
    assert [(one["count"], one["sum"], len(one["cards"]), one["more"]) for one in first] == [
        ("12", "¥12", 10, True), ("0", "¥0", 0, False), ("2", "¥2", 2, False),
    ]  # fmt: skip
    more = asked(made, do="more", view=0, lane=0)
    assert ([one["id"] for one in more["cards"]], more["more"]) == ([10, 11], False)
    assert [len(one["cards"]) for one in asked(made, do="lanes", view=1)["lanes"]] == [1, 1, 1]


@pytest.mark.usefixtures("visited")
def test_only_who_holds_a_role_reads_it() -> None:
    assert "You may not do this" in asked(board(roles=("auditor",)), do="lanes", view=0)["failed"]
    assert "You may not do this" in asked(board(roles=("auditor",)), do="more", view=0, lane=0)["failed"]


@pytest.mark.usefixtures("visited")
def test_a_card_opens_its_record_and_nothing_else_does() -> None:
    opened: list[int] = []
    made = board(opened)
    asked(made, do="open", card=7)
    asked(made, do="open", card="7")
    assert opened == [7]


def serve(page: Any, made: Board) -> None:
    """Let a page's script speak to a board as if a kernel were between them."""

    def kernel(message: str, _piece: str) -> str:
        return json.dumps(asked(made, **json.loads(message)))

    page.expose_function("kernel", kernel)


def shown(browser: Any, kept: Shelf, made: Board, width: int) -> Any:
    mount(kept, "board", {"described": made.described})
    page = browser.new_page(viewport={"width": width, "height": 800})
    serve(page, made)
    page.goto(kept.address)
    expect(page.locator(".mb-card").first).to_be_attached()
    return page


@pytest.mark.usefixtures("visited")
def test_it_is_gone_through_by_keys_turned_and_opened(browser: Any, kept: Shelf) -> None:
    opened: list[int] = []
    page = shown(browser, kept, board(opened), 1280)
    cards = page.locator(".mb-card")
    expect(cards.first).to_contain_text("overdue · today")
    expect(cards.first).to_contain_text("<b>Prospect</b> 0")
    cards.first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowUp"):  # past the lane that is empty
        page.keyboard.press(key)
    expect(page.locator(".mb-lane").nth(2).locator(".mb-card").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show more").first.press("Enter")
    expect(page.locator(".mb-lane").first.locator(".mb-card")).to_have_count(12)
    expect(page.get_by_role("button", name="<b>Prospect</b> 10")).to_be_focused()
    page.get_by_role("button", name="Mine").click()
    expect(cards).to_have_count(3)
    assert opened == [0]
    page.close()


@pytest.mark.usefixtures("visited")
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_on_a_phone_one_lane_is_shown_and_nothing_is_cut(browser: Any, kept: Shelf, language: str) -> None:
    with speaking(language):
        made = board([])
    page = shown(browser, kept, made, 360)
    lanes = page.locator(".mb-lane")
    assert [one.is_visible() for one in lanes.all()] == [True, False, False]
    page.locator(".mb-lane-tabs button").nth(2).click()
    assert [one.is_visible() for one in lanes.all()] == [False, False, True]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = page.eval_on_selector_all("button", "all => all.map(one => one.offsetHeight)")
    assert min(height for height in heights if height) >= 44
    page.close()


@pytest.mark.usefixtures("visited")
def test_it_has_its_lanes_read_anew_when_something_has_changed() -> None:
    told: list[Any] = []
    made = board()
    made.send = told.append  # type: ignore[method-assign]
    made.refresh()
    assert told == [{"refresh": True}]
