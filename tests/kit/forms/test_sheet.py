"""A list leaves as a workbook and comes back: typed cells, any language, nothing taken that is not what it seems."""

import zipfile
from collections.abc import Mapping
from datetime import date
from enum import Enum
from io import BytesIO
from typing import Any, Literal

import openpyxl
import pytest
from pydantic import BaseModel, Field

from marketbook.kit.errors import RecordError
from marketbook.kit.forms import returned, sheet
from marketbook.kit.forms.checking import check
from marketbook.kit.forms.fields import LongText, fields
from marketbook.kit.language import speaking


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


class Item(BaseModel):
    name: str = Field(title="Name")
    note: LongText = Field(default="", title="State")
    price_minor: int = Field(title="Superior", description="Without tax.")
    rate: float = Field(title="rate")
    pieces: int | None = Field(default=None, title="pieces")
    bought: date | None = Field(default=None, title="Roles")
    kind: Literal["yes", "open", "no"] = Field(title="Language")
    size: Size = Field(default=Size.SMALL, title="size")
    tags: list[Literal["open", "disabled"]] = Field(default=[], title="tags")
    paid: bool = Field(default=False, title="paid")


ROW: dict[str, Any] = {
    "id": 7, "name": "=1+1", "note": "a\nb", "price_minor": 30, "rate": 0.125, "pieces": 3, "bought": date(2026, 3, 1),
    "kind": "open", "size": "large", "tags": ["open", "disabled"], "paid": True,
}  # fmt: skip
PLAIN = {
    "id": 8,
    "name": "007",
    "note": "",
    "price_minor": -123456789,
    "rate": 0.1,
    "kind": "no",
    "size": "small",
    "tags": [],
    "paid": False,
}


def workbook(*rows: Mapping[str, Any], language: str = "zh_Hans") -> bytes:
    with speaking(language):
        return sheet.write(fields(Item, record=True), [dict(row) for row in rows], title="清单: 1", fixed=["rate"])


def rewritten(content: bytes, change: Any) -> bytes:
    """As somebody saves it again in a spreadsheet."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book.active)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("written", ["zh_Hans", "en", "zh_Hant"])
@pytest.mark.parametrize("read", ["zh_Hans", "en", "zh_Hant"])
def test_what_leaves_in_one_language_comes_back_the_same_in_another(written: str, read: str) -> None:
    content = rewritten(workbook(ROW, PLAIN, language=written), lambda _page: None)
    with speaking(read):
        lines = returned.read(Item, "list.xlsx", content)
        asked = fields(Item, record=True)
        found = [check(Item, asked, line.cells).record for line in lines]
    assert [(line.row, line.id, len(line.version)) for line in lines] == [(2, 7, 12), (3, 8, 12)]
    assert found == [Item(**{k: v for k, v in row.items() if k != "id"}) for row in (ROW, PLAIN)]


def test_cells_are_typed_and_no_text_is_a_formula() -> None:
    page = openpyxl.load_workbook(BytesIO(workbook(ROW)))["清单 1"]
    cells = {page.cell(1, place).value: page.cell(2, place) for place in range(1, page.max_column + 1)}
    by_place = list(cells.values())
    assert [cell.data_type for cell in by_place] == ["n", "s", "s", "s", "n", "n", "n", "d", "s", "s", "s", "s"]
    assert by_place[2].value == "=1+1"
    assert by_place[2].quotePrefix
    assert by_place[4].value == 0.3
    assert page.column_dimensions["B"].hidden
    assert page.cell(1, 5).comment.text == "Without tax."


def test_columns_may_be_moved_taken_away_and_named_as_the_field() -> None:
    def change(page: Any) -> None:
        page.delete_cols(4, 3)
        page.cell(1, 3).value = "name"
        page.move_range("C1:C3", cols=20)

    (line, *_others) = returned.read(Item, "a.xlsx", rewritten(workbook(ROW, PLAIN), change))
    assert line.cells["name"] == "=1+1"
    assert "rate" not in line.cells
    assert "price_minor" not in line.cells


def test_numbers_are_taken_with_the_digits_that_a_spreadsheet_knows() -> None:
    def change(page: Any) -> None:
        page.cell(2, 5).value = 0.1 + 0.2
        page.cell(2, 9).value = "  开放 "
        page.cell(2, 3).value = 7.0

    (line,) = returned.read(Item, "a.xlsx", rewritten(workbook(ROW), change))
    assert (line.cells["price_minor"], line.cells["name"], line.cells["kind"]) == ("0.3", "7", "开放")


@pytest.mark.parametrize(
    ("heading", "told"),
    [("Colour", "the columns Colour are not known"), ("姓名", "stands twice: 姓名"), ("name", "twice")],
)
def test_headings_that_are_strange_or_stand_twice_are_refused(heading: str, told: str) -> None:
    def change(page: Any) -> None:
        page.cell(1, 3).value = "姓名"
        page.cell(1, 4).value = heading

    with speaking("zh_Hans"):
        title = fields(Item, record=True)[0].title
    heading = title if heading == "姓名" else heading

    def exchange(page: Any) -> None:
        page.cell(1, 4).value = heading

    with pytest.raises(RecordError, match=told.replace("姓名", title)):
        returned.read(Item, "a.xlsx", rewritten(workbook(ROW), exchange))


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no XLSX workbook, or is damaged"),
        (b"a,b\n1,2", "is no XLSX workbook"),
        (packed(("a.txt", b"x")), "damaged"),
        (workbook(ROW)[:-200], "is no XLSX workbook, or is damaged"),
        (packed(*[(f"{part}.xml", b"0" * 11_000_000) for part in range(10)]), "too large; at most 100 MB"),
        (packed(*[(f"{part}.xml", b"") for part in range(2001)]), "too large"),
        (b"x" * 10_000_001, "too large; at most 10 MB"),
    ],
    ids=["empty", "text", "other zip", "cut off", "bomb", "many parts", "large"],
)
def test_what_is_no_workbook_or_too_much_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(RecordError, match=told):
        returned.read(Item, "a.xlsx", content)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    honest = packed(("[Content_Types].xml", b"0" * 5_000_000))
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(RecordError, match="damaged"):
        returned.check("a.xlsx", lying)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returned, "MOST", 1)
    with pytest.raises(RecordError, match="has 2 rows; at most 1"):
        returned.read(Item, "a.xlsx", workbook(ROW, PLAIN))
