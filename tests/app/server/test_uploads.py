"""A file is sent, checked, shown and then imported or thrown away: on a real server, with files as they come."""

import csv
import http.client
import io
import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from tests.app.server.client import Client
from tests.app.server.conftest import Served
from tests.app.server.sending import bomb, checked, commit, folder, form, send, settled, state, words, workbook

from marketbook.app import imports
from marketbook.kit.facts import Facts
from marketbook.kit.store import now

HEAD = "value,english"


@pytest.fixture(scope="module")
def client(server: Served) -> Client:
    return server.signed_in("specialist")


def labels(server: Served) -> dict[str, str]:
    table = pq.read_table(server.home / ".marketbook/facts/labels.parquet")
    return dict(zip(table["value"].to_pylist(), table["english"].to_pylist(), strict=True))


def test_a_good_file_is_shown_and_imported_only_when_its_reader_says_so(server: Served, client: Client) -> None:
    before = labels(server)
    page = checked(client, "labels", f"{HEAD}\n试用装,Sample\n试吃,Tasting\n", "词表.csv")
    shown = words(client.get(page))
    assert "词表.csv" in shown
    assert "2 rows read. Nothing has been imported yet." in shown
    assert labels(server) == before
    assert "2 rows have been imported." in words(commit(client, page))
    assert labels(server) == before | {"试用装": "Sample", "试吃": "Tasting"}
    assert not (folder(server, page) / "labels").exists()


def test_an_import_is_noted_with_who_brought_it_in(server: Served, client: Client) -> None:
    commit(client, checked(client, "labels", f"{HEAD}\n注记,Noted\n", "noted.csv"))
    with server.store.reading() as session:
        row, name = imports.recent(session, dataset="labels")[0]
    assert (row.file, row.added, name) == ("noted.csv", 1, "苏晓禾")
    assert row.fingerprint == Facts(server.home / ".marketbook/facts").fingerprint("labels")
    assert "noted.csv" in words(client.get("/data/labels"))


def test_refused_rows_are_named_corrected_and_sent_again(client: Client) -> None:
    text = "week,channel,spend_minor,impressions,clicks\n2026-13-05,抖音,-1,1,1\n2031-01-06,抖音,5,1,1\n"
    page = checked(client, "media_weeks", text)
    shown = words(client.get(page))
    assert "2026-13-05 must be a day like 2026-11-23" in shown
    assert "-1 must be at least 0" in shown
    rejects = client.get(f"{page}/rejects.csv")
    assert "attachment" in rejects.headers["content-disposition"]
    mended = rejects.body.decode("utf-8-sig").replace("2026-13-05", "2031-01-13").replace(",-1,1,1", ",7,1,1")
    assert "1 row has been imported." in words(commit(client, page))
    assert "1 row has been imported." in words(commit(client, checked(client, "media_weeks", mended, "again.csv")))


def test_refused_rows_come_as_a_workbook_that_can_be_sent_again(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n007,\n")
    book = load_workbook(io.BytesIO(client.get(f"{page}/rejects.xlsx").body))
    assert [cell.value for cell in book.active[2]][4:] == ["007", ""]
    book.active.cell(2, 6).value = "Bond"
    stream = io.BytesIO()
    book.save(stream)
    again = checked(client, "labels", stream.getvalue(), "again.xlsx")
    assert state(server, again).counts.added == 1  # type: ignore[union-attr]


def test_a_file_of_another_dataset_is_refused_in_words_without_our_paths(client: Client) -> None:
    page = checked(client, "labels", "week,channel\n2026-01-05,抖音\n", "媒体.csv")
    shown = words(client.get(page))
    assert "媒体.csv: unknown headings: week, channel." in shown
    assert ".marketbook" not in shown


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "a.csv: is empty"),
        (b"value,english\na,b\n", "a.xlsx", "its content is not what .xlsx stands for"),
        (b"PK\x03\x04broken", "a.csv", "a.csv: broken off or damaged"),
        (b"PK\x03\x04broken", "a.xlsx", "a.xlsx: broken off or damaged"),
        (b"PAR1 no parquet PAR1", "a.parquet", "a.parquet: broken off or damaged"),
        (b"$FL2" + bytes(300), "a.sav", "a.sav: "),
        (b"<html><table>", "a.xls", "is a web page"),
        (b"value,english\n\xff\xfe\xfa\n", "a.csv", "cannot be read as GB18030"),
        (b'value,english\n"a,b\n', "a.csv", "a quotation mark is not closed"),
        (b"\0\0\0\0", "a.csv", "not a text file"),
    ],
)
def test_what_is_no_table_is_refused_in_words(client: Client, content: bytes, name: str, said: str) -> None:
    page = checked(client, "labels", content, name)
    assert said in words(client.get(page))
    assert client.post(f"{page}/commit").status == 303
    assert client.get(f"{page}/state").json["status"] == "failed"


def test_a_gb18030_file_is_read_as_what_it_is(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n龘靐,Rare\n".encode("gb18030"))
    assert state(server, page).rows == (("龘靐", "Rare"),)


def test_the_sheet_of_a_workbook_is_chosen(server: Served, client: Client) -> None:
    page = checked(
        client, "labels", workbook(说明=[["read me"]], 数据=[["value", "english"], ["表", "Sheet"]]), "b.xlsx"
    )
    assert "unknown headings" in words(client.get(page))
    assert client.post(f"{page}/check", sheet="数据", update="no").status == 303
    assert state(server, settled(client, page)).rows == (("表", "Sheet"),)


def test_a_ready_source_reads_a_platforms_export(server: Served, client: Client) -> None:
    text = "时间-天,项目名称,单元名称,消耗,展示数,点击数,转化数\n2031-01-05,春季,一,12.34,9,5,1\n合计,,,12.34,9,5,1\n"
    page = checked(client, "ad_days", text, source="oceanengine")
    assert "1 row of totals was left out." in words(client.get(page))
    assert "1234" in state(server, page).rows[0]


def test_rows_that_differ_are_refused_or_updated_as_chosen(server: Served, client: Client) -> None:
    commit(client, checked(client, "labels", f"{HEAD}\n改,Old\n"))
    page = checked(client, "labels", f"{HEAD}\n改,New\n")
    assert "There is nothing to import." in words(client.get(page))
    client.post(f"{page}/check", update="yes")
    assert "Import 1 row" in words(client.get(settled(client, page)))
    commit(client, page)
    assert labels(server)["改"] == "New"


def test_a_zip_bomb_is_not_opened(client: Client) -> None:
    page = checked(client, "labels", bomb(300), "bomb.xlsx")
    assert "bomb.xlsx: would become 300 MB when it is opened" in words(client.get(page))


def test_a_file_that_is_too_large_is_told_so(server: Served, client: Client) -> None:
    body, headers = form({"_xsrf": client.token}, b"x" * 201_000_000, "large.csv")
    answer = client.request("POST", "/data/labels/uploads", body=body, headers=headers)
    assert answer.status == 413
    assert "at most 200 MB are taken" in words(answer)
    assert all((one / "upload.json").exists() for one in (server.home / ".marketbook/uploads").iterdir())


def test_a_file_without_end_is_refused_before_it_is_sent(client: Client) -> None:
    connection = http.client.HTTPConnection(client.netloc, timeout=30)
    connection.putrequest("POST", "/data/labels/uploads")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for name, value in (("Cookie", cookies), ("Content-Length", str(10**12)), *form({}, b"", "")[1].items()):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_file_that_never_arrives_whole_leaves_nothing(server: Served, client: Client) -> None:
    place = server.home / ".marketbook/uploads"
    before = set(place.iterdir())
    body, headers = form({"_xsrf": client.token}, b"x" * 3_000_000, "half.csv")
    connection = http.client.HTTPConnection(client.netloc, timeout=30)
    connection.putrequest("POST", "/data/labels/uploads")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for name, value in (("Cookie", cookies), ("Content-Length", str(len(body))), *headers.items()):
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[:2_000_000])
    gone_after(place, before, more=True)
    connection.close()
    gone_after(place, before, more=False)


def gone_after(place: Path, before: set[Path], *, more: bool) -> None:
    for _try in range(100):
        if (set(place.iterdir()) > before) == more:
            return
        time.sleep(0.05)
    raise AssertionError(set(place.iterdir()) - before)


@pytest.mark.parametrize("name", ["../../x.csv", "..\\..\\x.csv", "/etc/passwd", "a\0b", "CON", "....", "x" * 900, " "])
def test_a_name_is_no_path(server: Served, client: Client, name: str) -> None:
    page = checked(client, "labels", f"{HEAD}\n名,Name\n", name)
    assert {one.name for one in folder(server, page).iterdir()} <= {"upload.json", "state.json", "upload.csv"}
    assert client.get(page).status == 200
    assert oct(folder(server, page).stat().st_mode)[-3:] == "700"


def test_scripts_in_names_and_cells_stay_text(client: Client) -> None:
    script = "<script>alert(1)</script>"
    page = checked(client, "labels", f"{HEAD}\n{script},{script}\n{script},\n", "<img src=x onerror=alert(1)>.csv")
    for text in (client.get(page).text, client.get("/data/labels").text):
        assert script not in text
        assert "<img" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;.csv" in text


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"])
def test_formulas_in_refused_rows_are_kept_from_being_one(client: Client, cell: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["value", "english"], [cell, ""]])
    page = checked(client, "labels", text.getvalue())
    (_head, row) = csv.reader(io.StringIO(client.get(f"{page}/rejects.csv").body.decode("utf-8-sig")))
    assert row[4] == f"'{cell}"
    book = load_workbook(io.BytesIO(client.get(f"{page}/rejects.xlsx").body))
    assert book.active.cell(2, 5).data_type == "s"


def test_an_upload_is_its_senders_alone(server: Served, client: Client) -> None:
    page, other = checked(client, "labels", f"{HEAD}\n私,Mine\n"), server.signed_in("manager")
    for path in (page, f"{page}/state", f"{page}/rejects.csv"):
        assert other.get(path).status == 404
    for action in ("commit", "check", "discard"):
        assert other.post(f"{page}/{action}").status == 404
    assert "私" not in labels(server)
    assert client.get(page.replace("/labels/", "/media_weeks/")).status == 404


def test_only_roles_that_work_with_a_dataset_bring_in_its_rows(server: Served) -> None:
    finance, auditor = server.signed_in("finance"), server.signed_in("auditor")
    assert "Media weeks" in words(finance.get("/data"))
    assert "Labels" not in words(finance.get("/data"))
    assert finance.get("/data/media_weeks").status == 200
    assert finance.get("/data/labels").status == 403
    assert send(finance, "labels", f"{HEAD}\n财,Finance\n").status == 403
    assert "Customers" in words(server.signed_in("service").get("/data"))
    assert auditor.get("/data").status == 403
    assert server.client().get("/data").status == 302


def test_a_dataset_is_found_by_its_columns(client: Client) -> None:
    assert "3 datasets ·" in words(client.get("/data?q=price index"))
    assert client.get("/data/none").status == 404


def test_a_form_of_another_site_writes_nothing(server: Served, client: Client) -> None:
    place = server.home / ".marketbook/uploads"
    before = set(place.iterdir()) if place.exists() else set()
    for token in ("", "2|00000000|00000000000000000000000000000000|1"):
        body, headers = form({"_xsrf": token}, b"value,english\na,b\n", "a.csv")
        assert client.request("POST", "/data/labels/uploads", body=body, headers=headers).status == 403
    assert (set(place.iterdir()) if place.exists() else set()) == before


def test_a_form_without_a_file_is_shown_again(client: Client) -> None:
    answer = send(client, "labels", b"", "")
    assert answer.status == 422
    assert "No file has arrived." in words(answer)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.request("POST", "/data/labels/uploads", body=b"--x\r\nbroken", headers=headers).status == 422
    assert client.request("POST", "/data/labels/uploads", body=b"a=b").status == 400


def test_committing_twice_imports_once(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n两次,Twice\n", "twice.csv")
    for _time in range(2):
        assert "1 row has been imported." in words(commit(client, page))
    with server.store.reading() as session:
        assert [row.file for row, _name in imports.recent(session, dataset="labels")].count("twice.csv") == 1


def test_what_others_have_changed_meanwhile_is_shown_before_it_is_imported(server: Served, client: Client) -> None:
    page, other = checked(client, "labels", f"{HEAD}\n争,Ours\n"), server.signed_in("manager")
    commit(other, checked(other, "labels", f"{HEAD}\n争,Theirs\n"))
    shown = words(commit(client, page))
    assert "The data was changed by somebody else" in shown
    assert "There is nothing to import." in shown
    assert labels(server)["争"] == "Theirs"


def test_a_file_that_was_changed_on_the_disk_is_not_imported(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n真,True\n")
    (folder(server, page) / "upload.csv").write_text(f"{HEAD}\n假,False\n", "utf-8")
    assert "is not the file that was checked" in words(commit(client, page))
    assert "假" not in labels(server)


def test_a_file_that_is_thrown_away_is_gone(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n丢,Away\n")
    assert client.post(f"{page}/discard").location == "/data/labels"
    assert not folder(server, page).exists()
    assert "This file is not here any more" in words(client.get(page))


def test_nothing_is_imported_after_a_day(server: Served, client: Client) -> None:
    page = checked(client, "labels", f"{HEAD}\n迟,Late\n")
    file = folder(server, page) / "upload.json"
    late = json.loads(file.read_text()) | {"sent_at": (now() - timedelta(hours=25)).isoformat()}
    file.write_text(json.dumps(late))
    assert client.get(page).status == 404
    answer = client.post(f"{page}/commit")
    assert answer.status == 404
    assert "send it again" in words(answer)
    assert "迟" not in labels(server)


def test_the_oldest_of_many_uploads_goes(server: Served) -> None:
    client = server.signed_in("manager")
    pages = [checked(client, "labels", f"{HEAD}\n多{n},Many\n") for n in range(11)]
    assert client.get(pages[0]).status == 404
    assert client.get(pages[1]).status == 200


@pytest.fixture
def long_file() -> Iterator[bytes]:
    rows = "".join(f"长{n},Long {n}\n" for n in range(900_000))
    return f"{HEAD}\n{rows}".encode()


def killed(server: Served, page: str) -> None:
    """End the process that works on an upload, once it is there."""
    for _try in range(3000):
        found = state(server, page)
        if found.status in ("checking", "importing") and found.count:
            os.kill(int(found.process.split("/")[-2]), signal.SIGKILL)
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody works: {found}")


def test_a_killed_worker_leaves_nothing_half_done(server: Served, client: Client, long_file: bytes) -> None:
    before = labels(server)
    page = send(client, "labels", long_file, "long.csv").location
    shown = client.get(page)
    killed(server, page)
    assert "rows read" in words(shown)
    assert '<noscript><meta http-equiv="refresh"' in shown.text
    assert "was broken off" in words(client.get(settled(client, page)))
    client.post(f"{page}/check", update="no")
    assert "900,000 rows read." in words(client.get(settled(client, page)))
    client.post(f"{page}/commit")
    killed(server, page)
    assert "was broken off" in words(client.get(settled(client, page)))
    assert labels(server) == before
    client.post(f"{page}/discard")


def test_a_check_is_ended_when_its_file_is_thrown_away(server: Served, client: Client, long_file: bytes) -> None:
    page = send(client, "labels", long_file, "long.csv").location
    assert client.post(f"{page}/discard").status == 303
    assert not folder(server, page).exists()


def test_reports_that_read_the_data_can_be_published_at_once(client: Client) -> None:
    page = checked(client, "media_weeks", "week,channel,spend_minor,impressions,clicks\n2031-02-03,抖音,5,1,1\n")
    text = commit(client, page).text
    assert 'href="/reports/budget/allocate-budget"' in text
    assert 'action="/reports/budget/allocate-budget/publish"' in text
