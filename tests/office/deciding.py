"""Somebody of the company before a screen: who is served, and forms that are sent as a browser sends them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from tests.office.company import House

from marketbook.kit import visitor
from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Form
from marketbook.kit.forms.told import Told
from marketbook.kit.records import Account, Party, account, passwords, roles
from marketbook.kit.visitor import Visitor

Visit = Callable[[int], Visitor]


@contextmanager
def visiting(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Give a function after which somebody, by his id, is served."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def come(party: int, *, record: int | None = None) -> Visitor:
        with house.store.writing() as session:
            name = session.get_one(Party, party).name
            found = session.scalar(select(Account).where(Account.party_id == party))
            if found is None:
                found = account.add(session, party_id=party, login=f"a-{name}", password="a long enough one").account
            held = roles.held(session, party_id=party)
        who = Visitor(
            account_id=found.id, party_id=party, login=found.login, name=name, language="en", roles=held,
            store=house.store.url.render_as_string(hide_password=False), record=record,
        )  # fmt: skip
        monkeypatch.setattr(visitor, "_served", who)
        return who

    yield come
    if visitor.served():
        served.store().close()
    served._opened.cache_clear()


def told(shown: Any) -> str:
    """What is to be read in a widget and those in it."""
    if isinstance(shown, Told):
        return str(shown.described["html"])
    return "".join(told(one) for one in getattr(shown, "children", ()))


def form(shown: Any, name: str) -> Form[Any] | None:
    """The form of a name in a widget."""
    if isinstance(shown, Form):
        return shown if shown.name == name else None
    found = (form(one, name) for one in getattr(shown, "children", ()))
    return next((one for one in found if one is not None), None)


def buttons(shown: Any) -> list[str]:
    """What the buttons of the steps say."""
    steps = form(shown, "office/decide")
    if steps is None:
        return []
    return [steps.described["submit"], *(one["text"] for one in steps.described["also"])]


def send(shown: Any, name: str, monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, Any]:
    """Send a form as the browser does; return the answer."""
    sent = form(shown, name)
    assert sent is not None, told(shown)
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(sent, "send", lambda content, buffers=None: heard.append(content))  # noqa: ARG005
    sent._heard(sent, {"do": "submit", "id": "1", "attempt": object(), "values": values}, [])
    return heard[-1]
