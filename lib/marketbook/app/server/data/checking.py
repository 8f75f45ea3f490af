"""What is done with an uploaded file in a process of its own: checking what it would do, or importing it.

Files come from outside: whatever one does to the process that reads it, the server goes on, and the dataset is replaced
by rename or not at all.
"""

import logging
import os
import resource
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Literal

import pyarrow as pa
from sqlalchemy.exc import SQLAlchemyError

from marketbook.app import catalogue, imports, process
from marketbook.app.server.data import expansion
from marketbook.app.server.data.inbox import Counts, Refusal, State, Upload
from marketbook.app.server.data.refusals import write_workbook
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.errors import MarketbookError
from marketbook.kit.facts import ChangedError, Dataset, Facts, ImportReport, Incoming, Preview, incoming
from marketbook.kit.facts.readers import sheet_names
from marketbook.kit.facts.rejects import written
from marketbook.kit.language import gettext as _
from marketbook.kit.store import Store

Job = Literal["check", "import"]

MEMORY = 6 << 30
"""Bytes of memory that reading a file may take."""

SECONDS = 600
"""Seconds of computing that it may take."""

LONGEST_CELL = 200
"""Characters of a cell that are shown."""

TELL_SECONDS = 0.4

log = logging.getLogger("marketbook.server.uploads")


def work(upload: Upload, job: Job, environment: Mapping[str, str]) -> None:
    """Do a job and end the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()
    for limit, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
    upload.put(perform(upload, job))
    sys.stdout.flush()
    os._exit(0)  # nothing is left to tidy, and numeric libraries take their time


def perform(upload: Upload, job: Job) -> State:
    """Do a job and return what has become of the upload; what is wrong with it is told in its owner's language."""
    language.use(upload.language)
    try:
        return _import(upload) if job == "import" else _check(upload)
    except MarketbookError as error:
        return _failed(upload, str(error).replace(str(upload.path), upload.name))
    except (MemoryError, pa.ArrowMemoryError):
        return _failed(upload, _("{file}: is too large to be read here.").format(file=upload.name))
    except Exception as error:  # whatever a file does to a reader, its owner is told
        reference = secrets.token_hex(4)
        log.error("reference %s", reference, exc_info=error)
        return _failed(
            upload, _("{file}: cannot be read. Reference: {number}").format(file=upload.name, number=reference)
        )


def _check(upload: Upload, *, changed: bool = False) -> State:
    upload.put(State(status="checking", process=process.own()))
    expansion.check(upload.path)
    sheets = sheet_names(upload.path)
    upload.put(State(status="checking", process=process.own(), sheets=sheets))
    dataset, facts = catalogue.dataset(upload.dataset), Facts(settings().facts)
    with _opened(upload, dataset, facts) as batch:
        found = batch.preview(update=upload.choices.update)
    upload.rejects_workbook.unlink(missing_ok=True)
    if found.report.rejects_file:
        write_workbook(upload.rejects, upload.rejects_workbook)
    return _previewed(dataset, found, sheets, changed=changed)


def _previewed(dataset: Dataset, found: Preview, sheets: tuple[str, ...], *, changed: bool) -> State:
    rows = zip(*(column.to_pylist() for column in found.rows.columns), strict=True)
    return State(
        status="checked",
        sheets=sheets,
        counts=Counts.of(found.report),
        headings=tuple(dataset.columns),
        rows=tuple(tuple(_short(written(cell)) for cell in row) for row in rows),
        refused=tuple(
            Refusal(line=row.line, faults=tuple((_short(h), _short(value), reason) for h, value, reason in row.faults))
            for row in found.refused
        ),
        basis=found.basis,
        changed=changed,
    )


def _import(upload: Upload) -> State:
    """Import the file that was checked, into the dataset that it was compared with; else it is checked again."""
    before = upload.state()
    upload.put(before.model_copy(update={"status": "importing", "process": process.own(), "count": 0}))
    if imports.file_of(upload.path).sha256 != upload.sha256:
        return _failed(upload, _("{file}: is not the file that was checked.").format(file=upload.name))
    dataset, facts, store = catalogue.dataset(upload.dataset), Facts(settings().facts), Store(settings().store)
    store.upgrade()
    try:
        with _opened(upload, dataset, facts) as batch:
            report = batch.land(update=upload.choices.update, basis=before.basis)
    except ChangedError:
        return _check(upload, changed=True)
    _note(store, facts, upload, report)
    return before.model_copy(update={"status": "imported", "process": "", "counts": Counts.of(report)})


def _note(store: Store, facts: Facts, upload: Upload, report: ImportReport) -> None:
    """Enter the import in the journal; the rows are there already, so where that fails the log has to do."""
    file = imports.File(upload.name, upload.sha256, upload.choices.source)
    try:
        with store.writing() as session:
            imports.enter(session, facts=facts, report=report, file=file, account_id=upload.account_id)
    except SQLAlchemyError:
        log.exception("imported but not noted: account %d, %s, sha256 %s", upload.account_id, report, upload.sha256)


def _opened(upload: Upload, dataset: Dataset, facts: Facts) -> AbstractContextManager[Incoming]:
    chosen = upload.choices
    return incoming(
        facts, dataset, upload.path, source=chosen.source or None, sheet=chosen.sheet or None, tell=_telling(upload)
    )


def _telling(upload: Upload) -> Callable[[int], None]:
    """Return who is told of rows read, and writes it down now and then."""
    before, told = upload.state(), time.monotonic()

    def tell(count: int) -> None:
        nonlocal told
        expansion.check_rows(upload.path, count)
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            upload.put(before.model_copy(update={"count": count}))

    return tell


def _failed(upload: Upload, error: str) -> State:
    return upload.state().model_copy(update={"status": "failed", "process": "", "error": error})


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
