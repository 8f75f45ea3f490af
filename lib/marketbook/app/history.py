"""The history of runs: the table `notebook_run`, and what is done with it.

A run's identity is (notebook, variant, scheduled time, language, hash of its parameters): at most one running row each,
and one success for a scheduled time. Manual runs (no scheduled time) are unlimited.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ColumnElement, Index, String, Text, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.app import process
from marketbook.kit.errors import RunError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.store import Base, Moment, audit, now

STATUSES = (mark("running"), mark("succeeded"), mark("failed"))

_IDENTITY = ("notebook", "variant", "language", "parameters_hash")


def _only_one(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class NotebookRun(Base):
    """One run of a report.

    Attributes:
        audit_seq, audit_hash: The head of the audit log when it began: a log that is rewritten contradicts it.
    """

    __tablename__ = "notebook_run"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'succeeded', 'failed')", name="status"),
        CheckConstraint("(status = 'running') = (ended_at IS NULL)", name="ended"),
        Index("ix_notebook_run_notebook", "notebook", "started_at"),
        _only_one("uq_notebook_run_running", *_IDENTITY, where="status = 'running' AND scheduled_for IS NULL"),
        _only_one(
            "uq_notebook_run_running_scheduled",
            *_IDENTITY,
            "scheduled_for",
            where="status = 'running' AND scheduled_for IS NOT NULL",
        ),
        _only_one(
            "uq_notebook_run_success",
            *("notebook", "variant", "language", "scheduled_for"),
            where="status = 'succeeded' AND scheduled_for IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notebook: Mapped[str] = mapped_column(String(200))
    variant: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(10))
    parameters_hash: Mapped[str] = mapped_column(String(64))
    scheduled_for: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    process: Mapped[str] = mapped_column(String(200))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    data: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    numbers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    headline: Mapped[str] = mapped_column(Text, default="")
    folder: Mapped[str] = mapped_column(String(500), default="")
    error_cell: Mapped[int | None]
    audit_seq: Mapped[int | None] = mapped_column(BigInteger)
    audit_hash: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str] = mapped_column(Text, default="")

    @property
    def seconds(self) -> float | None:
        """How long it took, or None while it runs."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


@dataclass(frozen=True)
class Identity:
    """What makes a run this run and no other.

    Attributes:
        notebook: Its path without the ending: `survey/analyse-survey`.
        variant: The params file's variant, or empty.
        language: The language of the report.
        parameters: All parameters, as plain JSON values.
        scheduled_for: The time it was due, or None for a run by hand.
    """

    notebook: str
    variant: str
    language: str
    parameters: Mapping[str, Any] = field(hash=False)
    scheduled_for: datetime | None = None

    @property
    def parameters_hash(self) -> str:
        """The sha256 of the parameters, whatever their order."""
        written = json.dumps(dict(self.parameters), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()


def start(session: Session, identity: Identity, *, versions: Mapping[str, str]) -> NotebookRun:
    """Enter a run as running.

    Raises:
        RunError: The same run is going on already, or has succeeded for its scheduled time.
    """
    head = audit.head(session)
    run = NotebookRun(
        audit_seq=head.seq,
        audit_hash=head.hash,
        notebook=identity.notebook,
        variant=identity.variant,
        language=identity.language,
        parameters_hash=identity.parameters_hash,
        scheduled_for=identity.scheduled_for,
        status="running",
        started_at=now(),
        process=process.own(),
        parameters=dict(identity.parameters),
        versions=dict(versions),
    )
    _refuse_a_second(session, identity)
    session.add(run)
    session.flush()
    return run


def succeed(
    session: Session,
    run_id: int,
    *,
    folder: str = "",
    headline: str = "",
    numbers: Sequence[Mapping[str, Any]] = (),
    data: Mapping[str, str] | None = None,
) -> NotebookRun:
    """Enter a running run as succeeded.

    Raises:
        RunError: It is not running any more, or another has succeeded for the same scheduled time.
    """
    run = _running(session, run_id)
    name = run.notebook
    run.status, run.ended_at, run.folder, run.headline = "succeeded", now(), folder, headline
    run.numbers, run.data = [dict(n) for n in numbers], dict(data or {})
    try:
        session.flush()
    except IntegrityError:
        raise RunError(_("{name} has succeeded for this scheduled time already.").format(name=name)) from None
    return run


def fail(session: Session, run_id: int, *, error: str, cell: int | None = None, folder: str = "") -> NotebookRun:
    """Enter a running run as failed.

    Raises:
        RunError: It is not running any more.
    """
    run = _running(session, run_id)
    run.status, run.ended_at, run.error, run.error_cell, run.folder = "failed", now(), error, cell, folder
    session.flush()
    return run


def fail_abandoned(session: Session) -> list[NotebookRun]:
    """Enter as failed what a process that is gone left as running; call it before new runs start."""
    abandoned = [
        run
        for run in session.scalars(select(NotebookRun).where(NotebookRun.status == "running"))
        if process.is_gone(run.process)
    ]
    for run in abandoned:
        fail(session, run.id, error=_("The process that ran it ended before the run did."))
    return abandoned


def recent(session: Session, *, notebook: str = "", variant: str | None = None, limit: int = 20) -> list[NotebookRun]:
    """List runs, newest first, of all reports or of one."""
    conditions: list[ColumnElement[bool]] = [NotebookRun.notebook == notebook] if notebook else []
    if variant is not None:
        conditions.append(NotebookRun.variant == variant)
    query = select(NotebookRun).where(*conditions).order_by(NotebookRun.started_at.desc(), NotebookRun.id.desc())
    return list(session.scalars(query.limit(limit)))


def successes(session: Session, *, identity: Identity, limit: int = 20) -> list[NotebookRun]:
    """List the successes of a report with the same parameters in the same language, scheduled or not, newest first."""
    query = select(NotebookRun).where(
        NotebookRun.notebook == identity.notebook,
        NotebookRun.variant == identity.variant,
        NotebookRun.language == identity.language,
        NotebookRun.parameters_hash == identity.parameters_hash,
        NotebookRun.status == "succeeded",
    )
    return list(session.scalars(query.order_by(NotebookRun.started_at.desc(), NotebookRun.id.desc()).limit(limit)))


def running(session: Session, *, identity: Identity) -> NotebookRun | None:
    """Return the run that is going on with the same parameters in the same language, if there is one."""
    query = select(NotebookRun).where(
        NotebookRun.notebook == identity.notebook,
        NotebookRun.variant == identity.variant,
        NotebookRun.language == identity.language,
        NotebookRun.parameters_hash == identity.parameters_hash,
        NotebookRun.status == "running",
    )
    return session.scalars(query.limit(1)).first()


def attempts(session: Session, *, notebook: str, variant: str, language: str, scheduled_for: datetime) -> list[str]:
    """Return the status of each run for a scheduled time, oldest first."""
    query = select(NotebookRun.status).where(
        NotebookRun.notebook == notebook,
        NotebookRun.variant == variant,
        NotebookRun.language == language,
        NotebookRun.scheduled_for == scheduled_for,
    )
    return list(session.scalars(query.order_by(NotebookRun.id)))


def _refuse_a_second(session: Session, identity: Identity) -> None:
    """Say it in words; the unique indexes hold it whatever happens."""
    same = session.scalars(select(NotebookRun).where(*_same_report(identity), NotebookRun.status != "failed"))
    for run in same:
        if run.status == "succeeded" and identity.scheduled_for is not None:
            raise RunError(_("{name} has succeeded for this scheduled time already.").format(name=identity.notebook))
        if run.status == "running" and run.parameters_hash == identity.parameters_hash:
            raise RunError(
                _("{name} is running already with the same parameters, since {started:%H:%M:%S} UTC.").format(
                    name=identity.notebook, started=run.started_at
                )
            )


def _same_report(identity: Identity) -> list[ColumnElement[bool]]:
    return [
        NotebookRun.notebook == identity.notebook,
        NotebookRun.variant == identity.variant,
        NotebookRun.language == identity.language,
        NotebookRun.scheduled_for == identity.scheduled_for
        if identity.scheduled_for is not None
        else NotebookRun.scheduled_for.is_(None),
    ]


def _running(session: Session, run_id: int) -> NotebookRun:
    run = session.get(NotebookRun, run_id)
    if run is None or run.status != "running":
        raise RunError(_("Run {number} is not running any more.").format(number=run_id))
    return run
