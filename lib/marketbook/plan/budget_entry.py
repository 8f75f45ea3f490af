"""What is entered of a year's budget, and what its lists hold: a row for each item of a category, a column a month."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from marketbook.kit.forms.fields import Hidden, Labels, LongText, Reference, Sums
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.office.budget_line import CATEGORIES, LARGEST, LONGEST_ITEM, MOST_ITEMS, Key

MONTHS = {
    "01": mark("Jan"), "02": mark("Feb"), "03": mark("Mar"), "04": mark("Apr"), "05": mark("May"), "06": mark("Jun"),
    "07": mark("Jul"), "08": mark("Aug"), "09": mark("Sep"), "10": mark("Oct"), "11": mark("Nov"), "12": mark("Dec"),
}  # fmt: skip

Category = Annotated[
    Literal["research", "advertising", "promotion", "channel", "staff", "other"],
    Labels(CATEGORIES),
    Field(title=mark("Category")),
]
ItemName = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_ITEM, title=mark("Item")),
    AfterValidator(lambda text: " ".join(text.split())),
]
Amount = Annotated[int, Field(ge=0, le=LARGEST)]
Month = Annotated[
    Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
    Labels(MONTHS),
    Field(title=mark("Month")),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BudgetItem(_Strict):
    """An item's year: twelve months, in fen; what is left empty is nothing."""

    category: Category
    item: ItemName
    m01_minor: Amount = Field(default=0, title=MONTHS["01"])
    m02_minor: Amount = Field(default=0, title=MONTHS["02"])
    m03_minor: Amount = Field(default=0, title=MONTHS["03"])
    m04_minor: Amount = Field(default=0, title=MONTHS["04"])
    m05_minor: Amount = Field(default=0, title=MONTHS["05"])
    m06_minor: Amount = Field(default=0, title=MONTHS["06"])
    m07_minor: Amount = Field(default=0, title=MONTHS["07"])
    m08_minor: Amount = Field(default=0, title=MONTHS["08"])
    m09_minor: Amount = Field(default=0, title=MONTHS["09"])
    m10_minor: Amount = Field(default=0, title=MONTHS["10"])
    m11_minor: Amount = Field(default=0, title=MONTHS["11"])
    m12_minor: Amount = Field(default=0, title=MONTHS["12"])

    def lines(self, year: int) -> dict[Key, int]:
        """Return its lines, one for each month of a year."""
        return {
            Key(self.category, f"{year}-{month}", self.item): getattr(self, f"m{month}_minor") for month in MONTHS
        }  # fmt: skip


class YearBudget(_Strict):
    """A year's budget, as its owner enters it."""

    version: Hidden = ""
    lines: Annotated[list[BudgetItem], Sums(pinned=2)] = Field(
        default=[],
        max_length=MOST_ITEMS,
        title=mark("Items and months, in yuan"),
        description=mark("Paste from Excel or WPS: category, item, twelve months. 1.2万 and 1,234.50 are read."),
    )

    @model_validator(mode="after")
    def _once(self) -> Self:
        if twice := repeated(self.lines):
            raise ValueError(_("these stand in it more than once: {items}").format(items=_(", ").join(twice)))
        return self

    def wanted(self, year: int) -> dict[Key, int]:
        """Return all its lines."""
        return {key: amount for item in self.lines for key, amount in item.lines(year).items()}


class BudgetLineRow(_Strict):
    """A line of a budget that leaves as a workbook."""

    category: Category
    item: ItemName
    month: str = Field(title=mark("Month"))
    original_minor: int = Field(title=mark("Original"))
    allocated_minor: int = Field(title=mark("Allocated"))
    committed_minor: int = Field(title=mark("Committed"))
    spent_minor: int = Field(title=mark("Spent"))
    available_minor: int = Field(title=mark("Available"))


class PlanRow(_Strict):
    """A plan in the list of budgets."""

    title: str = Field(title=mark("Plan"))
    fiscal_year: int = Field(title=mark("Year"))
    status: str = Field(title=mark("State"))
    allocated_minor: int | None = Field(title=mark("Allocated"))
    available_minor: int | None = Field(title=mark("Available"))
    owner: str = Field(title=mark("Owner"))
    number: str = Field(title=mark("Record number"))


class TransferRow(_Strict):
    """A transfer in a plan's list."""

    number: str = Field(title=mark("Record number"))
    from_line: str = Field(title=mark("From line"))
    to_line: str = Field(title=mark("To line"))
    amount_minor: int = Field(title=mark("Amount"))
    status: str = Field(title=mark("State"))
    owner: str = Field(title=mark("Asked for by"))
    purpose: str = Field(title=mark("What for"))


class TransferEntry(_Strict):
    """A transfer that somebody asks for."""

    from_line_id: Reference | None = Field(
        default=None, title=mark("From line"), description=mark("Left empty, the budget grows.")
    )
    to_line_id: Reference | None = Field(
        default=None, title=mark("To line"), description=mark("Left empty, the budget is cut.")
    )
    amount_minor: int = Field(gt=0, le=LARGEST, title=mark("Amount"))
    purpose: LongText = Field(min_length=1, max_length=2_000, title=mark("What for"))

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.from_line_id is None and self.to_line_id is None:
            raise ValueError(_("a transfer comes from a line or goes to one"))
        if self.from_line_id == self.to_line_id:
            raise ValueError(_("a transfer goes to another line than it comes from"))
        return self


class UnplannedLine(_Strict):
    """A line for what the plan did not foresee."""

    category: Category
    item: ItemName
    month: Month


def repeated(items: Iterable[BudgetItem]) -> list[str]:
    """Return the items that stand more than once among some."""
    counts = Counter((one.category, one.item) for one in items)
    return [f"{_(CATEGORIES[category])} / {item}" for (category, item), count in counts.items() if count > 1]


def rows(lines: Mapping[Key, int]) -> list[dict[str, Any]]:
    """Return lines as rows of items, as they are entered."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, amount in lines.items():
        row = found.setdefault((key.category, key.item), {"category": key.category, "item": key.item})
        row[f"m{key.month[-2:]}_minor"] = amount
    return [{**{f"m{month}_minor": 0 for month in MONTHS}, **found[one]} for one in sorted(found, key=_order)]


def _order(item: tuple[str, str]) -> tuple[int, str]:
    return list(CATEGORIES).index(item[0]), item[1]
