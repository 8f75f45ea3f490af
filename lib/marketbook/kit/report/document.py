"""A report as a document: an executed notebook, put in the order in which a reader wants it.

What a reader sees: the title, its question, the first finding, then each text that leads to something shown, with what
it leads to. Texts before cells that show nothing (parameters, imports, data) belong to `method`, with the code.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marketbook.kit import language
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.report.finding import Finding
from marketbook.kit.report.page import drawn_in
from marketbook.kit.report.result import RESULT_MIME

_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")


@dataclass(frozen=True)
class Prose:
    """Markdown, in the language of the run."""

    markdown: str


@dataclass(frozen=True)
class Shown:
    """A finding with its picture as the notebook drew it (an HTML `figure`; empty where there is none)."""

    finding: Finding
    figure: str = field(default="", repr=False)


@dataclass(frozen=True)
class Output:
    """Anything else that a cell shows: plain text, or a picture as base64 PNG."""

    text: str
    png: str = field(default="", repr=False)


@dataclass(frozen=True)
class Code:
    """A code cell, for the account of how the report was made."""

    source: str


@dataclass(frozen=True)
class Parameter:
    """A parameter of the run: its name, its title and its value as the reader should see it."""

    name: str
    title: str
    value: str


@dataclass(frozen=True)
class Document:
    """Everything that page, workbook and slides are written from.

    Attributes:
        notebook: The notebook's path without its ending: `survey/analyse-survey`.
        title: Its first heading.
        question: What stands under the heading, in Markdown.
        blocks: Texts, findings and other outputs, in reading order.
        method: Texts that lead to nothing shown, and all code, in the notebook's order.
        language: The language of the run.
        ran_at: When the run began, with its time zone.
        seconds: How long it took; 0 where nobody measured.
        parameters: What it was run with.
        sources: Fingerprint of each dataset read, by name.
        source_titles: What a dataset is called, by name; the name itself where it is not told.
        versions: Version of each library that matters, by name.
        company: Whose report it is; may be empty.
    """

    notebook: str
    title: str
    question: str
    blocks: Sequence[Prose | Shown | Output]
    language: LanguageName
    ran_at: datetime
    method: Sequence[Prose | Code] = ()
    seconds: float = 0.0
    parameters: Sequence[Parameter] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    source_titles: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    company: str = ""

    @property
    def shown(self) -> list[Shown]:
        """The findings with their pictures, in order."""
        return [block for block in self.blocks if isinstance(block, Shown)]

    @property
    def findings(self) -> list[Finding]:
        """The findings, in order; the first is the headline."""
        return [block.finding for block in self.shown]

    @property
    def moment(self) -> datetime:
        """When the run began, on the company's clock."""
        return self.ran_at.astimezone(settings().zone)

    def titled(self, sources: Mapping[str, str]) -> dict[str, str]:
        """Return fingerprints by what their datasets are called."""
        return {self.source_titles.get(name, name): mark for name, mark in sources.items()}

    @classmethod
    def of(
        cls,
        notebook: Any,  # noqa: ANN401  # nbformat's node is a dict of anything
        *,
        name: str,
        ran_at: datetime,
        spoken: LanguageName,
        parameters: Sequence[Parameter] = (),
        **known: Any,  # noqa: ANN401  # see below
    ) -> "Document":
        """Read an executed notebook.

        Args:
            notebook: An nbformat 4 node (or its JSON). Its Markdown is translated here, where it was not before.
            name: The notebook's path without its ending.
            ran_at: When the run began, with its time zone.
            spoken: The language of the run.
            parameters: What it was run with.
            **known: More fields: `seconds`, `source_titles`, `versions`, `company`.
        """
        with language.speaking(spoken):
            title, question, blocks, method = _read(notebook["cells"])
        sources = {source: mark for b in blocks if isinstance(b, Shown) for source, mark in b.finding.sources.items()}
        return cls(
            notebook=name,
            title=title or name,
            question=question,
            blocks=tuple(blocks),
            method=tuple(method),
            language=spoken,
            ran_at=ran_at,
            parameters=tuple(parameters),
            sources=dict(sorted(sources.items())),
            **known,
        )


_Read = tuple[str, str, list[Prose | Shown | Output], list[Prose | Code]]


def _read(cells: Iterable[Any]) -> _Read:
    title, question = "", ""
    blocks: list[Prose | Shown | Output] = []
    method: list[Prose | Code] = []
    waiting: list[Prose] = []
    for cell in cells:
        source = _joined(cell["source"])
        if cell["cell_type"] == "markdown" and source.strip():
            text = language.translate_markdown(source)
            if not title and (found := _TITLE.match(text)):
                title, question = found[1], text[found.end() :].strip()
            else:
                waiting.append(Prose(text))
        elif cell["cell_type"] == "code" and not _injected(cell):
            shown = [output for raw in cell.get("outputs", ()) if (output := _output(raw))]
            (blocks if shown else method).extend(waiting)
            waiting = []
            blocks.extend(shown)
            method.extend([Code(source)] if source.strip() else [])
    return title, question, [*blocks, *waiting], method


def _injected(cell: Any) -> bool:  # noqa: ANN401  # nbformat's node
    """Tell whether papermill put the cell in: its values stand among the parameters."""
    return "injected-parameters" in cell["metadata"].get("tags", ())


def _output(raw: Any) -> Shown | Output | None:  # noqa: ANN401  # nbformat's node
    data = raw.get("data", {})
    if RESULT_MIME in data:
        return Shown(Finding.model_validate(data[RESULT_MIME]), drawn_in(_joined(data.get("text/html", ""))))
    if raw["output_type"] not in ("display_data", "execute_result") or not ({"image/png", "text/plain"} & set(data)):
        return None
    return Output(_joined(data.get("text/plain", "")), _joined(data.get("image/png", "")).replace("\n", ""))


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
