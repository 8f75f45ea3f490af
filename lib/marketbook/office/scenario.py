"""Scenarios: calculations that someone kept, with what was asked and what was answered. They are never edited."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents
from marketbook.kit.store import Base, Moment, acting, now
from marketbook.office.params import ScenarioEntry


class Scenario(Base):
    """A calculation that someone kept.

    Attributes:
        notebook: Which made it: `budget/allocate-budget`.
        parameters, result: What was asked, and the numbers that were answered.
        run_id: The run that computed it, where there is one.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("name <> '' AND notebook <> ''", name="named"),
        Index("ix_scenario_notebook", "notebook", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    notebook: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_id: Mapped[int | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


def keep(session: Session, entry: ScenarioEntry, *, actor: int) -> Scenario:
    """Keep a calculation.

    Raises:
        AccessError: The actor is no employee at work.
    """
    made = Scenario(**entry.model_dump(), made_by_id=documents.at_work(session, actor).id, made_at=now())
    with acting(session, actor):
        session.add(made)
    return made


def named(session: Session, number: int) -> Scenario:
    """Return a scenario.

    Raises:
        RecordError: There is none.
    """
    found = session.get(Scenario, number)
    if found is None:
        raise RecordError(_("There is no scenario {number}.").format(number=number))
    return found


def listed(session: Session, *, notebook: str = "", size: int = 50) -> list[Scenario]:
    """Return the scenarios of a notebook, or all, the last one first."""
    query = select(Scenario).order_by(Scenario.id.desc()).limit(size)
    return list(session.scalars(query.where(Scenario.notebook == notebook) if notebook else query))
