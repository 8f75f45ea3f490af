"""What another site makes a browser send: refused, by what the browser says of it, by its origin and by our token."""

import pytest
from tests.app.server.channel import kernel_of, refused
from tests.app.server.conftest import Served

from marketbook.app.server.signin import within

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
POSTS = ("/sign-in", "/sign-out", "/password", "/language", "/reports/template/publish")


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    common: Served, path: str, headers: dict[str, str]
) -> None:
    client = common.someone("manager")
    answer = client.post(path, headers=headers, language="zh_Hant", login="manager", password="x")
    assert answer.status in (403, 404)
    assert client.get("/").status == 200


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_our_token_is_refused(common: Served, path: str) -> None:
    client = common.someone("manager")
    for token in ("", "x", common.client().token, "2|00|00|0"):
        assert client.request("POST", path, body=f"_xsrf={token}&language=en".encode()).status == 403
    assert client.get("/").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_drafts_and_kernels_are_changed_with_our_token_only(common: Served, method: str) -> None:
    client = common.someone("manager")
    kernel = kernel_of(client, "/screens/trial/slider")
    assert client.request(method, "/drafts", body=b'{"form": "f", "content": {}}').status == 403
    assert client.request("DELETE", f"/api/kernels/{kernel}").status == 403
    assert client.request("POST", f"/voila/api/shutdown/{kernel}", body=b"").status == 403
    assert client.get(f"/api/kernels/{kernel}").status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_websocket_of_another_site_is_refused(common: Served, origin: str) -> None:
    client = common.someone("manager")
    kernel = kernel_of(client, "/screens/trial/slider")
    assert refused(client, kernel, {"Origin": origin}) in (403, 404)
    assert refused(client, kernel, {"Origin": f"http://{client.netloc}"}) == 0


def test_another_sites_script_is_told_nothing_by_cors(common: Served) -> None:
    answer = common.someone("manager").get("/", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


ELSEWHERE = (
    *(
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "evil.example",
    ),
    *("javascript:alert(1)", "/\n/evil.example", "///evil.example", "", "http:evil.example", "/%0d%0aX: 1\r\nX: 2"),
)


@pytest.mark.parametrize("following", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(common: Served, following: str) -> None:
    client = common.client()
    answer = client.post("/sign-in", login="manager", password="qinghe-demo-2025", next=following)
    assert (answer.status, answer.location) == (303, "/")
    assert client.post("/language", language="en", next=following).location == "/"
    assert client.request("GET", f"/sign-in?next={following.replace(' ', '')}".split()[0]).location in ("/", "")
    assert within(following) == "/"


def test_signing_in_makes_a_new_session_and_ends_the_one_before(common: Served) -> None:
    client = common.client()
    client.cookies["marketbook_session"] = "planted-by-somebody"
    client.sign_in("manager")
    first = dict(client.cookies)
    assert first["marketbook_session"] != "planted-by-somebody"
    client.sign_in("sales")
    assert client.cookies["marketbook_session"] != first["marketbook_session"]
    before = common.client()
    before.cookies = first
    assert before.get("/").status == 302


INJECTED = ("\r\nSet-Cookie: a=b", "\nX-Evil: 1", "a\x00b", "x" * 70_000)


@pytest.mark.parametrize("value", INJECTED, ids=lambda value: value[:16].encode().hex())
def test_values_make_no_headers_or_cookies_of_their_own(common: Served, value: str) -> None:
    client = common.client()
    answers = [
        client.post("/sign-in", login=value, password=value, next=value),
        client.post("/language", language=value),
    ]
    answers.append(client.post("/language", language="en", next="/a" + value))
    for answer in answers:
        assert "x-evil" not in answer.headers
        assert not any(line.startswith("a=") for line in answer.cookies)
