"""What stock Voilà serves is not there, and no address leads out of the few folders that are served."""

import socket

import pytest
from tests.app.server.conftest import ROOT, SECRET, Served

from marketbook.kit.store import Store

STOCK = (
    *("/voila/files/", "/voila/files/notebooks/template.ipynb", "/voila/files/template.ipynb"),
    *("/voila/files/report.png", "/voila/templates/base/static/voila.js"),
    *("/voila/templates/../../../template.ipynb", "/voila/tree", "/voila/tree/"),
    *("/voila/render/template.ipynb", "/voila/render/survey/analyse-survey.ipynb"),
    *("/voila/render/../params/template.yml", "/voila/query/00000000-0000-4000-8000-000000000000"),
    *("/voila/execution/00000000-0000-4000-8000-000000000000", "/voila/api/contents"),
    *("/voila/api/contents/template.ipynb", "/voila/api/themes/x", "/api/contents", "/api/kernels"),
    *("/api/sessions", "/api/terminals", "/api/status", "/api/me", "/api/kernelspecs"),
    *("/api/security/csp-report", "/login", "/logout", "/static/style.css", "/static/", "/tree"),
    *("/files/template.ipynb", "/nbconvert/html/x", "/lab", "/template.ipynb", "/notebooks/template.ipynb"),
    *("/.marketbook/store.db", "/metrics", "/favicon.ico", "/terminals/x"),
)
UP = ("..", "%2e%2e", "%252e%252e", ".%2e", "..%00", "..%5c", "..;", "%c0%ae%c0%ae", "．．", "....", "%uff0e%uff0e")
TARGETS = ("etc/passwd", "template.ipynb", ".marketbook/store.db", "params/template.yml", "proc/self/environ")
FOLDERS = (
    *(
        "/voila/static/",
        "/voila/labextensions/",
        "/voila/labextensions/anywidget/",
        "/assets/",
        "/reports/",
        "/screens/",
    ),
    *("/reports/template/runs/", "/reports/template/runs/a/", "/voila/files/", "/"),
)


def leaks(body: bytes) -> bool:
    """Whether an answer holds a notebook's source, a params file, the store, the passwords of Unix or the secret."""
    signs = (b'"cell_type"', b"kernelspec", b"SQLite format", b"root:", b"cron:", SECRET.encode())
    return any(sign in body for sign in signs)


@pytest.mark.parametrize("path", STOCK)
def test_what_stock_voila_serves_is_not_there(common: Served, path: str) -> None:
    assert common.someone("manager").get(path).status in (404, 403)
    answer = common.client().get(path)
    assert (answer.status, leaks(answer.body)) in ((302, False), (403, False), (404, False))
    assert common.client().post(path).status in (403, 404)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("up", UP)
def test_no_way_leads_up_and_out(common: Served, folder: str, up: str) -> None:
    client = common.someone("manager")
    for target in TARGETS:
        for depth in (1, 4, 12):
            answer = client.get(folder + f"{up}/" * depth + target)
            assert answer.status in (400, 403, 404), answer.location
            assert not leaks(answer.body)


RAW = (
    b"GET /voila/static/../../../../../../etc/passwd HTTP/1.1",
    b"GET /voila/static//etc/passwd HTTP/1.1",
    b"GET file:///etc/passwd HTTP/1.1",
    b"GET http://127.0.0.1/../../etc/passwd HTTP/1.1",
    b"GET \\..\\..\\etc\\passwd HTTP/1.1",
    b"GET * HTTP/1.1",
    b"CONNECT 127.0.0.1:22 HTTP/1.1",
    b"GET /voila/static/\xff\xfe/../x HTTP/1.1",
    b"GET / HTTP/9.9",
    b"nonsense",
)


@pytest.mark.parametrize("line", RAW)
def test_what_no_browser_would_send_is_refused_too(common: Served, line: bytes) -> None:
    host, _colon, port = common.client().netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not answer.startswith(b"HTTP/1.1 200")
    assert not leaks(answer)


def test_nothing_is_lost(common: Served) -> None:
    assert isinstance(common.store, Store)
    assert common.someone("manager").get("/").status == 200
    assert (ROOT / "notebooks" / "template.ipynb").exists()
