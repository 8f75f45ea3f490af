"""A notebook run for a reader: the page's frame is sent at once, then each finding when it is there."""

import base64
from collections.abc import AsyncIterator, Iterator, Mapping
from html import escape
from typing import Any

from marketbook.app.catalogue import Report
from marketbook.app.server.live import execution, front_end
from marketbook.app.server.live.kernels import LiveKernels
from marketbook.kit import language
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.report import RESULT_MIME
from marketbook.kit.report import page as pieces
from marketbook.kit.report.document import Document
from marketbook.kit.report.finding import Finding
from marketbook.kit.report.markdown import to_html
from marketbook.kit.store import now

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


class Telling:
    """A notebook's cells as pieces of a page, told while they run.

    Attributes:
        kernel_id: The kernel, once it has started.
        widgets: Whether the page shows widgets, which need the kernel to stay.
        expects_widgets: Whether it looks as if the page will show widgets.
        outputs: What each code cell that has run shows, as nbformat's outputs.
    """

    def __init__(
        self, report: Report, parameters: Mapping[str, Any] | None, *, spoken: str, record: int | None = None
    ) -> None:
        """Make ready: Markdown in the reader's language, parameters put in.

        Args:
            report: The notebook.
            parameters: Plain JSON values; None for a screen, which has none.
            spoken: The language.
            record: The record that the address of a screen names.
        """
        self.kernel_id = ""
        self.widgets = False
        self.outputs: list[list[dict[str, Any]]] = []
        self._report = report
        self._spoken = spoken
        self._record = record
        self._told_headline = False
        self._cells = list(_cells(report.source, parameters))
        self.expects_widgets = front_end.is_expected(self._sources)

    def opening(self) -> Document:
        """Return title and question, before anything has run."""
        first = [cell for cell in self._cells[:1] if cell["cell_type"] == "markdown"]
        return Document.of({"cells": first}, name=self._report.name, ran_at=now(), spoken=language.current())

    @property
    def count(self) -> int:
        """How many code cells there are."""
        return len(self._sources)

    @property
    def _sources(self) -> list[str]:
        return [cell["source"] for cell in self._cells if cell["cell_type"] == "code"]

    @property
    def is_whole(self) -> bool:
        """Whether all cells have run."""
        return len(self.outputs) == self.count

    @property
    def executed(self) -> list[dict[str, Any]]:
        """The notebook's cells with what they show."""
        shown = iter(self.outputs)
        return [
            cell if cell["cell_type"] == "markdown" else cell | {"outputs": next(shown, [])} for cell in self._cells
        ]

    async def pieces(self, kernels: LiveKernels, who: SignedIn) -> AsyncIterator[tuple[int, str]]:
        """Run the cells in a kernel of the reader's own; give the number of cells done and what they show.

        Raises:
            BusyError: No further kernel may live.
            CellError: A cell stopped.
            RunError: The kernel died.
        """
        self.kernel_id = await kernels.open(who, self._report.name, str(self._report.file.parent), record=self._record)
        manager = kernels.get_kernel(self.kernel_id)
        client = manager.client()
        client.start_channels(stdin=False, hb=False, control=False)
        try:
            if self.expects_widgets:
                yield 0, front_end.kernel(self.kernel_id)
            await execution.hear(client, alive=manager.is_alive)
            runs = execution.run(client, self._sources, alive=manager.is_alive)
            async for ran, texts in self._paired(runs):
                self.outputs.append(ran.outputs)
                yield ran.place + 1, self._shown(ran.outputs, texts)
            yield self.count, "".join(_prose(text) for text in self._after)
        finally:
            client.stop_channels()
            kernels.mark_ready(self.kernel_id)

    async def _paired(self, runs: AsyncIterator[execution.Ran]) -> AsyncIterator[tuple[execution.Ran, list[str]]]:
        """Pair each code cell that has run with the texts that stand before it."""
        waiting: list[str] = []
        for place, cell in enumerate(self._cells):
            if cell["cell_type"] == "markdown":
                waiting += [cell["source"]] if place else []
            else:
                yield await anext(runs), waiting
                waiting = []
        self._after = waiting

    def _shown(self, outputs: list[dict[str, Any]], texts: list[str]) -> str:
        made = [self._output(output) for output in outputs]
        return "".join([*(_prose(text) for text in texts), *made]) if made else ""

    def _output(self, output: Mapping[str, Any]) -> str:
        data = output.get("data", {})
        if RESULT_MIME in data:
            return self._finding(Finding.model_validate(data[RESULT_MIME]), pieces.drawn_in(_joined(data["text/html"])))
        if VIEW_MIME in data:
            self.widgets = True
            return f'<div class="app-widget" data-model="{escape(data[VIEW_MIME]["model_id"])}"></div>'
        return _plain_output(output, data)

    def _finding(self, finding: Finding, figure: str) -> str:
        if self._told_headline:
            return pieces.piece(finding, figure=figure)
        self._told_headline = True
        return f'<template id="mb-headline">{pieces.headline(finding)}</template>' + pieces.evidence(
            finding, figure=figure
        )


def _cells(source: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    for cell in source["cells"]:
        text = _joined(cell["source"])
        if cell["cell_type"] == "markdown":
            yield {"cell_type": "markdown", "source": language.translate_markdown(text), "metadata": {}}
        elif cell["cell_type"] == "code" and text.strip():
            tags = cell.get("metadata", {}).get("tags", [])
            if "parameters" in tags and parameters is not None:
                text = "\n".join([text, *(f"{name} = {value!r}" for name, value in parameters.items())])
            yield {"cell_type": "code", "source": text, "metadata": {}}


def _plain_output(output: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    if "text/html" in data:
        return f'<div class="app-output">{_joined(data["text/html"])}</div>'
    if "image/svg+xml" in data:
        coded = base64.b64encode(_joined(data["image/svg+xml"]).encode()).decode()
        return f'<img class="output" alt="" src="data:image/svg+xml;base64,{coded}">'
    if "image/png" in data:
        coded = _joined(data["image/png"]).replace("\n", "")
        return f'<img class="output" alt="" src="data:image/png;base64,{escape(coded)}">'
    text = _joined(data.get("text/plain", output.get("text", "")))
    return f'<pre class="output" translate="no">{escape(text)}</pre>' if text.strip() else ""


def _prose(text: str) -> str:
    return f'<div class="prose">{to_html(text)}</div>'


def _joined(text: Any) -> str:  # noqa: ANN401  # nbformat's text or lines
    return text if isinstance(text, str) else "".join(text)
