"""The rows behind a number, as a reader opens them."""

import io
import re
from html import unescape

import openpyxl
import pytest
from tests.app.server.conftest import Served

WEEKS = "/rows/sales_weeks?week.ge=2025-01-01&week.le=2025-03-31"


def text_of(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main ")[2].partition(">")[2])))


def test_the_page_says_which_rows_these_are_and_shows_them(server: Served) -> None:
    answer = server.signed_in("manager").get(WEEKS)
    text = text_of(answer.text)
    assert answer.status == 200
    assert "Sales weeks: The company's sales in one week." in text
    assert "Week 1 Jan 2025 to 31 Mar 2025" in text
    assert "13 rows; Revenue in all: CN¥" in text
    assert answer.text.count("<tr>") == 14


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_the_page_speaks_chinese(server: Served, language: str) -> None:
    text = text_of(server.signed_in("manager", language=language).get(WEEKS).text)
    assert not re.search(r"[A-Za-z]{3,}", text.replace("CSV", ""))
    assert "2025年1月1日" in text


def test_long_answers_come_in_pages_that_follow_one_another(server: Served) -> None:
    client = server.signed_in("manager")
    first = client.get("/rows/customers?gender=女").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "Rows 101 to 200 of" in text_of(second)
    assert set(re.findall(r"C\d{6}", first)).isdisjoint(re.findall(r"C\d{6}", second))


def test_the_reader_is_told_when_the_data_has_changed(server: Served) -> None:
    said = "The data has changed since the report was made"
    client = server.signed_in("manager")
    assert said in text_of(client.get(f"{WEEKS}&_seen=0123456789abcdef").text)
    assert said not in text_of(client.get(WEEKS).text)


def test_rows_leave_as_csv_and_workbook(server: Served) -> None:
    client = server.signed_in("manager")
    csv = client.get(WEEKS.replace("sales_weeks", "sales_weeks.csv"))
    lines = csv.body.decode("utf-8-sig").splitlines()
    assert lines[0] == "Week,Revenue (fen),Orders,Price index,Holiday or sale"
    assert len(lines) == 14
    book = openpyxl.load_workbook(io.BytesIO(client.get(WEEKS.replace("sales_weeks", "sales_weeks.xlsx")).body))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Week", "Revenue", "Orders", "Price index", "Holiday or sale"]
    assert sheet["B2"].value == pytest.approx(int(lines[1].split(",")[1]) / 100)
    assert "1 Jan 2025 to 31 Mar 2025" in [cell.value for cell in book.worksheets[1]["B"]]


def test_who_may_open_no_report_with_these_data_sees_no_rows(server: Served) -> None:
    client = server.signed_in("admin")
    assert client.get(WEEKS).status == 403
    assert client.get(WEEKS.replace("sales_weeks", "sales_weeks.csv")).status == 403


def test_nobody_sees_rows_without_signing_in(server: Served) -> None:
    assert server.client().get(WEEKS).status == 302


def test_what_cannot_be_asked_is_refused_in_plain_words(server: Served) -> None:
    client = server.signed_in("manager")
    assert client.get("/rows/nothing").status == 404
    answer = client.get("/rows/sales_weeks?week.ge=soon")
    assert answer.status == 400
    assert "sales_weeks.week: found 'soon'; must be a day like 2026-11-23." in text_of(answer.text).replace(
        "&#39;", "'"
    )


def test_a_segment_opens_its_customers_by_name(server: Served) -> None:
    answer = server.signed_in("manager").get("/rows/customers?rfm=2025-12-31~12~5~Champions")
    assert "RFM segment “Champions”, 12 months to 31 Dec 2025" in text_of(answer.text)


@pytest.mark.parametrize(
    ("login", "view", "status"),
    [
        ("finance", "claim_lines", 200),
        ("finance", "audit_log", 403),
        ("auditor", "audit_log", 200),
        ("sales", "claims", 403),
    ],
)
def test_records_open_to_those_who_may_open_a_report_of_them(
    server: Served, login: str, view: str, status: int
) -> None:
    assert server.signed_in(login).get(f"/rows/{view}?_seen=0").status == status
