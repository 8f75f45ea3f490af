"""A proxy that signs people in: believed at its address and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.server import trial
from tests.app.server.channel import refused
from tests.app.server.conftest import Served, serving, workspace_of

from marketbook.kit.records import account

PROXY, ELSEWHERE, OTHER = "127.0.0.2", "127.0.0.3", "127.0.0.4"
USER = "X-Remote-User"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Iterator[Served]:
    """A server that believes the proxy at 127.0.0.2."""
    home = workspace_of(tmp_path_factory.mktemp("behind"), small_facts)
    trial.write(home)
    known = {"MARKETBOOK_PROXIES": f"{PROXY}/32, 10.0.0.0/8", "MARKETBOOK_USER_HEADER": USER}
    with serving(home, "--insecure", code=trial.QUICK, **known) as served:
        yield served


def test_who_the_proxy_names_is_signed_in_and_stays_the_same(behind: Served) -> None:
    client = behind.client(PROXY)
    assert client.get("/", headers={USER: "manager"}).status == 200
    first = client.cookies["marketbook_session"]
    assert client.get("/", headers={USER: " MANAGER"}).status == 200
    assert client.cookies["marketbook_session"] == first


@pytest.mark.parametrize("name", [USER, USER.lower(), "X_Remote_User", "X-Forwarded-User", "Remote-User"])
def test_a_header_from_anywhere_else_signs_nobody_in(behind: Served, name: str) -> None:
    client = behind.client(ELSEWHERE)
    forged = {name: "admin", "X-Forwarded-For": PROXY, "Forwarded": f"for={PROXY}", "X-Real-IP": PROXY}
    assert client.get("/", headers=forged).status == 302
    assert "marketbook_session" not in client.cookies
    client.sign_in("sales")
    assert client.get("/reports/segmentation/segment-market?x=1", headers=forged).status == 403


@pytest.mark.parametrize("login", ["nobody", "manager, admin", "manager,admin", "", " ", "%00", "manager;", "*"])
def test_a_name_that_is_no_account_signs_nobody_in(behind: Served, login: str) -> None:
    assert behind.client(PROXY).get("/", headers={USER: login}).status == 302


def test_a_disabled_account_is_out_whatever_the_proxy_says(behind: Served) -> None:
    with behind.store.writing() as session:
        account.disable(session, login="auditor")
    assert behind.client(PROXY).get("/", headers={USER: "auditor"}).status == 302


def test_the_proxys_name_counts_more_than_a_cookie_of_somebody_else(behind: Served) -> None:
    client = behind.client(PROXY)
    client.sign_in("specialist")
    text = client.get("/", headers={USER: "finance"}).text
    assert "韩慎之" in text
    assert "苏晓禾" not in text


def test_whom_a_proxy_names_needs_no_password_of_ours(behind: Served) -> None:
    with behind.store.writing() as session:
        account.reset(session, login="service")
    assert behind.client(PROXY).get("/", headers={USER: "service"}).status == 200
    assert behind.client(ELSEWHERE).sign_in("service").status == 401


def test_a_kernel_knows_the_proxys_user_whatever_the_page_says(behind: Served) -> None:
    client = behind.client(PROXY)
    forged = {USER: "manager", "X-Forwarded-User": "admin", "Cookie2": "a"}
    text = client.get("/screens/trial/look?login=admin&party_id=1", headers=forged).text
    assert "login=&#x27;manager&#x27;" in text
    assert "login=&#x27;admin&#x27;" not in text


def test_a_websocket_is_its_owners_behind_a_proxy_too(behind: Served) -> None:
    client = behind.client(PROXY)
    kernel = client.get("/screens/trial/slider", headers={USER: "manager"}).text.partition('"kernelId": "')[2][:36]
    assert refused(behind.client(PROXY), kernel, {USER: "specialist"}) == 404
    assert refused(behind.client(ELSEWHERE), kernel, {USER: "manager"}) == 403
    assert refused(client, kernel, {USER: "manager"}) == 0


def test_tls_is_what_the_proxy_says_and_nobody_else(behind: Served) -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    told = behind.client(PROXY).get("/sign-in", headers=forwarded)
    forged = behind.client(ELSEWHERE).get("/sign-in", headers=forwarded)
    assert ("strict-transport-security" in told.headers, "Secure" in told.cookies[0]) == (True, True)
    assert ("strict-transport-security" in forged.headers, "Secure" in forged.cookies[0]) == (False, False)


def test_tries_are_counted_by_the_address_that_the_proxy_tells(behind: Served) -> None:
    client = behind.client(PROXY)
    there, here = {"X-Forwarded-For": "10.0.0.1, 198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}
    tries = [client.post("/sign-in", headers=there, login="director", password="x").status for _each in range(7)]
    assert tries == [401] * 5 + [429] * 2
    right = client.post("/sign-in", headers=here, login="director", password="qinghe-demo-2025")
    assert right.status == 303


def test_nobody_escapes_the_count_by_a_forged_address(behind: Served) -> None:
    client = behind.client(OTHER)
    tries = [
        client.post("/sign-in", headers={"X-Forwarded-For": f"203.0.113.{n}"}, login=f"u{n}", password="x").status
        for n in range(33)
    ]
    assert tries == [401] * 30 + [429] * 3
