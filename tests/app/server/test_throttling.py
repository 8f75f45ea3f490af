"""Thousands of tries: few reach a hash, the server stays quick, and honest people get in."""

import http.client
from urllib.parse import urlencode

import pytest
from tests.app.server.client import FORM, Client
from tests.app.server.conftest import Served

ATTACKER, HONEST = "127.0.0.66", "127.0.0.77"
TRIES = 1_000
"""Over HTTP; the ten thousand are tried at the store (`tests/kit/records/test_sign_in.py`)."""


def attack(client: Client, login: str, tries: int) -> list[int]:
    """Try passwords, one after another on one connection; the statuses."""
    headers = {"Cookie": f"_xsrf={client.token}", "Content-Type": FORM}
    connection = http.client.HTTPConnection(client.netloc, timeout=60, source_address=(ATTACKER, 0))
    statuses = []
    for n in range(tries):
        fields = {"_xsrf": client.token, "login": login, "password": f"{n}"}
        connection.request("POST", "/sign-in", urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


@pytest.fixture(scope="module")
def statuses(common_server: Served) -> list[int]:
    return attack(common_server.client(ATTACKER), "executive", TRIES)


def test_five_tries_of_a_name_reach_a_hash_and_the_others_are_told_to_wait(common: Served, statuses: list[int]) -> None:
    assert statuses == [401] * 5 + [429] * (TRIES - 5)
    hashed = [line for line in common.log if f"sign-in refused, from {ATTACKER}" in line]
    assert len(hashed) == 5


@pytest.mark.usefixtures("statuses")
def test_the_owner_of_the_name_gets_in_from_somewhere_else(common: Served) -> None:
    assert common.client(HONEST).sign_in("executive").status == 303


@pytest.mark.usefixtures("statuses")
def test_even_the_right_password_waits_where_it_was_guessed(common: Served) -> None:
    answer = common.client(ATTACKER).sign_in("executive")
    assert (answer.status, int(answer.headers["retry-after"]) > 800) == (429, True)
    assert "Too many tries" in answer.text or "尝试" in answer.text


@pytest.mark.usefixtures("statuses")
def test_many_names_from_an_address_are_stopped_too(common: Served) -> None:
    statuses = [attack(common.client(ATTACKER), f"name{n}", 1)[0] for n in range(40)]
    assert statuses == [401] * 25 + [429] * 15


@pytest.mark.usefixtures("statuses")
def test_a_name_that_does_not_exist_looks_the_same(common: Served) -> None:
    known = common.client("127.0.0.78").sign_in("sales", "wrong").text
    unknown = common.client("127.0.0.79").sign_in("nobody", "wrong").text
    assert known.partition("<main")[2].replace("sales", "nobody").count("nobody") == unknown.count("nobody")
