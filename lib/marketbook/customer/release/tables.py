"""The table of requests to take a list of customers out with its contact data."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.customer.card import PURPOSES
from marketbook.customer.grade import GRADES
from marketbook.kit.forms.rows import MOST
from marketbook.kit.language import mark
from marketbook.kit.records import Record

SCOPES = {"own": mark("My customers"), "all": mark("All customers")}
"""Which customers are on the list; one's own are those of who asks."""

TIMES = 5
"""How often a list may leave on one approval at most."""


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


RULES = {
    "scope": f"scope IN ({_listed(SCOPES)})",
    "grade": f"grade IN ({_listed(dict(GRADES))})",
    "purpose": f"purpose IN ({_listed(PURPOSES)})",
    "reason": "reason <> ''",
    "most": f"most BETWEEN 1 AND {MOST}",
    "times": f"times BETWEEN 1 AND {TIMES}",
}
"""What every row must satisfy, whoever writes it."""


class ContactRelease(Record):
    """A request to take a list out with its contact data; it is of use to who entered it, and to nobody else.

    Attributes:
        scope: Which customers, of `SCOPES`.
        grade: Those of this class alone; every class where it is None.
        purpose: For what they are reached, of `PURPOSES`; who does not allow it is not in the file.
        reason: What is to be done, in words.
        most: How many people the file may hold.
        times: How often it may be taken out.
        until: The last day on which it may.
    """

    __tablename__ = "contact_release"
    __table_args__ = tuple(CheckConstraint(rule, name=name) for name, rule in RULES.items())
    __mapper_args__ = {"polymorphic_identity": "contact_release"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(10))
    grade: Mapped[str | None] = mapped_column(String(1))
    purpose: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    most: Mapped[int]
    times: Mapped[int]
    until: Mapped[date]
