"""The supertype of every business document, its states and transitions as data, and its history.

A type's own table shares the record's primary key: approval, attachments, history, notices and audit need one foreign
key each. Only a row of `status_change` gives a record a new status; triggers hold that on both engines.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.records.person import ROLES
from marketbook.kit.store import Base, Minor, Moment
from marketbook.kit.store.money import whole

OWNER = "owner"
"""What a transition asks for where the record's owner takes the step himself."""

_ROLES = ", ".join(f"'{role}'" for role in (*ROLES, OWNER))


class State(Base):
    """A status that records of a type can have."""

    __tablename__ = "state"
    __table_args__ = (
        CheckConstraint("type <> '' AND status <> ''", name="named"),
        CheckConstraint("NOT (editable AND final)", name="final"),
    )

    type: Mapped[str] = mapped_column(String(30), primary_key=True)
    status: Mapped[str] = mapped_column(String(30), primary_key=True)
    editable: Mapped[bool]
    final: Mapped[bool]
    change_id: Mapped[int | None]


class Transition(Base):
    """A step that someone in a role may take with a record of some amount.

    Attributes:
        role: Who takes it: one of the roles, or the record's owner.
        category: Of the records that it is for; where a step has rows for a record's category, those without one do
            not count.
        amount_from, amount_below: The amounts that it is for; no upper bound where there is none.
        four_eyes: The owner, whom the record is about, their deputies and who has acted in this round may not.
        in_line: The role is looked for among the owner's superiors.
        needs_reason: A reason must be given.
    """

    __tablename__ = "transition"
    __table_args__ = (
        ForeignKeyConstraint(["type", "from_status"], ["state.type", "state.status"], name="fk_transition_from_state"),
        ForeignKeyConstraint(["type", "to_status"], ["state.type", "state.status"], name="fk_transition_to_state"),
        CheckConstraint("from_status <> to_status", name="moves"),
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint(f"amount_from >= 0 AND {whole('amount_from')}", name="amount_from"),
        CheckConstraint(f"amount_below > amount_from AND {whole('amount_below')}", name="amount_below"),
        CheckConstraint("NOT (four_eyes AND role = 'owner')", name="four_eyes"),
    )

    type: Mapped[str] = mapped_column(String(30), primary_key=True)
    from_status: Mapped[str] = mapped_column(String(30), primary_key=True)
    to_status: Mapped[str] = mapped_column(String(30), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    category: Mapped[str] = mapped_column(String(50), primary_key=True, default="")
    amount_from: Mapped[int] = mapped_column(Minor, primary_key=True, default=0, autoincrement=False)
    amount_below: Mapped[int | None] = mapped_column(Minor)
    four_eyes: Mapped[bool] = mapped_column(default=False)
    in_line: Mapped[bool] = mapped_column(default=False)
    needs_reason: Mapped[bool] = mapped_column(default=False)
    in_force: Mapped[bool] = mapped_column(default=True)
    change_id: Mapped[int | None]

    def covers(self, amount: int) -> bool:
        """Whether the step is for an amount."""
        return self.amount_from <= amount and (self.amount_below is None or amount < self.amount_below)


class Record(Base):
    """What every business document has. Each chapter's documents are subclasses with a table of their own.

    Attributes:
        category: By which thresholds are set; empty where they are not.
        owner_id: Who answers for it.
        subject_id: Whom it is about, where it is about an employee.
        amount_minor: In fen of the base currency, where it is about money.
        version: Counts every change; who changes something says which version was seen.
        found_by: Beside number and title, the columns of the parties by whose names it is found.
    """

    found_by: ClassVar[tuple[str, ...]] = ("owner_id",)

    __tablename__ = "record"
    __table_args__: Any = (
        ForeignKeyConstraint(["type", "status"], ["state.type", "state.status"], name="fk_record_state"),
        CheckConstraint("number <> ''", name="number"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint(f"amount_minor >= 0 AND {whole('amount_minor')}", name="amount_minor"),
        CheckConstraint("version >= 1", name="version"),
        Index("uq_record_number", "number", unique=True),
        Index("ix_record_type", "type", "id"),
        Index("ix_record_type_title", "type", "title", "id"),
        Index("ix_record_type_amount", "type", "amount_minor", "id"),
        Index("ix_record_status", "type", "status", "id"),
        Index("ix_record_owner", "owner_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(30))
    category: Mapped[str] = mapped_column(String(50), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    version: Mapped[int] = mapped_column(default=1)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    entered_at: Mapped[datetime] = mapped_column(Moment)

    __mapper_args__: dict[str, Any] = {"polymorphic_on": "type"}  # noqa: RUF012  # as SQLAlchemy reads it


@dataclass(frozen=True)
class Standing:
    """What of a record says for whom it waits; read without its own class, which a process may not know."""

    id: int
    type: str
    status: str
    category: str
    owner_id: int
    subject_id: int | None
    amount_minor: int | None


class StatusChange(Base):
    """A step that was taken: decision, signature and history in one.

    Attributes:
        version: Of the record that the actor saw.
        role: Which the transition asked for.
        acted_as: As what the actor took it: a superior, where the role's own holder could not.
        on_behalf_of_id: Whom the actor represented.
        round: Counts how often the record was handed in: who acted in a round may not decide in it again.
    """

    __tablename__ = "status_change"
    __table_args__ = (
        Index("uq_status_change_record_id_version", "record_id", "version", unique=True),
        Index("ix_status_change_actor", "actor_id", "id"),
        CheckConstraint("from_status <> to_status", name="moves"),
        CheckConstraint("on_behalf_of_id <> actor_id", name="on_behalf_of"),
        CheckConstraint("round >= 1", name="round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    version: Mapped[int]
    from_status: Mapped[str] = mapped_column(String(30))
    to_status: Mapped[str] = mapped_column(String(30))
    actor_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    role: Mapped[str] = mapped_column(String(20))
    acted_as: Mapped[str] = mapped_column(String(20))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    reason: Mapped[str] = mapped_column(Text)
    round: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


class Numbering(Base):
    """The last number that was given in a series, such as a type's documents of a year."""

    __tablename__ = "numbering"

    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    last: Mapped[int]
