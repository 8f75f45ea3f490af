"""A planted secret, a password and a token are searched for wherever something is said or kept."""

import re

import pytest
from tests.app.server.conftest import SECRET, Served

from marketbook.demo.people import PASSWORD

TYPED = "typed-by-mistake-8842"


def test_a_kernel_sees_no_secret_of_the_servers_environment(common: Served) -> None:
    text = common.signed_in("manager").get("/screens/trial/look").text
    assert "MARKETBOOK_HOME" in text
    assert SECRET not in text
    assert "A_SECRET" not in text


def test_a_kernel_knows_its_visitor_from_the_server_alone(common: Served) -> None:
    text = common.signed_in("manager").get("/screens/trial/look?login=admin").text
    (login,) = re.findall(r"Visitor\(.*?login=&#x27;(\w+)&#x27;", text)
    assert login == "manager"
    assert "sqlite" not in text


def test_what_a_cell_says_when_it_fails_stays_in_the_log(common: Served) -> None:
    text = common.someone("manager").get("/screens/trial/wrong").text
    (number,) = re.findall(r"Reference: ([0-9a-f]{8})", text)
    assert not re.search(r"planted-in-a-cell|ValueError|Traceback|ipykernel|\.py", text)
    assert any(number in line for line in common.log)
    assert any("planted-in-a-cell" in line for line in common.log)


@pytest.mark.parametrize("path", ["/", "/password", "/nowhere", "/reports/template?x=1", "/data", "/rows/customers"])
def test_no_page_says_the_secret_a_path_or_a_version(common: Served, path: str) -> None:
    answer = common.someone("manager").get(path)
    said = answer.text + repr(answer.headers)
    assert not re.search(rf"{SECRET}|{re.escape(str(common.home))}|/lib/python|Tornado|Voil|Python/", said)


def test_neither_passwords_nor_tokens_nor_questions_are_logged_or_kept(common: Served) -> None:
    client = common.client("127.0.0.88")
    client.sign_in(TYPED, TYPED)
    client.sign_in("sales\r\nERROR forged line", TYPED)
    client.sign_in("sales")
    client.get(f"/nowhere?customer={TYPED}")
    client.get(f"/reports/template?note={TYPED}")
    kept = b"".join(file.read_bytes() for file in (common.home / ".marketbook").glob("store.db*"))
    for text in (TYPED, PASSWORD, client.cookies["marketbook_session"], client.cookies["_xsrf"]):
        assert text.encode() not in kept
        assert text not in "".join(common.log)
    assert not any(line.startswith("ERROR forged") for line in common.log)
