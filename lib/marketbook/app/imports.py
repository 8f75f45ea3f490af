"""The journal of imports: the table `dataset_import`, one row for each file that came into a dataset."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.facts import Facts, ImportReport
from marketbook.kit.records.account import Account
from marketbook.kit.records.person import Party
from marketbook.kit.store import Base, Moment, now

LONGEST_NAME = 200


class DatasetImport(Base):
    """One file that was imported: which, by whom, and what it did."""

    __tablename__ = "dataset_import"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("added >= 0 AND unchanged >= 0 AND updated >= 0 AND rejected >= 0", name="counts"),
        Index("ix_dataset_import_dataset", "dataset", "at"),
        Index("ix_dataset_import_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(String(100))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    file: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(100))
    added: Mapped[int]
    unchanged: Mapped[int]
    updated: Mapped[int]
    rejected: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class File:
    """What is kept of a file that was imported.

    Attributes:
        name: As its owner calls it.
        sha256: Of its content, 64 hexadecimal digits.
        source: The mapping of columns by which it was read; empty for the dataset's own headings.
    """

    name: str
    sha256: str
    source: str = ""


def file_of(path: Path, *, source: str = "") -> File:
    """Return what is kept of a file."""
    with path.open("rb") as stream:
        return File(path.name, hashlib.file_digest(stream, "sha256").hexdigest(), source)


def enter(
    session: Session, *, facts: Facts, report: ImportReport, file: File, account_id: int | None = None
) -> DatasetImport:
    """Enter an import.

    Args:
        session: A writing one.
        facts: Where the dataset is kept; its fingerprint is noted, as runs of reports note theirs.
        report: What the import did.
        file: What was imported.
        account_id: Who brought it in; None by the command line.
    """
    there = facts.exists(report.dataset)
    made = DatasetImport(
        dataset=report.dataset,
        account_id=account_id,
        file=file.name[:LONGEST_NAME],
        sha256=file.sha256,
        source=file.source,
        added=report.added,
        unchanged=report.unchanged,
        updated=report.updated,
        rejected=report.rejected,
        fingerprint=facts.fingerprint(report.dataset) if there else "",
        at=now(),
    )
    session.add(made)
    session.flush()
    return made


def recent(session: Session, *, dataset: str, limit: int = 10) -> Sequence[tuple[DatasetImport, str]]:
    """List a dataset's imports, newest first, each with who brought it in (empty by the command line)."""
    query = (
        select(DatasetImport, func.coalesce(Party.name, ""))
        .outerjoin(Account, Account.id == DatasetImport.account_id)
        .outerjoin(Party, Party.id == Account.party_id)
        .where(DatasetImport.dataset == dataset)
        .order_by(DatasetImport.at.desc(), DatasetImport.id.desc())
    )
    return [(row, name) for row, name in session.execute(query.limit(limit))]


def latest(session: Session) -> dict[str, datetime]:
    """Return when each dataset was last imported into."""
    query = select(DatasetImport.dataset, func.max(DatasetImport.at)).group_by(DatasetImport.dataset)
    return {row[0]: row[1] for row in session.execute(query)}
