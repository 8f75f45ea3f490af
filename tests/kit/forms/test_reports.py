"""Every report's form: whole, in three languages, and usable in a real browser at both widths."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.chromium import chromium
from tests.kit.forms.asked import Everything
from tests.kit.forms.showing import ACTION, Tags, page
from tests.kit.report.reading import html_texts, stray_english, tofu

from marketbook.app.catalogue import reports
from marketbook.kit.forms import canonical, decode, encode, fields, refused
from marketbook.kit.language import speaking
from marketbook.kit.params import Params

TYPED = ("roas", "CN", "US")
"""What is typed as it stands, and named in a description."""

SCHEMAS = list({report.schema(): None for report in reports()})
LANGUAGES = ("zh_Hans", "en", "zh_Hant")

_LOW_CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)];
    return (Math.max(x, y) + .05) / (Math.min(x, y) + .05) };
  const under = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
  const found = [];
  for (const e of document.querySelectorAll('.mb-form *')) {
    const s = getComputedStyle(e), drawn = e.matches('input:not([type=hidden]),select,textarea');
    if ((e.innerText || drawn) && ratio(rgb(s.color), under(e)) < 4.5) found.push(e.outerHTML);
    if (e.matches('input:not([type=radio]):not([type=checkbox]):not([type=hidden]),select,textarea')
      && ratio(rgb(s.borderTopColor), [255, 255, 255]) < 3) found.push(e.outerHTML);
  }
  return found }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def test_there_are_reports() -> None:
    assert len(SCHEMAS) >= 4


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_reports_form_asks_for_every_parameter(schema: type[Params], spoken: str) -> None:
    with speaking(spoken):
        html = page(schema)
        named = {str(attrs["name"]) for tag, attrs in Tags(html).all if "name" in attrs and tag != "meta"}
        texts = html_texts(html)
        assert named == set(schema.model_fields)
        assert all(any(field.title in text for text in texts) for field in fields(schema))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_reports_defaults_round_trip(schema: type[Params]) -> None:
    params = schema()
    assert encode(dict(params), schema) == ""
    assert schema.check(decode("", schema)) == params
    assert refused(schema, "") == {}


@pytest.mark.parametrize("spoken", ["zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_chinese_form_has_no_stray_english_and_no_tofu(schema: type[Params], spoken: str) -> None:
    with speaking(spoken):
        query = "&".join(f"{name}=" for name in schema.model_fields)
        texts = [*html_texts(page(schema)), *html_texts(page(schema, query))]
    assert stray_english(texts, allowed=TYPED) == []
    assert tofu(texts) == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_forms_fit_and_can_be_read(browser: Any, spoken: str) -> None:
    shown = browser.new_page()
    for schema in SCHEMAS:
        with speaking(spoken):
            shown.set_content(page(schema, "&".join(f"{name}=" for name in schema.model_fields)))
        for width in (360, 1280):
            shown.set_viewport_size({"width": width, "height": 800})
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            assert shown.evaluate(_LOW_CONTRAST) == []
    shown.close()


@pytest.mark.parametrize("schema", [Everything, *SCHEMAS])
def test_a_form_sent_untouched_is_the_default(browser: Any, schema: type[Params]) -> None:
    assert canonical(_sent(browser, page(schema)), schema) == ""


def test_a_form_is_filled_in_and_sent_with_the_keyboard_alone(browser: Any) -> None:
    def typing(shown: Any) -> None:
        shown.focus("[name=weeks]")
        for key in ("Control+A", "4", "Tab", "Tab", "Tab", "Control+A", "9", ".", "5", "Enter"):
            shown.keyboard.press(key)

    assert canonical(_sent(browser, page(Everything), typing), Everything) == "weeks=4&budget_minor=9.50"


def test_nothing_ticked_is_an_empty_list(browser: Any) -> None:
    def untick(shown: Any) -> None:
        for box in shown.query_selector_all("[name=margins]:checked"):
            box.uncheck()
        shown.click("button")

    assert canonical(_sent(browser, page(Everything), untick), Everything) == "margins="


def test_what_was_refused_is_still_typed_and_the_summary_has_the_focus(browser: Any) -> None:
    shown = browser.new_page()
    shown.set_content(page(Everything, "weeks=many&as_of=never&codes=a&bounds=1&bounds=x&form=tanh"))
    assert shown.evaluate("document.activeElement.className") == "mb-refused"
    values = [shown.input_value(f"#mb-{name}") for name in ("weeks", "as_of", "codes", "bounds-2", "form")]
    assert values == ["many", "never", "a", "x", "tanh"]
    shown.click("a[href='#mb-weeks']")
    assert shown.evaluate("document.activeElement.id") == "mb-weeks"
    shown.close()


def _sent(browser: Any, html: str, fill: Any = lambda shown: shown.click("button")) -> str:
    """Return the query that a browser sends."""
    shown = browser.new_page()
    shown.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    shown.goto("http://marketbook.test/")
    with shown.expect_navigation():
        fill(shown)
    address = urlsplit(shown.url)
    shown.close()
    assert address.path == ACTION
    return address.query
