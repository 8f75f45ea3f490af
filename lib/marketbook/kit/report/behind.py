"""What stands behind a result's figures: the rows of each, said by the result, carried by the finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from marketbook.kit.facts.rows import Rows


@dataclass(frozen=True)
class Behind:
    """The rows that a result's figures were computed from; of a model's figure, the rows that it learned from.

    Attributes:
        whole: All rows that the finding stands on; they count where nothing finer is said.
        numbers: Rows of a headline number, by its name.
        table: Rows of each row of the table, in its order.
        cells: Rows of each cell of a column, by the column's name; they count before `table`.
    """

    whole: Rows
    numbers: Mapping[str, Rows] = field(default_factory=dict)
    table: Sequence[Rows] = ()
    cells: Mapping[str, Sequence[Rows]] = field(default_factory=dict)


class Origin(Protocol):
    """Knows which rows of which datasets the results of a report stand on; see `survey.origin`."""

    def behind(self, result: Any, /) -> Behind:  # noqa: ANN401  # each domain's own results
        """Return the rows behind a result's figures."""
        ...


class Addresses(BaseModel):
    """Rows as a finding carries them: addresses, empty where nothing is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    whole: str = ""
    numbers: dict[str, str] = {}
    table: tuple[str, ...] = ()
    cells: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, behind: Behind, fingerprints: Mapping[str, str]) -> "Addresses":
        """Write rows as addresses that tell what the data was like."""

        def address(rows: Rows) -> str:
            return rows.encode(seen=fingerprints.get(rows.dataset, ""))

        return cls(
            whole=address(behind.whole),
            numbers={name: address(rows) for name, rows in behind.numbers.items()},
            table=tuple(address(rows) for rows in behind.table),
            cells={name: tuple(address(rows) for rows in cells) for name, cells in behind.cells.items()},
        )

    def number(self, name: str) -> str:
        """Return the address of a headline number's rows."""
        return self.numbers.get(name, self.whole)

    def cell(self, column: str, row: int) -> str:
        """Return the address of a table cell's rows."""
        finest = self.cells.get(column) or self.table
        return finest[row] if finest else self.whole
