"""The document: an executed notebook in the order in which a reader wants it."""

from datetime import UTC, datetime
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tests.kit.report import invented

from marketbook.kit.report.document import Code, Document, Output, Prose, Shown


def _read(*cells: Any) -> Document:
    when = datetime(2026, 1, 5, tzinfo=UTC)
    return Document.of(new_notebook(cells=list(cells)), name="survey/x", ran_at=when, spoken="en")


def test_the_first_heading_is_the_title_and_the_rest_of_its_cell_the_question() -> None:
    document = _read(new_markdown_cell("# Who knows us?\n\n**How many?**"), new_markdown_cell("# Another"))
    assert (document.title, document.question) == ("Who knows us?", "**How many?**")


def test_text_before_a_silent_cell_belongs_to_the_method() -> None:
    silent = new_code_cell("sales = 1")
    loud = new_code_cell("sales", outputs=[new_output("execute_result", data={"text/plain": "1"})])
    document = _read(new_markdown_cell("Data."), silent, new_markdown_cell("Look."), loud, new_markdown_cell("End."))
    assert document.blocks == (Prose("Look."), Output("1"), Prose("End."))
    assert document.method == (Prose("Data."), Code("sales = 1"), Code("sales"))


def test_cells_that_papermill_injected_and_printed_lines_are_not_shown() -> None:
    injected = new_code_cell("n = 2", metadata={"tags": ["injected-parameters"]})
    printing = new_code_cell("print(1)", outputs=[new_output("stream", text="1\n")])
    document = _read(injected, printing)
    assert document.blocks == ()
    assert document.method == (Code("print(1)"),)


def test_findings_keep_the_picture_that_the_notebook_drew() -> None:
    document = invented.document("en", (invented.awareness,))
    (shown,) = document.shown
    assert isinstance(shown, Shown)
    assert shown.figure.startswith("<figure>")
    assert shown.figure.count("<svg") == 2


def test_a_picture_of_another_library_is_kept_as_png() -> None:
    output = new_output("display_data", data={"image/png": "iVBO\nRw==", "text/plain": "<Figure>"})
    assert _read(new_code_cell("plot()", outputs=[output])).blocks == (Output("<Figure>", "iVBORw=="),)


def test_a_notebook_without_title_is_called_by_its_name() -> None:
    assert _read(new_markdown_cell("Text.")).title == "survey/x"


def test_the_sources_of_all_findings_are_named_once() -> None:
    document = invented.document("en", (invented.awareness, invented.lift))
    assert document.sources == dict(sorted(document.findings[0].sources.items()))
