"""What the home page tells of imports: the files of which rows were refused, until a later one came in whole."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketbook.app.imports import DatasetImport
from marketbook.kit.facts import Dataset
from marketbook.kit.store import now

REMEMBERED = timedelta(days=31)
"""How long a refused row is told."""


@dataclass(frozen=True)
class Refused:
    """A dataset whose last import, by the reader, left rows out."""

    dataset: Dataset
    entry: DatasetImport


def refused(session: Session, datasets: list[Dataset], *, account_id: int) -> list[Refused]:
    """Return the datasets into which the reader's last file did not go whole, the newest first."""
    newest = select(func.max(DatasetImport.id)).where(DatasetImport.account_id == account_id)
    query = select(DatasetImport).where(
        DatasetImport.id.in_(newest.group_by(DatasetImport.dataset)),
        DatasetImport.rejected > 0,
        DatasetImport.at >= now() - REMEMBERED,
    )
    known = {dataset.name: dataset for dataset in datasets}
    found = session.scalars(query.order_by(DatasetImport.at.desc()))
    return [Refused(known[entry.dataset], entry) for entry in found if entry.dataset in known]
