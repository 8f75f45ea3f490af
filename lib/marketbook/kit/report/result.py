"""The result protocol: what every method returns and every report is made of.

A result is a frozen dataclass of plain numbers and frames. As the last value of a notebook cell it shows itself, and
carries a JSON description (`RESULT_MIME`) from which the runner writes headline numbers, page, workbook and slides.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar, Self

import pandas as pd

from marketbook.kit.report.behind import Behind, Origin
from marketbook.kit.report.chart import Chart
from marketbook.kit.report.finding import Finding
from marketbook.kit.report.page import as_html

RESULT_MIME = "application/vnd.marketbook.result+json"


class Result(ABC):
    """Base of every method's result: subclass it with a frozen dataclass directly above the method.

    `titles` gives the heading (a message id through `mark`) of every column of `table` and every name in `numbers()`.
    """

    titles: ClassVar[Mapping[str, str]] = {}
    currency: str = "CNY"
    _origin = None

    @property
    @abstractmethod
    def heading(self) -> str:
        """What was asked, in a few words, translated: the slide's and the sheet's name."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The finding in one sentence with its interval, translated; the first thing a director reads."""

    @property
    @abstractmethod
    def table(self) -> pd.DataFrame:
        """The figures, tidy: one row per item, every column named in `titles`."""

    @property
    def caveats(self) -> Sequence[str]:
        """What the reader must know before relying on it, translated; one sentence each."""
        return ()

    @abstractmethod
    def chart(self) -> Chart | None:
        """The picture, or None where a table says it better."""

    @abstractmethod
    def numbers(self) -> Mapping[str, Any]:
        """The headline numbers by name, the first one first; `name_ci` beside `name` is its interval (low, high)."""

    def behind(self) -> Behind | None:
        """Which rows each figure was computed from; None where nobody said."""
        origin: Origin | None = self._origin
        return origin.behind(self) if origin else None

    def remembered(self) -> Mapping[str, Any]:
        """What a later run compares its own figures with, as plain JSON values; nobody is shown it."""
        return {}

    def on(self, origin: Origin) -> Self:
        """Return the result with its origin: what knows the rows that it stands on."""
        found = copy(self)
        object.__setattr__(found, "_origin", origin)
        return found

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        finding = Finding.of(self)
        return {"text/plain": finding.text, "text/html": as_html(finding), RESULT_MIME: finding.model_dump(mode="json")}
