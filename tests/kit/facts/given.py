"""Small datasets and files for the import tests."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

import xlsxwriter
from pydantic import Field, model_validator

from marketbook.kit.facts import Dataset, Facts, ImportReport, Row, import_file


class Order(Row):
    """Every kind of column there is."""

    order_id: str = Field(min_length=1, title="Order number")
    day: date = Field(title="Day")
    at: datetime | None = Field(default=None, title="Moment")
    shop: Literal["天猫", "门店"] = Field(default="天猫", title="Shop")
    amount_minor: int = Field(ge=0, title="Amount (fen)")
    share: float | None = Field(default=None, ge=0, le=1, title="Share")
    price_index: float | None = Field(default=None, title="Price index")
    paid: bool | None = Field(default=None, title="Paid")
    note: str | None = Field(default=None, title="Note")


class Range(Row):
    """A row of which the whole must hold, too."""

    name: str
    low: int
    high: int

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


RANGES = Dataset("ranges", Range, ("name",), "Ranges", "One range.")
ORDERS = Dataset("orders", Order, ("order_id",), "Orders", "One order.")
HEADINGS = ",".join(ORDERS.columns)


def text_file(folder: Path, content: str | bytes, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return file


def workbook(folder: Path, rows: Sequence[Sequence[Any]], name: str = "orders.xlsx", sheet: str = "订单") -> Path:
    file = folder / name
    book = xlsxwriter.Workbook(
        file, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_formulas": False, "nan_inf_to_errors": True}
    )
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return file


def bring(folder: Path, file: Path, dataset: Dataset = ORDERS, **options: Any) -> ImportReport:
    return import_file(Facts(folder / "facts"), dataset, file, **options)


def stored(folder: Path, dataset: Dataset = ORDERS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Facts(folder / "facts").rows(dataset).to_pylist()
    return found


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    assert report.read == report.added + report.unchanged + report.updated + report.rejected
    return report.added, report.unchanged, report.updated, report.rejected


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def rows_of(file: Path | None) -> list[list[str]]:
    assert file is not None
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))
