"""Exports: one document written as a page, a workbook and slides. Heavy libraries are loaded only to write."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from marketbook.kit.language import speaking
from marketbook.kit.report.document import Document

Format = Literal["html", "xlsx", "pptx"]
FILES: dict[Format, str] = {"html": "report.html", "xlsx": "tables.xlsx", "pptx": "slides.pptx"}


def write(document: Document, folder: Path, formats: Iterable[Format] = ("html", "xlsx", "pptx")) -> list[Path]:
    """Write a report's files into a folder, in the document's language.

    Args:
        document: The report.
        folder: Where the files go; it must be there.
        formats: Which of `html`, `xlsx` and `pptx`.

    Returns:
        The files written, in the order asked for.
    """
    return [_write_one(document, folder / FILES[name], name) for name in formats]


def _write_one(document: Document, file: Path, name: Format) -> Path:
    with speaking(document.language):
        if name == "html":
            from marketbook.kit.report.export.html import page

            file.write_text(page(document), "utf-8")
        elif name == "xlsx":
            from marketbook.kit.report.export.xlsx import write as write_xlsx

            write_xlsx(document, file)
        else:
            from marketbook.kit.report.export.slides import write as write_slides

            write_slides(document, file)
    return file
