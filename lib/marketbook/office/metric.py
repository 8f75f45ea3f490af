"""Metrics: what is measured, in which unit, and whether more of it is better. One that was measured stays as it is."""

from sqlalchemy import CheckConstraint, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_money, format_number, format_percent, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents
from marketbook.kit.store import Base, acting
from marketbook.kit.suggestion import instead
from marketbook.office.params import MetricEntry

UNITS = {
    "count": mark("count"),
    "share": mark("share"),
    "money": mark("money"),
    "score": mark("score"),
    "days": mark("days"),
}
"""In what a metric is measured: shares between 0 and 1, money in fen."""


class Metric(Base):
    """What is measured.

    Attributes:
        unit: One of `UNITS`.
        direction: 1 where more is better, -1 where less is.
        definition: How it is counted, so that two people count the same.
        source: Where its figures come from.
    """

    __tablename__ = "metric"
    __table_args__ = (
        CheckConstraint("code <> '' AND name <> '' AND definition <> ''", name="named"),
        CheckConstraint(f"unit IN ({', '.join(repr(unit) for unit in UNITS)})", name="unit"),
        CheckConstraint("direction IN (-1, 1)", name="direction"),
        Index("uq_metric_code", "code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(10))
    direction: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)

    def shown(self, value: float) -> str:
        """Write a value with its unit, in the current language."""
        if self.unit == "share":
            return format_percent(value, decimals=1)
        if self.unit == "money":
            return format_money(value / 100, settings().currency, decimals=2)
        return format_number(value, decimals=0 if float(value).is_integer() else 2)


def define(session: Session, entry: MetricEntry, *, actor: int) -> Metric:
    """Define a metric.

    Raises:
        RecordError: There is one of this code.
        AccessError: The actor is no employee at work.
    """
    if session.scalar(select(Metric.id).where(Metric.code == entry.code)):
        raise RecordError(_("There is a metric {code!r} already.").format(code=entry.code))
    made = Metric(**entry.model_dump())
    with acting(session, documents.at_work(session, actor).id):
        session.add(made)
    return made


def named(session: Session, code: str) -> Metric:
    """Return the metric with a code.

    Raises:
        RecordError: There is none; the message names one that is like it.
    """
    found = session.scalar(select(Metric).where(Metric.code == code))
    if found is None:
        codes = [one.code for one in everything(session)]
        raise RecordError(_("There is no metric {code!r}. {instead}").format(code=code, instead=instead(code, codes)))
    return found


def everything(session: Session) -> list[Metric]:
    """Return every metric, by code."""
    return list(session.scalars(select(Metric).order_by(Metric.code)))
