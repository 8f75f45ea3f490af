"""Signing in and out, and the language that is remembered."""

import pytest
from tests.app.server.conftest import Served


def test_nobody_gets_in_without_signing_in(server: Served) -> None:
    answer = server.client().get("/")
    assert answer.status == 302
    assert answer.location.startswith("/sign-in?next=")


def test_a_wrong_password_is_refused_in_words(server: Served) -> None:
    answer = server.client().sign_in("manager", "wrong")
    assert answer.status == 401
    assert 'role="alert"' in answer.text


def test_a_session_ends_with_signing_out(server: Served) -> None:
    client = server.signed_in("auditor")
    assert client.get("/").status == 200
    client.post("/sign-out")
    assert client.get("/").status == 302


@pytest.mark.parametrize(("language", "tag"), [("zh_Hans", "zh-CN"), ("en", "en-US"), ("zh_Hant", "zh-TW")])
def test_the_language_is_remembered_with_the_account(server: Served, language: str, tag: str) -> None:
    server.signed_in("specialist", language=language)
    again = server.client()
    again.sign_in("specialist")
    assert f'<html lang="{tag}">' in again.get("/").text
