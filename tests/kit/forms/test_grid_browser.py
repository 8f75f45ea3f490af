"""The table of lines in a browser: keys, a paste of 500 x 14 cells, errors at the cell, what is copied out."""

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.kit.forms.mounting import Shelf, mount, state_of
from tests.kit.forms.record import Claim
from tests.kit.forms.test_record_form import NAME, enter

from marketbook.kit.forms.record_form import Form

EVENT = "{clipboardData: data, bubbles: true, cancelable: true}"
PASTE = """(text) => new Promise((done) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const start = performance.now();
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", EVENT));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})""".replace("EVENT", EVENT)
COPY = """(kind) => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent(kind, EVENT));
  return data.getData("text/plain");
}""".replace("EVENT", EVENT)


@pytest.fixture
def page(browser: Any, kept: Shelf) -> Any:
    mount(kept, "form", state_of(Form(Claim, name=NAME, on_submit=enter)))
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(kept.address)
    opened.locator("textarea.mb-cell").focus()
    yield opened
    opened.close()


def rows(page: Any) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("model.get('values').lines.rows")
    return found


def keys(page: Any, *pressed: str) -> None:
    for one in pressed:
        page.keyboard.press(one) if len(one) > 1 else page.keyboard.type(one)


def active(page: Any) -> str:
    return str(page.locator("textarea.mb-cell").get_attribute("aria-label"))


def test_keys_type_move_take_back_and_leave(page: Any) -> None:
    keys(page, "a", "b", "Tab", "2", "Enter", "x", "Enter", "Enter")
    assert rows(page) == [["ab", "2", *[""] * 12], ["x", *[""] * 13]]
    assert active(page) == "What, row 3"
    keys(page, "ArrowUp", "F2", "y", "Escape", "ArrowUp", "ArrowRight", "Delete")
    assert rows(page)[0][:2] == ["ab", ""]
    assert rows(page)[1][0] == "x"
    keys(page, "Control+z")
    assert rows(page)[0][:2] == ["ab", "2"]
    keys(page, "Control+End", "Tab")
    expect(page.get_by_role("button", name="Add a row")).to_be_focused()


def test_a_paste_of_500_by_14_is_shown_kept_and_undone(page: Any, kept: Shelf) -> None:
    text = "\r\n".join("\t".join(f"{row}/{column}" for column in range(14)) for row in range(500)) + "\r\n"
    spent = page.evaluate(PASTE, text)
    assert len(rows(page)) == 500
    assert page.locator("tbody tr").count() == 500
    assert page.locator("td").nth(14 * 499 + 13).inner_text() == "499/13"
    expect(page.locator(".mb-status")).to_have_text("Draft saved")
    assert kept.drafts[-1]["content"]["values"]["lines"]["rows"][499][13] == "499/13"
    page.get_by_role("button", name="Undo").click()
    assert rows(page) == []
    assert spent < 5000  # a bound for a busy machine; the figure itself is measured by hand


def test_cells_with_line_breaks_quotes_and_tabs_are_one_cell(page: Any) -> None:
    page.evaluate(PASTE, '"two\r\nlines"\t"a ""q"" b"\t5"\n"plain"\t"tab\there"\t')
    assert [row[:3] for row in rows(page)] == [["two\nlines", 'a "q" b', '5"'], ['"plain"', "tab\there", ""]]
    keys(page, "Control+a")
    assert page.evaluate(COPY, "copy").startswith('"two\nlines"\t"a ""q"" b"\t"5"""')


def test_what_was_copied_out_can_be_pasted_back_the_same(page: Any) -> None:
    page.evaluate(PASTE, '"a\nb"\t"x ""y"""\nc\td')
    before = rows(page)
    keys(page, "Control+a")
    text = page.evaluate(COPY, "cut")
    assert rows(page) == []
    keys(page, "Control+Home")
    page.evaluate(PASTE, text)
    assert rows(page) == before


def test_headings_are_left_out_and_what_has_no_place_is_told(page: Any) -> None:
    page.evaluate(PASTE, "What\tDay\nTrain\t2026/3/1")
    assert [row[:2] for row in rows(page)] == [["Train", "2026/3/1"]]
    expect(page.get_by_text("The row of headings was left out.")).to_be_visible()
    page.evaluate(PASTE, "\t".join("x" * 16) + "\n" + "\n".join(["y"] * 700))
    expect(page.get_by_text("2 columns of the paste have no place here")).to_be_visible()
    expect(page.get_by_text("101 rows of the paste are more than this table takes")).to_be_visible()
    assert len(rows(page)) == 600


def test_errors_stand_at_the_cell_and_the_way_leads_from_one_to_the_next(page: Any) -> None:
    page.evaluate(PASTE, "a\nb\nc")
    page.evaluate(
        "refuse({'lines/1/day': 'must not be empty', 'lines/2/amount_minor': 'must be > 0', 'lines/0/': 'odd'})"
    )
    assert page.locator("td.mb-bad").count() == 3
    page.get_by_role("button", name="3 cells need another look; the first is in row 1.").click()
    assert active(page) == "Day, row 2"
    assert page.locator("textarea.mb-cell").get_attribute("aria-invalid") == "true"
    expect(page.locator(".mb-grid .mb-error")).to_have_text("must not be empty")
    page.get_by_role("button", name="3 cells").click()
    assert active(page) == "Amount, row 3"
    page.evaluate("refuse({})")
    assert page.locator("td.mb-bad").count() == 0


def test_ranges_are_chosen_copied_and_emptied(page: Any) -> None:
    page.evaluate(PASTE, "a\tb\tc\nd\te\tf\ng\th\ti")
    keys(page, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown")
    assert page.evaluate(COPY, "copy") == "b\tc\r\ne\tf"
    keys(page, "Delete")
    assert [row[:3] for row in rows(page)] == [["a", "", ""], ["d", "", ""], ["g", "h", "i"]]
    page.get_by_role("button", name="Remove row 2").click()
    assert [row[:3] for row in rows(page)] == [["g", "h", "i"]]


def test_choices_are_offered_in_their_column(page: Any) -> None:
    keys(page, "ArrowRight", "ArrowRight", "ArrowRight", "m")
    expect(page.locator(".mb-list li")).to_have_text(["media"])
    keys(page, "Enter")
    assert rows(page) == [["", "", "", "media", *[""] * 10]]


def test_a_slow_press_on_a_choice_stays_in_its_cell(page: Any) -> None:
    page.evaluate(PASTE, "a\nb\nc\nd")
    page.locator("td").nth(3).click()
    keys(page, "m")
    option = page.locator(".mb-list li").first
    expect(option).to_have_text("media")
    box = option.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 14, box["y"] + 12, steps=4)  # over the cells below, while the button is down
    page.mouse.up()
    keys(page, "Tab", "x", "Tab")
    assert rows(page)[0][:5] == ["a", "", "", "media", "x"]


def test_a_pointer_chooses_cells(page: Any) -> None:
    page.evaluate(PASTE, "a\tb\nc\td")
    page.locator("td").nth(15).click()
    assert active(page) == "Day, row 2"
    page.locator("td").nth(0).click(modifiers=["Shift"])
    assert page.evaluate(COPY, "copy") == "a\tb\r\nc\td"
