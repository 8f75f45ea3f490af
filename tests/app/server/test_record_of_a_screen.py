"""The address of a screen may name a record: the kernel is told its number, or no kernel starts."""

import re
from urllib.parse import quote

import pytest
from tests.app.server.conftest import Served
from tests.app.server.trial import SCREENS

from marketbook.demo.people import PASSWORD

LOOK = "/screens/trial/look"
WRONG = ("", "x", "0", "-1", "1.5", "٣", "2147483648", "9" * 30, "1 OR 1=1", "<script>alert(1)</script>")


def test_a_kernel_is_told_the_record_that_the_address_names(common: Served) -> None:
    told = [re.findall(r"record=(\w+)\)", common.someone("manager").get(f"{LOOK}{query}").text)
            for query in ("?record=17", "", "?party_id=3")]  # fmt: skip
    assert told == [["17"], ["None"], ["None"]]


@pytest.mark.parametrize("value", WRONG)
def test_what_is_no_number_of_a_record_is_refused_before_a_kernel_starts(common: Served, value: str) -> None:
    answer = common.someone("manager").get(f"{LOOK}?record={quote(value)}")
    assert answer.status == 400
    assert "it is one whole number from 1 on" in answer.text
    assert "<script>alert" not in answer.text


def test_a_record_that_is_named_twice_is_refused(common: Served) -> None:
    assert common.someone("manager").get(f"{LOOK}?record=1&record=2").status == 400


def test_who_may_not_open_the_screen_is_refused_whatever_the_record(common: Served) -> None:
    assert "sales" not in SCREENS["look"][0]
    assert common.someone("sales").get(f"{LOOK}?record=17").status == 403


def test_the_sign_in_leads_back_to_the_record(common: Served) -> None:
    browser = common.client()
    asked = browser.get(f"{LOOK}?record=17")
    assert asked.status == 302
    page = browser.get(asked.location).text
    assert f'value="{LOOK}?record=17"' in page
    answer = browser.post("/sign-in", login="manager", password=PASSWORD, next=f"{LOOK}?record=17")
    assert answer.location == f"{LOOK}?record=17"
