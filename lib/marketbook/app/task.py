"""What goes to a worker process and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketbook.app.params_file import FormatName
from marketbook.kit.config import LanguageName


@dataclass(frozen=True)
class Limits:
    """How long a report may take, in seconds: one cell, the whole, and its kernel's start."""

    cell: float = 1800
    whole: float = 3600
    start: float = 120


@dataclass(frozen=True)
class Task:
    """What a worker needs to run one report.

    Attributes:
        report: The report's name, with its variant.
        notebook: The notebook's name, without.
        file: The notebook.
        folder: Where everything is written; it is there and empty.
        language: The language of the report.
        parameters: Every parameter but the language, as plain JSON values.
        shown: The parameters as a reader should see them: name, title, value.
        formats: Which exports are written.
        scheduled_for: When it was due, as ISO text, or None.
        versions: What it runs with.
        environment: The environment of worker and kernel.
        limits: How long it may take.
    """

    report: str
    notebook: str
    file: Path
    folder: Path
    language: LanguageName
    parameters: Mapping[str, Any]
    shown: tuple[tuple[str, str, str], ...]
    formats: tuple[FormatName, ...]
    scheduled_for: str | None
    versions: Mapping[str, str]
    environment: Mapping[str, str] = field(repr=False)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        error: Empty where it succeeded.
        cell: The number in brackets of the cell that failed, if it was a cell.
        headline: The first finding's sentence.
        numbers: The headline numbers of all findings.
        data: Fingerprint of each dataset read.
        seconds: Where the time went: `kernel`, `cells`, `export`.
    """

    error: str = ""
    cell: int | None = None
    headline: str = ""
    numbers: tuple[dict[str, Any], ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
