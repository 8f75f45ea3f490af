"""The journal of imports, on SQLite and on PostgreSQL, and the command line that writes it."""

from pathlib import Path

from tests.app.test_cli import invoke

from marketbook.app import imports
from marketbook.app.imports import File
from marketbook.kit.config import settings
from marketbook.kit.facts import Facts, ImportReport
from marketbook.kit.records import account, person
from marketbook.kit.store import Store

REPORT = ImportReport("labels", Path("a.csv"), read=6, added=1, unchanged=2, updated=0, rejected=3)
FILE = File("词表.csv", "0" * 64, "own")


def test_an_import_is_listed_with_who_brought_it_in(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        party = person.add(session, kind="employee", name="苏晓禾")
        who = account.add(session, party_id=party.id, login="su").account
        for by in (None, who.id):
            imports.enter(session, facts=Facts(tmp_path), report=REPORT, file=FILE, account_id=by)
    with store.reading() as session:
        found = imports.recent(session, dataset="labels")
        assert [(row.file, row.rejected, name) for row, name in found] == [
            ("词表.csv", 3, "苏晓禾"),
            ("词表.csv", 3, ""),
        ]
        assert imports.latest(session) == {"labels": found[0][0].at}
        assert imports.recent(session, dataset="orders") == []


def test_a_long_name_is_cut(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        made = imports.enter(session, facts=Facts(tmp_path), report=REPORT, file=File("长" * 300, "0" * 64))
    assert len(made.file) == imports.LONGEST_NAME


def test_the_command_line_writes_it(workspace: Path) -> None:
    file = workspace / "labels.csv"
    file.write_text("value,english\n抖音,Douyin\n", "utf-8")
    assert invoke("import", "labels", str(file)).exit_code == 0
    store = Store(settings().store)
    with store.reading() as session:
        ((row, name),) = imports.recent(session, dataset="labels")
    store.close()
    assert (row.file, row.added, name) == ("labels.csv", 1, "")
    assert row.fingerprint == Facts(settings().facts).fingerprint("labels")
