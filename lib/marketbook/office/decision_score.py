"""How past decisions did: how many were taken and reviewed, what they brought of what was predicted, how sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from marketbook.kit.records import StatusChange
from marketbook.office import later
from marketbook.office.decision import Decision


@dataclass(frozen=True)
class Score:
    """How the decisions since a moment did.

    Attributes:
        decided: How many were accepted or declined.
        accepted: How many of them were accepted.
        reviewed: How many of these were held against what was measured.
        ratio: The mean of what was measured over what was predicted; None where nothing was reviewed, or nothing
            was predicted.
        held: The share of intervals that held what was measured; None where nothing was reviewed.
        expected: The share that should have, by the intervals' own levels.
    """

    decided: int
    accepted: int
    reviewed: int
    ratio: float | None
    held: float | None
    expected: float | None


def score(session: Session, *, since: datetime | date) -> Score:
    """Return how the recommendations did that were decided since a moment.

    Args:
        session: A session of either kind.
        since: The day, where the company is, or the moment that counts.
    """
    step = (StatusChange.record_id == Decision.id) & StatusChange.to_status.in_(("accepted", "declined"))
    query = select(Decision).join(StatusChange, step).where(StatusChange.at >= later.moment(since))
    found = session.scalars(query.options(selectinload(Decision.measurement))).all()
    reviewed = [one for one in found if one.status == "reviewed" and one.measurement is not None]
    accepted = sum(one.status in ("accepted", "reviewed") for one in found)
    return Score(
        decided=len(found),
        accepted=accepted,
        reviewed=len(reviewed),
        ratio=_mean([one.measurement.value / one.predicted for one in reviewed if one.measurement and one.predicted]),
        held=_mean([bool(one.held) for one in reviewed]),
        expected=_mean([one.level_bp / 10_000 for one in reviewed]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
