"""A list of vendors, as a domain would make one."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.forms.comparison import Services
from marketbook.kit.forms.rows import Rows
from marketbook.kit.records import Party, person
from marketbook.kit.store import Store


class Vendor(BaseModel):
    name: str = Field(min_length=1, max_length=20, title="Name")
    segment: str | None = Field(default=None, title="Superior")  # a message that is translated
    checked_on: date | None = Field(default=None, title="Language")  # another
    status: Literal["active", "ended"] = Field(default="active", title="State")
    birthday: str | None = Field(default=None, title="Fixed")


ROWS = Rows(
    select(
        Party.id, Party.name, Party.segment, Party.checked_on, Party.status, Party.birthday
    ).where(Party.kind == "vendor")
)  # fmt: skip


def change(session: Session, number: int, vendor: Vendor) -> None:
    if vendor.name == "Refuse":
        raise RecordError("name: is refused by the service.")
    found = session.get_one(Party, number)
    for name, value in vendor:
        setattr(found, name, value)


def add(session: Session, vendor: Vendor) -> None:
    change(session, person.add(session, kind="vendor", name=vendor.name).id, vendor)


SERVICES = Services(change=change, add=add, fixed=("birthday",))


def fill(store: Store, *names: str, **more: Any) -> list[int]:
    with store.writing() as session:
        made = [person.add(session, kind="vendor", name=name) for name in names]
        for one in made:
            for name, value in more.items():
                setattr(one, name, value)
        session.flush()
        return [one.id for one in made]


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(Party.name).where(Party.kind == "vendor")))
