"""The form in a browser: typing, errors at the field, keys, and a draft that outlives kernel, tab and network."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.kit.forms.mounting import Shelf, connect, mount, state_of
from tests.kit.forms.record import Claim
from tests.kit.forms.test_record_form import NAME, SEARCH, enter

from marketbook.kit.forms.record_form import Form
from marketbook.kit.language import speaking
from marketbook.kit.store import Store

KEY = "marketbook-draft:3:expense/claim:"
EVIL = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"

Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that opens a form on a page; another call opens it again, on the same device."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    faults: list[str] = []

    def open_form(form: Form[Any] | None = None, *, kernel: bool = True, **changed: Any) -> Any:
        made = form or Form(Claim, name=NAME, on_submit=enter, title="A claim")
        state = state_of(made)
        state["described"].update(changed.pop("described", {}))
        mount(kept, "form", {**state, **changed})
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if kernel:
            connect(page, made, monkeypatch)
        page.goto(kept.address)
        page.get_by_label("Purpose").wait_for()
        return page

    yield open_form
    context.close()
    assert faults == []


def purpose(kept: Shelf) -> str:
    return str(kept.drafts[-1]["content"]["values"]["purpose"])


def local(page: Any) -> Any:
    return json.loads(page.evaluate(f"localStorage.getItem({KEY!r})") or "null")


def saved(page: Any) -> None:
    expect(page.locator(".mb-status")).to_have_text("Draft saved")


def test_a_draft_is_put_soon_after_typing_without_the_kernel(open_page: Open, kept: Shelf) -> None:
    page = open_page(kernel=False)
    page.get_by_label("Purpose").press_sequentially("Trip to 北京")
    saved(page)
    assert purpose(kept) == "Trip to 北京"
    assert (kept.drafts[-1]["form"], kept.drafts[-1]["record_id"]) == (NAME, None)
    assert set(kept.tokens) == {"token|1"}
    assert len(kept.drafts) < 4
    assert local(page) is None


def test_a_tab_closed_at_once_loses_nothing(open_page: Open, kept: Shelf) -> None:
    page = open_page()
    page.get_by_label("Purpose").press_sequentially("Gone")
    page.close(run_before_unload=True)
    page.wait_for_event("close") if not page.is_closed() else None
    again = open_page()
    shown = again.get_by_label("Purpose").input_value()
    assert "Gone" in (shown, purpose(kept) if kept.drafts else "")


def test_a_hidden_page_puts_its_draft_at_once(open_page: Open, kept: Shelf) -> None:
    page = open_page()
    with page.expect_request("**/drafts"):
        page.evaluate(
            "() => { const one = document.querySelector('input'); one.value = 'Locked';"
            " one.dispatchEvent(new Event('input', {bubbles: true})); window.dispatchEvent(new Event('pagehide')); }"
        )
    saved(page)
    assert purpose(kept) == "Locked"


def test_while_the_server_is_away_this_device_keeps_it_and_sends_it_later(open_page: Open, kept: Shelf) -> None:
    kept.status = 503
    page = open_page()
    page.get_by_label("Purpose").fill("Offline")
    expect(page.locator(".mb-status")).to_contain_text("kept on this device")
    assert local(page)["values"]["purpose"] == "Offline"
    page.close()
    again = open_page()
    assert again.get_by_label("Purpose").input_value() == "Offline"
    expect(again.locator(".mb-note")).to_contain_text("had not reached the server")
    kept.status = 200
    saved(again)
    assert (purpose(kept), local(again)) == ("Offline", None)


def test_whoever_is_signed_out_is_told_and_loses_nothing(open_page: Open, kept: Shelf) -> None:
    kept.status = 403
    page = open_page()
    page.get_by_label("Purpose").fill("Late")
    expect(page.locator(".mb-status")).to_contain_text("You are signed out")
    kept.status = 200
    saved(page)
    assert purpose(kept) == "Late"


def test_the_later_of_two_copies_is_shown_and_the_other_is_offered(open_page: Open, kept: Shelf) -> None:
    kept.status = 503
    page = open_page()
    page.get_by_label("Purpose").fill("Mine")
    page.get_by_label("Total").focus()
    page.wait_for_function(f"localStorage.getItem({KEY!r})")
    page.close()
    kept.status = 200
    form = Form(Claim, name=NAME, on_submit=enter)
    server = {"values": {**form.values, "purpose": "Theirs"}, "described": {"draft": {"at": 1e15, "moment": "now"}}}
    again = open_page(form, **server)
    assert again.get_by_label("Purpose").input_value() == "Theirs"
    again.get_by_role("button", name="Use that copy").click()
    assert again.get_by_label("Purpose").input_value() == "Mine"
    saved(again)
    assert purpose(kept) == "Mine"


def test_starting_over_drops_the_draft_and_can_be_taken_back(open_page: Open, kept: Shelf) -> None:
    form = Form(Claim, name=NAME, on_submit=enter)
    draft = {
        "values": {**form.values, "purpose": "Old"},
        "described": {"draft": {"at": 5, "moment": "23 Nov 2026 09:30"}},
    }
    page = open_page(form, **draft)
    expect(page.locator(".mb-note")).to_contain_text("your draft of 23 Nov 2026 09:30")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label("Purpose")).to_have_value("")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_label("Purpose")).to_have_value("Old")
    saved(page)
    assert kept.deleted == ["/drafts?form=expense%2Fclaim"]
    assert purpose(kept) == "Old"


def test_errors_stand_at_the_field_once_it_is_left(open_page: Open) -> None:
    page = open_page()
    total = page.get_by_label("Total")
    total.fill("abc")
    expect(page.locator(".mb-error:visible")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.locator(".mb-error:visible")).to_have_text("must be an amount in yuan, with two decimals at most")
    assert total.get_attribute("aria-invalid") == "true"
    described = total.get_attribute("aria-describedby").split()[0]
    assert page.locator(f"[id='{described}']").inner_text().endswith("two decimals at most")
    total.fill("１，２３４．５")
    page.keyboard.press("Tab")
    expect(page.locator(".mb-error:visible")).to_have_count(0)


def test_what_is_refused_is_listed_with_links_and_what_is_sent_is_thanked_for(
    open_page: Open, kept: Shelf, visited: Store  # noqa: ARG001
) -> None:  # fmt: skip
    page = open_page(Form(Claim, name=NAME, on_submit=enter))
    page.get_by_label("Purpose").fill("Trip")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Total: must not be empty")
    summary.get_by_role("link", name="Total").click()
    page.keyboard.type("12")
    page.get_by_label("Since").fill("2026-03-01")
    page.get_by_label("Kind").select_option("payment")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".mb-done")).to_contain_text("Entered.")
    assert page.locator(".mb-done code").inner_text() == "secret"
    expect(page.get_by_label("Purpose")).to_have_value("")
    expect(summary).to_be_hidden()
    page.wait_for_timeout(600)
    assert (local(page), purpose(kept)) == (None, "Trip")


def test_a_silent_kernel_is_told_and_a_second_press_sends_no_second_form(open_page: Open) -> None:
    page = open_page(kernel=False)
    page.clock.install()
    page.get_by_label("Purpose").fill("Trip")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_function("window.sent.length === 1")
    page.clock.run_for(31_000)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    assert page.get_by_label("Purpose").input_value() == "Trip"


def test_a_search_without_an_answer_does_not_say_that_there_is_nothing(open_page: Open) -> None:
    page = open_page(Form(Claim, name=NAME, on_submit=enter, searches={"owner_id": SEARCH}), kernel=False)
    page.clock.install()
    page.get_by_role("combobox", name="Owner").press_sequentially("wa")
    page.clock.run_for(500)
    page.wait_for_function("window.sent.some((one) => one.do === 'search')")
    page.clock.run_for(21_000)
    expect(page.locator(".mb-list")).to_contain_text("The server does not answer")


DRAWN_AGAIN = """() => {
  const other = document.body.appendChild(document.createElement("input"));
  const root = document.body.appendChild(document.createElement("div"));
  import("/form.js").then(({ default: widget }) => {
    widget.render({ model: window.model, el: root });
    if (other.dataset.gone) other.focus();
    setTimeout(() => { document.title = "drawn"; }, 300);
  });
  other.dataset.gone = GONE;
}"""


@pytest.mark.parametrize(("gone", "where"), [("1", "INPUT"), ("", "H2")])
def test_a_form_that_comes_forward_takes_no_keys_from_who_is_elsewhere(
    open_page: Open, *, gone: str, where: str
) -> None:
    page = open_page(described={"focus": True})
    expect(page.get_by_role("heading", name="A claim")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.evaluate(DRAWN_AGAIN.replace("GONE", repr(gone)))
    page.wait_for_function("document.title === 'drawn'")
    assert page.evaluate("document.activeElement.tagName") == where


def test_a_reference_is_found_and_chosen_by_keyboard(open_page: Open, kept: Shelf, visited: Store) -> None:  # noqa: ARG001
    page = open_page(Form(Claim, name=NAME, on_submit=enter, searches={"owner_id": SEARCH}))
    owner = page.get_by_role("combobox", name="Owner")
    owner.press_sequentially("wa")
    expect(page.locator(".mb-list li")).to_have_text(["Wang"])
    owner.press("Enter")
    expect(owner).to_have_value("Wang")
    saved(page)
    assert kept.drafts[-1]["content"]["values"]["owner_id"] == "8"
    owner.fill("")
    owner.press("ArrowDown")
    expect(page.locator(".mb-list li")).to_have_text(["LiSales", "Wang"])
    owner.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_known_texts_are_offered_and_another_may_be_typed(open_page: Open, visited: Store) -> None:  # noqa: ARG001
    known = {"Travel": "twice", "Trade fair": ""}
    offers = {"purpose": lambda _session, text: {one: about for one, about in known.items() if text in one}}
    page = open_page(Form(Claim, name=NAME, on_submit=enter, offers=offers))
    purpose, offered = page.get_by_role("combobox", name="Purpose"), page.locator(".mb-list:not([hidden]) li")
    purpose.fill("Tra")
    expect(offered).to_have_text(["Traveltwice", "Trade fair"])
    purpose.press("ArrowDown")
    purpose.press("Enter")
    expect(purpose).to_have_value("Travel")
    purpose.fill("Tractor")
    expect(offered).to_have_count(0)
    purpose.fill("Trad")
    expect(offered).to_have_count(1)
    purpose.press("Tab")
    expect(purpose).to_have_value("Trad")


def test_a_file_is_uploaded_shown_and_taken_away_again(open_page: Open, visited: Store) -> None:  # noqa: ARG001
    page = open_page(Form(Claim, name=NAME, on_submit=enter))
    big = b"x" * 600_000
    page.get_by_label("Receipt").set_input_files({"name": "发票.pdf", "mimeType": "application/pdf", "buffer": big})
    expect(page.locator(".mb-file")).to_contain_text("发票.pdf · 600 kB", timeout=30_000)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".mb-file")).to_be_empty()


def test_a_day_is_pasted_as_people_write_it(open_page: Open, kept: Shelf) -> None:
    page = open_page()
    page.get_by_label("Since").focus()
    page.evaluate(
        "() => { const data = new DataTransfer(); data.setData('text/plain', '2026年3月1日'); document.activeElement"
        ".dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"
    )
    expect(page.get_by_label("Since")).to_have_value("2026-03-01")
    saved(page)
    assert kept.drafts[-1]["content"]["values"]["since"] == "2026-03-01"


def test_nothing_that_was_typed_is_ever_run(open_page: Open) -> None:
    form = Form(Claim, name=NAME, on_submit=enter, title=EVIL, submit=EVIL)
    values = {**form.values, "purpose": EVIL, "reason": EVIL, "kind": EVIL, "owner_id": EVIL,
              "receipt": {"name": EVIL, "sha256": EVIL, "size": 1},
              "lines": {"columns": ["what", "note"], "rows": [[EVIL, EVIL]]}}  # fmt: skip
    page = open_page(form, values=values, refusals={"purpose": EVIL, "": EVIL, "lines/0/what": EVIL})
    page.evaluate("told => window.hear('msg:custom', told, [])", {"id": "x", "text": EVIL, "shown": EVIL})
    page.get_by_label("Purpose").press("Tab")
    page.wait_for_timeout(200)
    assert page.title() == "x"
    assert page.locator("img, main script").count() == 0


@pytest.mark.parametrize("language", ["zh_Hans", "en", "zh_Hant"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_its_targets_are_large_enough(browser: Any, kept: Shelf, language: str, width: int) -> None:
    with speaking(language):
        mount(kept, "form", state_of(Form(Claim, name=NAME, on_submit=enter, title="A claim")))
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(kept.address)
    page.locator("button[type=submit]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.eval_on_selector_all(
        "input:not([type=radio]):not([type=checkbox]), select, button, .mb-options label, .mb-file-button",
        "all => all.map(one => one.getBoundingClientRect().height).filter(height => height > 0)",
    )
    assert min(heights) >= 44
    page.close()


def test_what_is_said_ahead_stands_above_the_button(open_page: Open) -> None:
    page = open_page()
    expect(page.locator(".mb-ahead")).to_be_hidden()
    page.evaluate("model.set('ahead', 'The manager decides <b>.'); hear('change:ahead')")
    expect(page.locator(".mb-ahead")).to_have_text("The manager decides <b>.")


def test_a_tab_that_comes_second_shows_both_and_loses_neither(open_page: Open, kept: Shelf) -> None:
    page = open_page(kernel=False)
    kept.other = {"values": {"purpose": "theirs"}, "at": 5, "tab": "other"}
    page.get_by_label("Purpose").fill("mine")
    note = page.locator(".mb-note")
    expect(note).to_contain_text("also typed into in another tab")
    expect(page.locator(".mb-status")).to_contain_text("Not saved")
    assert kept.drafts == []
    note.get_by_role("button", name="Show that one").click()
    expect(page.get_by_label("Purpose")).to_have_value("theirs")
    note.get_by_role("button", name="Back to mine").click()
    expect(page.get_by_label("Purpose")).to_have_value("mine")
    saved(page)
    assert (purpose(kept), kept.drafts[-1]["after"]) == ("mine", 5)
