"""Sending files as browsers do, and reading the pages that answer."""

import html
import io
import re
import time
import zipfile
from pathlib import Path

import xlsxwriter
from tests.app.server.client import Answer, Client
from tests.app.server.conftest import Served

from marketbook.app.server.data.inbox import State

BOUNDARY = "----WebKitFormBoundaryX7q"


def form(fields: dict[str, str], content: bytes, name: str) -> tuple[bytes, dict[str, str]]:
    """A form with a file, as browsers write it, and its headers."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    shown = name.replace('"', "%22")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
    body = "".join(parts).encode() + head.encode() + b"Content-Type: text/csv\r\n\r\n" + content
    return body + f"\r\n--{BOUNDARY}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def send(client: Client, dataset: str, content: bytes | str, name: str = "data.csv", **fields: str) -> Answer:
    """Send a file and return what is answered; a redirect is not followed."""
    sent = content.encode() if isinstance(content, str) else content
    body, headers = form({"_xsrf": client.token, "update": "no", **fields}, sent, name)
    return client.request("POST", f"/data/{dataset}/uploads", body=body, headers=headers)


def checked(client: Client, dataset: str, content: bytes | str, name: str = "data.csv", **fields: str) -> str:
    """Send a file, wait until it is checked, and return the address of its page."""
    answer = send(client, dataset, content, name, **fields)
    assert answer.status == 303, words(answer)
    return settled(client, answer.location)


def settled(client: Client, page: str) -> str:
    """Wait until nobody works on an upload any more."""
    for _try in range(600):
        if not client.get(f"{page}/state").json["busy"]:
            return page
        time.sleep(0.1)
    raise AssertionError("still busy")


def commit(client: Client, page: str) -> Answer:
    """Import what a page shows, and open the page again."""
    assert client.post(f"{page}/commit").status == 303
    return client.get(settled(client, page))


def words(answer: Answer) -> str:
    """A page's words without its marks."""
    main = answer.text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def folder(server: Served, page: str) -> Path:
    """Where the server keeps an upload."""
    return server.home / ".marketbook" / "uploads" / page.rpartition("/")[2]


def state(server: Served, page: str) -> State:
    """What the server knows of an upload."""
    return State.model_validate_json((folder(server, page) / "state.json").read_text())


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return stream.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook that says it holds that much, and does."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _megabyte in range(megabytes):
            part.write(bytes(1_000_000))
    return stream.getvalue()
