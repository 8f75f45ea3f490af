"""A widget's script on a page of its own: a model like the kernel's, a server that keeps drafts, a real browser."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from marketbook.kit.forms.record_form import Form
from marketbook.kit.forms.script import script, style

PAGE = """<!DOCTYPE html><html lang="{tag}"><head><meta charset="utf-8"><title>x</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>body{{margin:0;padding:16px;background:#fff;font-family:sans-serif}}{style}</style></head>
<body><main id="root"></main><script type="module">
import widget from "/{name}.js";
const state = {state};
const listeners = {{}};
const letter = (one) => one.charCodeAt(0);
const coded = (buffer) => new Promise((done) => {{
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1]);
  reader.readAsDataURL(new Blob([buffer]));
}});
window.hear = (name, ...told) => (listeners[name] ?? []).forEach((act) => act(...told));
window.refuse = (told) => {{ state.refusals = told; window.hear("change:refusals"); }};
window.answer = async (message, buffers) => {{
  const answer = await window.kernel?.(JSON.stringify(message), buffers?.[0] ? await coded(buffers[0]) : "");
  const told = JSON.parse(answer ?? "{{}}");
  if (told.state) window.refuse(told.state);
  else if (told.id) window.hear("msg:custom", told, told.buffer ? [Uint8Array.from(atob(told.buffer), letter)] : []);
}};
window.sent = [];
window.model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  save_changes: () => window.answer({{ do: "values", values: state.values }}),
  on: (name, act) => (listeners[name] ??= []).push(act),
  off: (name, act) => {{ listeners[name] = (listeners[name] ?? []).filter((one) => one !== act); }},
  send: (message, _none, buffers) => {{
    window.sent.push(message);
    window.answer(message, buffers);
  }},
}};
window.leave = widget.render({{ model: window.model, el: document.getElementById("root") }});
</script></body></html>"""


class Shelf:
    """What a page asks for, and the drafts it has put."""

    def __init__(self) -> None:
        self.page = ""
        self.scripts: dict[str, str] = {}
        self.drafts: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.tokens: list[str | None] = []
        self.status = 200
        self.other: dict[str, Any] | None = None
        self.address = ""


class _Handler(BaseHTTPRequestHandler):
    shelf: Shelf
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.strip("/").split("?")[0]
        if name.endswith(".js"):
            self._answer(200, self.shelf.scripts[name[:-3]].encode(), "text/javascript")
        else:
            self._answer(200, self.shelf.page.encode(), "text/html", "_xsrf=token%7C1; Path=/")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.shelf.tokens.append(self.headers["X-XSRFToken"])
        said, other = json.loads(body), self.shelf.other
        if other and said["after"] != other["at"]:
            self._answer(409, json.dumps({"elsewhere": other}).encode(), "application/json")
            return
        self.shelf.other = None
        if self.shelf.status == 200:
            self.shelf.drafts.append(said)
        self._answer(self.shelf.status, b'{"saved_at": "now"}', "application/json")

    def do_DELETE(self) -> None:
        self.shelf.deleted.append(self.path)
        self._answer(204, b"", "application/json")

    def _answer(self, status: int, body: bytes, kind: str, cookie: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        pass


@contextmanager
def shelf() -> Iterator[Shelf]:
    kept = Shelf()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"shelf": kept}))
    kept.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mount(kept: Shelf, name: str, state: dict[str, Any], tag: str = "en") -> None:
    """Lay a widget's page on the shelf."""
    kept.scripts[name] = script(name)
    written = json.dumps(state).replace("<", "\\u003c")
    kept.page = PAGE.format(tag=tag, style=style(), name=name, state=written)


def state_of(form: Form[Any], *, account: int | None = 3) -> dict[str, Any]:
    """Return what a form's script is given; with a server of drafts that belongs to the page, or none."""
    server = {"url": "/drafts", "account": account} if account else None
    return {"described": {**form.described, "server": server}, "values": form.values, "refusals": {}}


def connect(page: Any, form: Form[Any], monkeypatch: Any) -> None:
    """Let a page's script speak to a form as if a kernel were between them."""
    answers: list[str] = []
    monkeypatch.setattr(form, "send", lambda content, buffers=None: answers.append(json.dumps(content)))  # noqa: ARG005

    def kernel(message: str, piece: str) -> str:
        said = json.loads(message)
        if said["do"] == "values":
            form.values = said["values"]
            return json.dumps({"state": form.refusals})
        form._heard(form, said, [memoryview(base64.b64decode(piece))])
        return answers.pop()

    page.expose_function("kernel", kernel)
