"""Drafts are kept by the server for who is signed in, and only for pages of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.app.server.client import Answer, Client
from tests.app.server.conftest import Served

from marketbook.kit.records import account, draft

FORM = "expense/claim"


@pytest.fixture
def manager(server: Served) -> Iterator[Client]:
    client = server.signed_in("manager")
    yield client
    send(client, "DELETE", f"/drafts?form={FORM}")


def send(client: Client, method: str, path: str, said: object = None, *, token: str | None = None) -> Answer:
    body = said if isinstance(said, bytes) else json.dumps(said).encode() if said is not None else None
    headers = {"X-XSRFToken": client.token if token is None else token, "Content-Type": "application/json"}
    return client.request(method, path, body=body, headers=headers)


def put(client: Client, content: Any, record: object = None, **more: Any) -> Answer:
    return send(client, "PUT", "/drafts", {"form": FORM, "record_id": record, "content": content}, **more)


def kept(server: Served, login: str, record: int | None = None) -> Any:
    with server.store.reading() as session:
        who = account.named(session, login=login)
        found = draft.load(session, account_id=who.id, form=FORM, record_id=record)
        return found.content if found else None


def test_a_draft_is_kept_replaced_and_dropped(server: Served, manager: Client) -> None:
    answer = put(manager, {"values": {"purpose": "出差 <script>"}, "at": 5})
    assert (answer.status, set(answer.json)) == (200, {"saved_at"})
    put(manager, {"values": {"purpose": "later"}, "at": 6})
    put(manager, {"values": {"purpose": "of a record"}}, 7)
    assert kept(server, "manager")["values"] == {"purpose": "later"}
    assert send(manager, "DELETE", f"/drafts?form={FORM}").status == 204
    assert (kept(server, "manager"), kept(server, "manager", 7)["values"]) == (None, {"purpose": "of a record"})
    assert send(manager, "DELETE", f"/drafts?form={FORM}&record_id=7").status == 204
    assert kept(server, "manager", 7) is None


def test_drafts_belong_to_who_is_signed_in(server: Served, manager: Client) -> None:
    put(manager, {"values": {"purpose": "mine"}})
    other = server.signed_in("sales")
    put(other, {"values": {"purpose": "theirs"}})
    send(other, "DELETE", f"/drafts?form={FORM}")
    assert (kept(server, "manager")["values"], kept(server, "sales")) == ({"purpose": "mine"}, None)


def test_nobody_and_no_other_site_may_put_one(server: Served, manager: Client) -> None:
    assert put(server.client(), {"values": {}}).status == 403
    assert put(manager, {"values": {}}, token="").status == 403
    assert put(manager, {"values": {}}, token="guessed").status == 403
    assert kept(server, "manager") is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"3", b'{"form": 3, "content": {}}', b'{"form": "a", "content": []}', b'{"form": "a"}',
     b'{"form": "a", "record_id": "7", "content": {}}', b'{"form": "a", "record_id": true, "content": {}}',
     b'{"form": "a", "record_id": 99999999999999, "content": {}}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_draft_is_refused(manager: Client, body: bytes) -> None:
    assert send(manager, "PUT", "/drafts", body).status == 400


def test_too_much_is_refused_and_a_large_table_is_not(server: Served, manager: Client) -> None:
    table = [["二十个汉字左右的一个单元格内容示例"] * 14] * 500
    assert put(manager, {"values": {"lines": table}}).status == 200
    assert kept(server, "manager")["values"]["lines"] == table
    assert put(manager, {"values": "x" * 1_100_000}).status == 413
    assert send(manager, "DELETE", "/drafts?form=a&record_id=x").status == 400
