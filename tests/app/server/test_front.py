"""Live pages in a browser: every widget comes to life, and what goes wrong is told in words."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.app.server.conftest import ROOT, Served
from tests.chromium import chromium

FRONT = ROOT / "lib" / "marketbook" / "app" / "server" / "front"
KEEP_SOCKETS = """
window.sockets = []; window.frames_heard = [];
window.WebSocket = class extends WebSocket {
  constructor(...known) {
    super(...known); window.sockets.push(this);
    this.addEventListener("message", ({data}) => window.frames_heard.push(new TextDecoder().decode(data)));
  }
};
"""

CONTROLS = """
import ipywidgets

choices = {"Dropdown", "RadioButtons", "ToggleButtons"}
abstract = {"DOMWidget", "GridspecLayout", "interactive"}
known = {name: kind for name, kind in vars(ipywidgets).items() if isinstance(kind, type) and name not in abstract}
made = []
for kind in (kind for name, kind in sorted(known.items()) if issubclass(kind, ipywidgets.DOMWidget)):
    chooses = "Select" in kind.__name__ or kind.__name__ in choices
    made.append(kind(options=["a", "b"]) if chooses else kind())
print("MADE", len(made))
ipywidgets.VBox(made)
"""

WORK = """
import anywidget
import ipywidgets
import traitlets

slider, label = ipywidgets.IntSlider(value=1), ipywidgets.Label(value="none")
slider.observe(lambda change: setattr(label, "value", f"label {change['new']}"), "value")

output = ipywidgets.Output()
with output:
    print("taken at first")
shows = ipywidgets.Button(description="show")


@output.capture(clear_output=True)
def show(_button):
    print("taken later")
    display(ipywidgets.HTML("<b>a widget within</b>"))


shows.on_click(show)

upload, uploaded = ipywidgets.FileUpload(), ipywidgets.Label(value="no file")
upload.observe(lambda change: setattr(uploaded, "value", str(sum(change["new"][0]["content"].tobytes()))), "value")

breaks = ipywidgets.Button(description="break")


def fail(_button):
    print(1 / 0)


breaks.on_click(fail)


class Own(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
      const button = document.createElement("button");
      button.className = "own";
      const draw = () => { button.textContent = `own ${model.get("count")} ${model.get("raw").byteLength}`; };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change", draw);
      draw();
      el.append(button);
    }
    export default { render };
    '''
    count = traitlets.Int(1).tag(sync=True)
    raw = traitlets.Bytes(b"123").tag(sync=True)

    @traitlets.observe("count")
    def _more(self, change):
        self.raw = bytes(10 * change["new"])


ipywidgets.VBox([slider, label, shows, output, upload, uploaded, breaks, Own()])
"""


@pytest.fixture(scope="module")
def home(home: Path) -> Path:
    """A workspace with two screens of this file's own."""
    (home / "notebooks").unlink()
    (home / "params").unlink()
    (home / "params").mkdir()
    (home / "notebooks" / "trial").mkdir(parents=True)
    for name, source in (("controls", CONTROLS), ("work", WORK)):
        cells = [nbformat.v4.new_markdown_cell(f"# Trial of {name}"), nbformat.v4.new_code_cell(source)]
        about = {"marketbook": {"kind": "screen", "roles": ["manager"]}}
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata=about), home / "notebooks" / "trial" / f"{name}.ipynb"
        )
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def cookies(server: Served) -> list[Any]:
    host = urlsplit(server.address).hostname
    found = server.signed_in("manager").cookies
    return [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in found.items()]


@pytest.fixture
def said() -> list[str]:
    """What the page's console says."""
    return []


@pytest.fixture
def page(browser: Browser, cookies: list[Any], said: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    context.add_cookies(cookies)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(KEEP_SOCKETS)
    page.on("console", lambda message: message.type in ("error", "warning") and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close(run_before_unload=True)
    context.close()


def opened(page: Page, server: Served, name: str) -> Page:
    page.goto(f"{server.address}screens/trial/{name}")
    page.wait_for_selector("body.app-live")
    return page


def send(page: Page, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.click("text=Upload")
    chooser.value.set_files({"name": "a.bin", "mimeType": "application/octet-stream", "buffer": content})


def test_every_control_of_ipywidgets_is_drawn_and_nothing_complains(
    server: Served, page: Page, said: list[str]
) -> None:
    opened(page, server, "controls")
    made = int(re.findall(r"MADE (\d+)", page.inner_text(".app-cells pre"))[0])
    expect(page.locator(".app-widget > .widget-vbox > *")).to_have_count(made)
    assert page.locator(".jupyter-widgets-error-widget").count() == 0
    assert [line for line in said if "RANGE_NOT_SATISFIABLE" not in line] == []  # a film without a picture


def test_a_slider_is_answered_by_its_kernel(server: Served, page: Page) -> None:
    opened(page, server, "work").focus(".noUi-handle")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=label 2")


def test_an_output_widget_shows_what_is_shown_while_it_is_open(server: Served, page: Page) -> None:
    opened(page, server, "work")
    assert page.inner_text(".jupyter-widget-output").strip() == "taken at first"
    page.click("text=show")
    page.wait_for_selector(".jupyter-widget-output >> text=a widget within")
    assert page.inner_text(".jupyter-widget-output pre").strip() == "taken later"


def test_an_upload_arrives_with_every_byte(server: Served, page: Page) -> None:
    send(opened(page, server, "work"), bytes(range(256)) * 99)
    page.wait_for_selector(f"text={sum(range(256)) * 99}")


def test_an_upload_that_is_too_large_is_told_and_the_page_lives_on(server: Served, page: Page) -> None:
    send(opened(page, server, "work"), bytes(9 << 20))
    page.wait_for_selector(".app-notice >> text=too large")
    page.click(".own")
    page.wait_for_selector("text=own 2 20")


def test_an_anywidget_runs_with_its_binary_values(server: Served, page: Page, said: list[str]) -> None:
    opened(page, server, "work")
    assert page.inner_text(".own") == "own 1 3"
    page.click(".own")
    page.wait_for_selector("text=own 2 20")
    assert said == []


def test_an_error_in_a_callback_is_told_by_its_number_only(server: Served, page: Page) -> None:
    opened(page, server, "work").click("text=break")
    told = page.inner_text(".app-notice")
    number = re.findall("[0-9a-f]{8}", told)[0]
    heard = "".join(page.evaluate("window.frames_heard"))
    assert number in heard
    assert not re.search("ZeroDivision|Traceback|ipykernel_", heard)
    assert any(number in line for line in server.log)
    assert any("ZeroDivisionError" in line for line in server.log)


def test_a_short_break_heals_and_loses_no_click(server: Served, page: Page) -> None:
    opened(page, server, "work").evaluate("window.sockets.at(-1).close()")
    page.wait_for_function("window.sockets.at(-1).readyState >= 2")
    page.click(".own")
    page.click("text=show")
    page.wait_for_selector("text=own 2 20")
    page.wait_for_selector(".jupyter-widget-output >> text=a widget within")
    assert not page.is_visible("#mb-gone")
    assert page.evaluate("window.sockets.length") == 2


def test_a_kernel_that_is_gone_is_told_with_the_way_back(server: Served, page: Page) -> None:
    opened(page, server, "work")
    page.evaluate(
        """fetch(window.sockets[0].url.replace(/^ws/, "http").replace(/.channels.*/, ""), {
          method: "DELETE", headers: { "X-XSRFToken": document.querySelector("[name=_xsrf]").value } })"""
    )
    page.wait_for_selector("#mb-gone", state="visible")
    page.click("#mb-gone a")
    page.wait_for_selector("body.app-live")


def test_a_page_that_is_left_ends_its_kernel(server: Served, page: Page) -> None:
    opened(page, server, "work")
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    client = server.client()
    client.cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    assert client.get(f"/api/kernels/{kernel}").status == 200
    page.goto(f"{server.address}password")
    deadline = time.monotonic() + 20
    while client.get(f"/api/kernels/{kernel}").status != 404:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_page_compiles_no_text_into_code(server: Served, page: Page) -> None:
    policies: list[str] = []
    page.on("response", lambda answer: policies.append(answer.headers.get("content-security-policy", "")))
    opened(page, server, "work")
    assert policies[0]
    assert "unsafe-eval" not in policies[0]


def test_what_is_committed_was_built_from_its_sources() -> None:
    names = ["build.js", "package-lock.json", "package.json", *(f"src/{one.name}" for one in (FRONT / "src").iterdir())]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (FRONT / name).read_bytes())
    first = (FRONT / "built" / "front.js").read_text("utf-8")[:200]
    assert digest.hexdigest() in first, "run `make front`"
