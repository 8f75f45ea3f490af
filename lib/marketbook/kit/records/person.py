"""People and companies (`party`), and who is whose superior. Only employees hold roles and accounts."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.store import Base, Moment

STATUSES = {
    "employee": ("active", "left"),
    "customer": ("prospect", "active", "dormant", "merged"),
    "partner": ("candidate", "active", "suspended", "ended"),
    "competitor": ("active", "ended"),
    "vendor": ("active", "ended"),
    "candidate": ("active", "ended"),
}
"""What a party of each kind can be; the first is how it starts."""

ROLES = {
    "executive": mark("General manager"),
    "director": mark("Marketing director"),
    "manager": mark("Marketing manager"),
    "specialist": mark("Marketing specialist"),
    "sales": mark("Sales representative"),
    "service": mark("Customer service"),
    "finance": mark("Finance"),
    "auditor": mark("Auditor"),
    "admin": mark("Administrator"),
}
"""The roles and their titles."""

ALONE = ("finance", "auditor")
"""Roles whose holder holds no other."""


def _listed(values: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_STATUS_RULE = " OR ".join(
    f"(kind = '{kind}' AND status IN ({_listed(statuses)}))" for kind, statuses in STATUSES.items()
)


_MERGED = text("merged_into_id IS NOT NULL")
"""Hardly any party is: an index of all the others would be none."""


class Party(Base):
    """An employee, customer, partner, competitor, vendor or candidate."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint(_STATUS_RULE, name="status"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("manager_id IS NULL OR (kind = 'employee' AND manager_id <> id)", name="manager"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        CheckConstraint("merged_into_id <> id", name="merged_into"),
        CheckConstraint("birthday LIKE '__-__'", name="birthday"),
        Index("ix_party_manager", "manager_id"),
        Index("ix_party_kind", "kind", "name"),
        Index("ix_party_merged_into", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    segment: Mapped[str | None] = mapped_column(String(50))
    birthday: Mapped[str | None] = mapped_column(String(5))
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checked_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))


class RoleGrant(Base):
    """A role that an employee holds from a day until, but without, another day; a deputy's always ends."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN ({_listed(tuple(ROLES))})", name="role"),
        CheckConstraint("valid_to >= valid_from", name="valid"),
        CheckConstraint("on_behalf_of_id IS NULL OR valid_to IS NOT NULL", name="deputy_ends"),
        CheckConstraint("on_behalf_of_id <> party_id", name="deputy_is_another"),
        Index("ix_role_grant_party", "party_id"),
        Index("ix_role_grant_on_behalf_of", "on_behalf_of_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    role: Mapped[str] = mapped_column(String(20))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_at: Mapped[datetime] = mapped_column(Moment)

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def add(session: Session, *, kind: str, name: str, manager_id: int | None = None) -> Party:
    """Enter a person or a company.

    Raises:
        RecordError: The kind is unknown, the name is empty or too long, or the superior is no employee at work.
    """
    if kind not in STATUSES:
        raise RecordError(
            _("kind: {found!r} is not known; allowed are {allowed}.").format(found=kind, allowed=", ".join(STATUSES))
        )
    written = " ".join(name.split())
    if not 1 <= len(written) <= 100 or not written.isprintable():
        raise RecordError(_("name: {found!r}; must have 1 to 100 printable characters.").format(found=name[:120]))
    if manager_id is not None and kind != "employee":
        raise RecordError(_("{name}: only an employee has a superior.").format(name=written))
    if manager_id is not None:
        employee(session, manager_id)
    party = Party(kind=kind, status=STATUSES[kind][0], name=written, manager_id=manager_id)
    session.add(party)
    session.flush()
    return party


def set_manager(session: Session, *, party_id: int, manager_id: int | None) -> Party:
    """Put an employee under a superior, or under none.

    Raises:
        RecordError: One of them is no employee at work, or the superior stands below the employee.
    """
    party = employee(session, party_id)
    if manager_id is not None:
        superior = employee(session, manager_id)
        if any(one.id == party_id for one in (superior, *superiors(session, party_id=manager_id))):
            raise RecordError(
                _("{superior} stands below {name}; a superior must not.").format(
                    superior=superior.name, name=party.name
                )
            )
    party.manager_id = manager_id
    session.flush()
    _refresh_what_waits(session)
    return party


def _refresh_what_waits(session: Session) -> None:
    from marketbook.kit.records import roles, waiting  # they stand on people

    waiting.refresh(session, on=roles.today())


def superiors(session: Session, *, party_id: int) -> list[Party]:
    """Return the superior, that one's superior, and so on to the top."""
    found: list[Party] = []
    party = session.get(Party, party_id)
    while party and party.manager_id is not None and party.manager_id not in {one.id for one in found}:
        party = session.get_one(Party, party.manager_id)
        found.append(party)
    return found


def employee(session: Session, party_id: int) -> Party:
    """Return an employee at work.

    Raises:
        RecordError: There is none with this id.
    """
    query = select(Party).where(Party.id == party_id, Party.kind == "employee", Party.status == "active")
    found = session.scalar(query)
    if found is None:
        raise RecordError(_("Party {number} is not an employee at work.").format(number=party_id))
    return found
