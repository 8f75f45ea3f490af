"""What every answer carries: headers, cookies and names, whoever gives it and however it went."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.server.conftest import Served, serving, workspace_of

NONE = "00000000-0000-4000-8000-000000000000"
PLACES = (
    *("/sign-in", "/", "/password", "/reports/template?x=1", "/nowhere", "/assets/app.css", "/assets/nothing.js"),
    *("/assets/front.js", "/assets/nothing.js", f"/api/kernels/{NONE}", f"/api/kernels/{NONE}/channels"),
    "/assets/fontawesome-webfont.woff2",
)


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_is_shut_to_other_sites_and_says_no_version(common: Served, path: str) -> None:
    for client in (common.client(), common.someone("manager")):
        told = client.get(path).headers
        assert "server" not in told
        assert (told["x-content-type-options"], told["x-frame-options"]) == ("nosniff", "DENY")
        assert (told["referrer-policy"], told["cross-origin-resource-policy"]) == ("same-origin", "same-origin")
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "access-control-allow-origin" not in told


@pytest.mark.parametrize("path", ["/", "/password", "/sign-in", "/reports/template?x=1", "/nowhere"])
def test_a_page_is_kept_in_no_cache_and_runs_no_script_but_its_own(common: Served, path: str) -> None:
    told = common.someone("manager").get(path).headers
    assert told.get("cache-control") == "no-store"
    assert "default-src 'none'" in told["content-security-policy"] or told.get("location")
    assert "'unsafe-inline'" not in told["content-security-policy"].partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "HEAD"])
def test_other_methods_are_refused(common: Served, method: str) -> None:
    client = common.someone("manager")
    statuses = {
        client.request(method, path, headers={"X-XSRFToken": client.token}).status for path in ("/", "/password")
    }
    assert statuses <= {405, 403}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(common: Served) -> None:
    told = common.client().sign_in("manager").cookies
    session = next(line for line in told if line.startswith("marketbook_session="))
    assert all(part in session for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in session


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "a" * 300])
def test_a_name_that_is_not_ours_is_not_answered(common: Served, name: str) -> None:
    client = common.client()
    answer = client.get("/sign-in", headers={"Host": name})
    assert answer.status in (421, 400)
    assert "set-cookie" not in answer.headers
    assert client.request("POST", "/sign-in", body=b"login=a", headers={"Host": name}).status in (421, 400)


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8866", "192.0.2.7"])
def test_addresses_and_localhost_are_ours(common: Served, name: str) -> None:
    assert common.client().get("/sign-in", headers={"Host": name}).status == 200


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Iterator[Served]:
    """A server with a certificate of its own, called `market.example`."""
    home = workspace_of(tmp_path_factory.mktemp("tls"), small_facts)
    certificate, key = home / "certificate.pem", home / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=market.example", "-days", "2",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    options = ("--certificate", str(certificate), "--key", str(key))
    with serving(home, *options, MARKETBOOK_HOSTS="market.example") as served:
        yield served


def test_over_tls_the_cookie_is_bound_to_this_host_and_the_browser_stays_with_tls(over_tls: Served) -> None:
    answer = over_tls.client().sign_in("manager")
    session = next(line for line in answer.cookies if "session" in line)
    assert session.startswith("__Host-marketbook_session=")
    assert all(part in session for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Secure"))
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_over_tls_a_cookie_that_a_plain_page_planted_is_not_looked_at(over_tls: Served) -> None:
    client = over_tls.signed_in("manager")
    planted = over_tls.client()
    planted.cookies = {"marketbook_session": client.cookies["__Host-marketbook_session"]}
    assert (client.get("/").status, planted.get("/").status) == (200, 302)


def test_every_cookie_over_tls_is_secure(over_tls: Served) -> None:
    client = over_tls.client()
    told = [*client.get("/sign-in").cookies, *client.post("/language", language="en").cookies]
    assert all("Secure" in line and "SameSite=Lax" in line for line in told)


def test_names_are_those_of_the_settings(over_tls: Served) -> None:
    names = {name: over_tls.client().get("/sign-in", headers={"Host": name}).status for name in NAMES}
    assert names == NAMES


NAMES = {"market.example": 200, "Market.Example:443": 200, "evil.example": 421, "market.example.evil": 421}
