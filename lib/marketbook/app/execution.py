"""One run of one notebook, in a process of its own: papermill keeps its working directory and handlers process-wide.

Status comes from what the executor saw. papermill's file cannot tell: it marks the cell that killed its kernel, or ran
out of time, as completed.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers

from marketbook.app import kernel
from marketbook.app.catalogue import with_views
from marketbook.app.task import Limits, Outcome, Task
from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.report import RESULT_MIME
from marketbook.kit.report.document import Document, Parameter
from marketbook.kit.report.export import write
from marketbook.kit.store import now

Tell = Callable[[int, int], None]
"""Told the number of cells done and of all."""


class _StoppedError(Exception):
    """The notebook stopped; carries what to say."""


class _Witness:
    """What the executor sees while the cells run."""

    def __init__(self, limits: Limits, tell: Tell) -> None:
        self.notebook: Any = None
        self.cell: int | None = None
        self.first_line = ""
        self.began = time.monotonic()
        self.first_cell_at: float | None = None
        self._limits = limits
        self._tell = tell

    def begins(self, cell: Any, cell_index: int) -> None:  # noqa: ANN401  # nbclient passes nbformat's node
        """Note the cell that starts to run."""
        cells = self.notebook.cells
        self.first_cell_at = self.first_cell_at or time.monotonic()
        self.cell = sum(1 for c in cells[: cell_index + 1] if _runs(c))
        self.first_line = next((line for line in cell.source.splitlines() if line.strip()), "")
        self._tell(self.cell - 1, self.count)

    def seconds_left(self, _cell: Any) -> float:  # noqa: ANN401  # nbclient passes nbformat's node
        """Return how long the next cell may run."""
        return max(0.1, min(self._limits.cell, self._limits.whole - (time.monotonic() - self.began)))

    @property
    def count(self) -> int:
        """How many cells there are to run."""
        return sum(1 for cell in self.notebook.cells if _runs(cell))

    def blame(self, problem: str) -> str:
        """Name the cell and what went wrong in it."""
        if self.cell is None:
            return problem
        return _("cell [{number}], {line}: {problem}").format(
            number=self.cell, line=f"`{self.first_line}`", problem=problem
        )


class _Engine(NBClientEngine):  # type: ignore[misc]  # papermill is untyped
    """papermill's engine with a witness and our way to start a kernel."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401  # papermill is untyped
        kernel_name: str,
        *,
        witness: _Witness,
        task: Task,
        **_options: Any,  # noqa: ANN401  # papermill's own
    ) -> None:
        witness.notebook = nb_man.nb
        manager = kernel.manager(kernel_name)
        client = PapermillNotebookClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            log=logging.getLogger("papermill"),
            startup_timeout=task.limits.start,
            iopub_timeout=60,
            timeout_func=witness.seconds_left,
            on_cell_execute=witness.begins,
            shutdown_kernel="immediate",
            extra_arguments=kernel.arguments(manager),
            ipython_hist_file=":memory:",
        )
        env, told = kernel.without_store(task.environment, manager.kernel_name)
        try:
            client.execute(env=env, cwd=str(task.file.parent), cleanup_kc=True, **told)
        finally:
            if client.km is not None and client.km.has_kernel:
                client._cleanup_kernel()  # noqa: SLF001  # nbclient leaves a manager that was passed in alone


papermill_engines.register("marketbook", _Engine)


def perform(task: Task, tell: Tell) -> Outcome:
    """Run a notebook and write everything into the task's folder; a failed one leaves its partial notebook there."""
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    started, witness = now(), _Witness(task.limits, tell)
    with language.speaking(task.language):
        try:
            executed = _execute(task, witness)
        except _StoppedError as stopped:
            outcome = Outcome(error=str(stopped), cell=witness.cell, seconds=_seconds(witness, time.monotonic()))
            _keep_notebook(task, remove_error_markers(witness.notebook) if witness.notebook else None)
        else:
            outcome = _export(task, executed, started, witness)
        _keep_account(task, outcome, started)
    return outcome


def translated(notebook: Any) -> Any:  # noqa: ANN401  # nbformat's node
    """Translate a notebook's Markdown cells in place and return it."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = language.translate_markdown(cell.source)
    return notebook


def _execute(task: Task, witness: _Witness) -> Any:  # noqa: ANN401  # nbformat's node
    try:
        source = translated(nbformat.read(task.file, as_version=4))  # type: ignore[no-untyped-call]
        papermill.execute_notebook(
            source,
            None,
            dict(task.parameters) | {"language": task.language},
            engine_name="marketbook",
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            progress_bar=False,
            witness=witness,
            task=task,
        )
    except PapermillExecutionError as error:
        raise _StoppedError(witness.blame(f"{error.ename}: {error.evalue}")) from None
    except CellTimeoutError:
        raise _StoppedError(witness.blame(_too_long(task, witness))) from None
    except DeadKernelError:
        raise _StoppedError(witness.blame(_("the kernel died; often it ran out of memory."))) from None
    except Exception as error:  # whatever breaks here is this report's failure, not the others'
        raise _StoppedError(witness.blame(f"{type(error).__name__}: {error}")) from error
    if witness.cell is not None and witness.cell < witness.count:
        raise _StoppedError(witness.blame(_("the notebook ended here, before its last cell.")))
    return witness.notebook


def _too_long(task: Task, witness: _Witness) -> str:
    if time.monotonic() - witness.began >= task.limits.whole:
        return _("the report took longer than {seconds:g} seconds.").format(seconds=task.limits.whole)
    return _("the cell took longer than {seconds:g} seconds.").format(seconds=task.limits.cell)


def _export(task: Task, executed: Any, started: datetime, witness: _Witness) -> Outcome:  # noqa: ANN401
    cells_done = time.monotonic()
    document = Document.of(
        executed,
        name=task.notebook,
        ran_at=started,
        spoken=task.language,
        parameters=[Parameter(*row) for row in task.shown],
        seconds=cells_done - witness.began,
        versions=dict(task.versions),
        source_titles={name: _(dataset.title) for name, dataset in with_views().items()},
    )
    _keep_notebook(task, executed)
    try:
        write(document, task.folder, task.formats)
    except Exception as error:  # noqa: BLE001  # told as this report's failure
        return Outcome(error=_("its files could not be written: {problem}").format(problem=_described(error)))
    findings = _findings(executed)
    return Outcome(
        headline=findings[0]["text"] if findings else "",
        numbers=tuple({"finding": f["name"], **number} for f in findings for number in f["numbers"]),
        data=dict(document.sources),
        seconds=_seconds(witness, cells_done),
    )


def _described(error: Exception) -> str:
    """Name an error by where it was raised: nobody sees a traceback of the worker."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{place}"


def _findings(notebook: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # nbformat's node
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.data[RESULT_MIME] for output in outputs if RESULT_MIME in output.get("data", {})]


def _runs(cell: Any) -> bool:  # noqa: ANN401  # nbformat's node
    return bool(cell.cell_type == "code" and cell.source.strip())


def _seconds(witness: _Witness, cells_done: float) -> dict[str, float]:
    first = witness.first_cell_at or cells_done
    parts = {"kernel": first - witness.began, "cells": cells_done - first, "export": time.monotonic() - cells_done}
    return {name: round(value, 3) for name, value in parts.items()}


def _keep_notebook(task: Task, notebook: Any) -> None:  # noqa: ANN401  # nbformat's node
    if notebook is None:
        return
    notebook.metadata["marketbook"] = dict(notebook.metadata.get("marketbook", {})) | {"run": task.folder.name}
    nbformat.write(notebook, task.folder / "report.ipynb")  # type: ignore[no-untyped-call]


def _keep_account(task: Task, outcome: Outcome, started: datetime) -> None:
    """Write run.json: everything that the history holds, beside the report itself."""
    ended = now()
    account = {
        "report": task.report,
        "notebook": task.notebook,
        "language": task.language,
        "status": "failed" if outcome.error else "succeeded",
        "scheduled_for": task.scheduled_for,
        "started_at": started.isoformat(),
        "ended_at": ended.isoformat(),
        "parameters": dict(task.parameters),
        "versions": dict(task.versions),
        "files": sorted(file.name for file in task.folder.iterdir()),
        **asdict(outcome),
        "seconds": {"all": round((ended - started).total_seconds(), 3), **outcome.seconds},
    }
    (task.folder / "run.json").write_text(json.dumps(account, ensure_ascii=False, indent=1) + "\n", "utf-8")
