"""Files: what they are is read from their content, each content is kept once, and a row says who attached it."""

import io
import zipfile
from pathlib import Path

import pytest
from tests.kit.records.claims import Claim, claim, walk
from tests.kit.records.conftest import House

from marketbook.kit.records import Attachment, files

PDF = b"%PDF-1.7\n%fake"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return out.getvalue()


KEPT = {
    "发票.pdf": PDF, "a.PNG": PNG, "b.jpeg": b"\xff\xd8\xff\xe0 more", "c.gif": b"GIF89a more",
    "d.webp": b"RIFF0000WEBPVP8 ", "e.mp4": b"\x00\x00\x00\x18ftypmp42", "数电票.ofd": zipped("OFD.xml"),
    "f.xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"), "g.docx": zipped("word/document.xml"),
    "h.pptx": zipped("ppt/presentation.xml"), "数电票.xml": b"<?xml version='1.0'?><a/>",
    "k.csv": "渠道,费用".encode("gb18030"),
    "l.txt": "说明".encode(),
}  # fmt: skip


def attach(house: House, number: int, content: bytes, name: str, **about: object) -> Attachment:
    with house.store.writing() as session:
        record = session.get_one(Claim, number)
        options = {"kind": "invoice", "actor": house.people.sales, **about}
        return files.attach(session, record, content, name=name, **options)  # type: ignore[arg-type]


@pytest.fixture
def number(house: House, workspace: Path) -> int:
    assert workspace
    return claim(house.store, house.people.sales)


@pytest.mark.parametrize("name", KEPT)
def test_a_file_of_each_type_is_kept(house: House, number: int, name: str) -> None:
    made = attach(house, number, KEPT[name], name)
    assert (made.name, made.bytes, files.content(made)) == (name, len(KEPT[name]), KEPT[name])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("virus.pdf", b"MZ\x90\x00\x03", "virus.pdf: its content is of no type that is kept; allowed are .csv, .docx"),
        ("a.pdf", PNG, "its content is image/png, which its name does not say; it must end in .png"),
        ("a.xlsx", zipped("evil.exe"), "of no type that is kept"),
        ("a.xlsx", b"PK\x03\x04 broken", "of no type that is kept"),
        ("a.exe", b"plain words", "its content is text/plain, which its name does not say"),
        ("a.txt", b"half \x00 text", "of no type that is kept"),
        ("a.pdf", b"", "a.pdf: is empty"),
        ("a.pdf", PDF + b" " * 200, "a.pdf: has 214 bytes; at most 200 are kept"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused(
    house: House, number: int, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(Exception, match=message):
        attach(house, number, content, name, largest=200)
    with house.store.reading() as session:
        assert files.listed(session, record_id=number) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\张三\\发票.pdf", "发票.pdf"),
        ("/abs/a.pdf", "a.pdf"),
        ("a\x00\u202eb.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_only_the_last_part_of_a_name_is_kept(house: House, number: int, name: str, kept: str) -> None:
    made = attach(house, number, PDF, name)
    assert (made.name, files.path(made.sha256).name) == (kept, made.sha256)


def test_the_same_content_is_kept_once_and_attached_once(house: House, number: int, workspace: Path) -> None:
    other = claim(house.store, house.people.sales)
    first, second = attach(house, number, PDF, "a.pdf"), attach(house, other, PDF, "b.pdf")
    assert first.sha256 == second.sha256
    assert len([one for one in (workspace / ".marketbook" / "attachments").rglob("*") if one.is_file()]) == 1
    with pytest.raises(Exception, match=r"b\.pdf: is attached to CL-\d+-\d+ already"):
        attach(house, number, PDF, "b.pdf")


def attach_kept(house: House, number: int, sha256: str) -> Attachment:
    with house.store.writing() as session:
        record, actor = session.get_one(Claim, number), house.people.sales
        return files.attach_kept(session, record, sha256=sha256, name="a.pdf", kind="invoice", actor=actor)


def test_a_content_that_a_form_has_kept_is_attached(house: House, number: int) -> None:
    made = attach_kept(house, number, files.keep(PDF))
    assert (made.media_type, made.bytes) == ("application/pdf", len(PDF))
    for wrong in ("0" * 64, "../../store.db"):
        with pytest.raises(Exception, match="is not what was attached"):
            attach_kept(house, number, wrong)


def test_a_file_may_come_late_and_goes_only_early(house: House, number: int) -> None:
    first = attach(house, number, PDF, "a.pdf")
    with house.store.writing() as session:
        files.remove(session, session.get_one(Attachment, first.id), actor=house.people.sales)
    walk(house.store, number, ("submitted", house.people.sales))
    late = attach(house, number, PDF, "a.pdf", actor=house.people.manager)
    with house.store.reading() as session:
        assert [one.id for one in files.listed(session, record_id=number, kinds=["invoice"])] == [late.id]
    for gone in (late.id, first.id):
        with pytest.raises(Exception, match="which was handed in"), house.store.writing() as session:
            files.remove(session, session.get_one(Attachment, gone), actor=house.people.sales)


def test_a_content_that_was_swapped_is_not_given_out(house: House, number: int) -> None:
    made = attach(house, number, PDF, "a.pdf")
    files.path(made.sha256).write_bytes(b"something else")
    with pytest.raises(Exception, match="its content is not what was attached"):
        files.content(made)


@pytest.mark.parametrize(
    "change", ["sha256 = 'x'", "name = 'b.pdf'", "record_id = 1", "removed_at = '2026-01-01 00:00:00'"]
)
def test_the_database_itself_refuses_a_changed_attachment(house: House, number: int, change: str) -> None:
    made = attach(house, number, PDF, "a.pdf")
    walk(house.store, number, ("submitted", house.people.sales))
    with pytest.raises(Exception, match=r"attachment"), house.store.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE attachment SET {change} WHERE id = {made.id}")
    with pytest.raises(Exception, match=r"never deleted"), house.store.writing() as session:
        session.connection().exec_driver_sql(f"DELETE FROM attachment WHERE id = {made.id}")
