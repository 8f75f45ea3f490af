"""Rows: which rows of a declared dataset a number was computed from, said in an address.

`transactions?ordered_at.ge=2025-01-01&customers.province=浙江`: columns with an operator behind a point (none: is);
`dataset.column` is a column of a dataset whose key the row holds. What begins with an underscore is no condition.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qsl, quote

from pydantic import TypeAdapter, ValidationError

from marketbook.kit.errors import ParamsError
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _
from marketbook.kit.suggestion import instead

Operator = Literal["is", "in", "out", "within", "ge", "le", "null"]
Value = str | bool | int | float | date
"""A moment column takes days, which stand for all their hours."""

_OPERATORS: tuple[str, ...] = get_args(Operator)
_LISTS = ("in", "out", "within")
_ESCAPED = re.compile(r"[%&=#+?\\\"'<>\s]")


@dataclass(frozen=True)
class Condition:
    """What a row must satisfy.

    Attributes:
        path: A column, a mark, or either of a linked dataset: `customers.province`.
        operator: `is`, `in` or `out` (not in), `within` (any of some spans), `ge` or `le`, `null` (missing, or not);
            ends count.
        values: What it is compared with: one, or several for `in` and `out`, or first and last of each span.
    """

    path: str
    operator: Operator
    values: tuple[Value, ...]

    @property
    def dataset(self) -> str:
        """The linked dataset; empty where the column is the dataset's own."""
        return self.path.rpartition(".")[0]

    @property
    def column(self) -> str:
        """The column or the mark."""
        return self.path.rpartition(".")[2]

    def encode(self) -> str:
        """Write the condition as a part of an address."""
        name = self.path if self.operator == "is" else f"{self.path}.{self.operator}"
        if self.operator in _LISTS:
            return f"{name}={_escaped(','.join(_text(v).replace('%', '%25').replace(',', '%2C') for v in self.values))}"
        return f"{name}={_escaped(_text(self.values[0]))}"


@dataclass(frozen=True)
class Rows:
    """Rows of a dataset that satisfy all conditions; none: the whole dataset.

    Example:
        >>> Rows("sales_weeks").between("week", date(2025, 1, 6), None).encode()
        'sales_weeks?week.ge=2025-01-06'
    """

    dataset: str
    where: tuple[Condition, ...] = ()

    def being(self, **values: Any) -> Self:  # noqa: ANN401  # any cell of a frame
        """Keep the rows with these values in these columns."""
        return self._and(*(Condition(name, "is", (_plain(value),)) for name, value in values.items()))

    def among(self, column: str, values: Iterable[Any]) -> Self:
        """Keep the rows with one of several values in a column."""
        found = tuple(_plain(value) for value in values)
        return self._and(Condition(column, "is" if len(found) == 1 else "in", found))

    def but(self, column: str, values: Iterable[Any]) -> Self:
        """Leave out the rows with one of some values in a column."""
        found = tuple(_plain(value) for value in values)
        return self._and(Condition(column, "out", found)) if found else self

    def between(self, column: str, low: Any = None, high: Any = None) -> Self:  # noqa: ANN401
        """Keep the rows from a value to another, both counted; None leaves an end open."""
        ends: tuple[tuple[Operator, Any], ...] = (("ge", low), ("le", high))
        return self._and(*(Condition(column, end, (_plain(value),)) for end, value in ends if value is not None))

    def within(self, column: str, *spans: Sequence[Any]) -> Self:
        """Keep the rows in any of some spans, each a first and a last value that count."""
        ends = tuple(_plain(end) for span in spans for end in span)
        return self.between(column, *ends) if len(spans) == 1 else self._and(Condition(column, "within", ends))

    def present(self, column: str) -> Self:
        """Keep the rows with a value in a column."""
        return self._and(Condition(column, "null", (False,)))

    def missing(self, column: str) -> Self:
        """Keep the rows without a value in a column."""
        return self._and(Condition(column, "null", (True,)))

    def linked(self, other: "Rows") -> Self:
        """Keep the rows that belong to some rows of another dataset, whose key they hold."""
        theirs = (Condition(f"{other.dataset}.{c.path}", c.operator, c.values) for c in other.where)
        return self._and(*theirs)

    def encode(self, *, seen: str = "") -> str:
        """Write the rows as an address.

        Args:
            seen: The fingerprint of the dataset when the number was computed.
        """
        parts = [condition.encode() for condition in self.where] + ([f"_seen={seen}"] if seen else [])
        return f"{self.dataset}?{'&'.join(parts)}" if parts else self.dataset

    @classmethod
    def decode(cls, address: str, declared: Mapping[str, Dataset]) -> "Rows":
        """Read an address, checked against the datasets' declarations.

        Raises:
            ParamsError: A dataset or column is unknown, not linked or not to be shown, or a value is of another kind.
        """
        name, _mark, query = address.partition("?")
        if name not in declared:
            raise ParamsError(_("Dataset '{name}' is not known.").format(name=name) + f" {instead(name, declared)}")
        pairs = parse_qsl(query, keep_blank_values=True)
        return cls(name, tuple(_read(declared, name, key, text) for key, text in pairs if not key.startswith("_")))

    @property
    def datasets(self) -> list[str]:
        """The dataset and those that its conditions ask, each once."""
        return list(dict.fromkeys([self.dataset, *(c.dataset for c in self.where if c.dataset)]))

    def _and(self, *conditions: Condition) -> Self:
        return replace(self, where=tuple(dict.fromkeys((*self.where, *conditions))))


def _read(declared: Mapping[str, Dataset], name: str, key: str, text: str) -> Condition:
    parts = key.split(".")
    operator = parts.pop() if len(parts) > 1 and parts[-1] in _OPERATORS else "is"
    dataset = _linked(declared, name, parts[0]) if len(parts) == 2 else declared[name]
    _check_column(dataset, parts[-1] if len(parts) <= 2 else key)
    texts = _listed(text) if operator in _LISTS else [text]
    kind = bool if operator == "null" else str if parts[-1] in dataset.marks else dataset.kind(parts[-1])
    values = tuple(_value(f"{dataset.name}.{parts[-1]}", kind, part) for part in texts)
    if operator == "within" and (not values or len(values) % 2):
        raise ParamsError(_("{key}: found {found}; must be pairs of first and last.").format(key=key, found=repr(text)))
    return Condition(".".join(parts), operator, values)  # type: ignore[arg-type]  # one of the operators, seen above


def _listed(text: str) -> list[str]:
    return [part.replace("%2C", ",").replace("%25", "%") for part in text.split(",")] if text else []


def _linked(declared: Mapping[str, Dataset], name: str, other: str) -> Dataset:
    links = [known for known in declared if known != name and set(declared[known].key) <= set(declared[name].columns)]
    if other not in links:
        raise ParamsError(
            _("{name}: no link to '{other}'.").format(name=name, other=other) + f" {instead(other, links)}"
        )
    return declared[other]


def _check_column(dataset: Dataset, column: str) -> None:
    known = [*dataset.open_columns, *dataset.marks]
    if column not in known:
        raise ParamsError(
            _("{name}: unknown column '{column}'.").format(name=dataset.name, column=column)
            + f" {instead(column, known)}"
        )


def _value(where: str, kind: type, text: str) -> Value:
    wanted = date if kind is datetime else kind
    try:
        found: Value = TypeAdapter(wanted).validate_python(text)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise ParamsError(
            _("{key}: found {found}; {allowed}.").format(key=where, found=repr(text), allowed=allowed(fault))
        ) from None
    return found


def _plain(value: Any) -> Value:  # noqa: ANN401  # a cell of a frame
    plain = value.item() if hasattr(value, "item") else value
    found: Value = plain.date() if isinstance(plain, datetime) else plain
    return found


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _escaped(text: str) -> str:
    """Write the signs that mean something in an address by their number; Chinese stays readable."""
    return _ESCAPED.sub(lambda sign: quote(sign[0], safe=""), text)
