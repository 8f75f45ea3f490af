"""The dataset of labels: the company's English words for its data values."""

from pydantic import Field

from marketbook.kit.facts.schema import Dataset, Row
from marketbook.kit.language import mark


class Label(Row):
    """One data value and its English word."""

    value: str = Field(min_length=1, title=mark("Value"))
    english: str = Field(min_length=1, title=mark("English"))


LABELS = Dataset(
    "labels",
    Label,
    ("value",),
    mark("Labels"),
    mark("One data value and its English word."),
    importers=("manager", "specialist"),
)
