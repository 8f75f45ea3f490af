"""Asking for a list with its contact data, what became of it, and the button that takes it out."""

from functools import partial

from ipywidgets import Widget
from sqlalchemy.orm import Session

from marketbook.customer import access
from marketbook.customer.release import lists, service
from marketbook.customer.release.lists import AskedRow, ReleasedRow
from marketbook.customer.release.params import ReleaseEntry
from marketbook.customer.release.tables import ContactRelease
from marketbook.kit.errors import MarketbookError
from marketbook.kit.forms import served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.rows import MOST, Leaving, Row
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import line, reading, roles, types
from marketbook.kit.records.line import Matter
from marketbook.kit.records.person import Party
from marketbook.kit.records.record import Standing
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding


class Releasing:
    """What stands below the customers: a request that is written, one's own, or one of them."""

    def __init__(self, who: Visitor, panel: Panel) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
        """
        self.who, self.panel = who, panel

    def show(self) -> None:
        """Show an empty request, and what the reader has asked for."""
        form = Form(
            ReleaseEntry,
            name="customer/release",
            title=_("List with contact data"),
            submit=_("Ask for it"),
            ahead=partial(_ahead, party_id=self.who.party_id),
            roles=access.ROLES,
            on_submit=self._asked,
        )
        own = Listing(
            AskedRow, lists.asked(self.who.party_id), title=_("What I asked for"), opening=Opening(row=self.open),
            roles=access.ROLES, minor=("purpose", "taken"),
        )  # fmt: skip
        self.panel.turn_to(form, own)

    def open(self, number: int, *told: Told) -> None:
        """Open a request: its story, and the list where it may leave."""
        with served.store().reading() as session:
            leaving = self._leaving(session, number)
        self.panel.turn_to(*told, *leaving, *deciding.widgets(number, done=lambda: self.open(number)))

    def _asked(self, session: Session, given: ReleaseEntry) -> Sent:
        made = service.ask(session, given, actor=self.who.party_id)
        said = _("{number} was handed in.").format(number=made.number)
        return Sent(said, then=lambda: self.open(made.id, sentence(said)))

    def _leaving(self, session: Session, number: int) -> list[Widget]:
        """Return the list that may leave now, shown as a button alone; nothing where it may not."""
        release = self._readable(session, number)
        try:
            service.check_usable(session, release, actor=self.who.party_id)
        except MarketbookError:
            return []
        rows = lists.released(
            scope=release.scope, grade=release.grade, purpose=release.purpose, party_id=release.entered_by_id
        )
        listing = Listing(
            ReleasedRow, rows, title=_("{number} with contact data").format(number=release.number),
            roles=access.ROLES, bare=True, leaving=partial(self._take, number),
        )  # fmt: skip
        return [listing]

    def _take(self, number: int, session: Session, rows: list[Row]) -> Leaving:
        return service.take(session, self._readable(session, number), rows, actor=self.who.party_id)

    def _readable(self, session: Session, number: int) -> ContactRelease:
        found = reading.readable(session, number, party_id=self.who.party_id)
        assert isinstance(found, ContactRelease)
        return found


def _ahead(session: Session, given: ReleaseEntry, *, party_id: int) -> str:
    """Say how many people it would be today, and who would decide."""
    about = given.model_dump(include={"scope", "grade", "purpose"})
    count = service.counted(session, **about, party_id=party_id)
    if count > MOST:
        return _("There are more than {most} people on the list; choose a class.").format(most=format_integer(MOST))
    told = _("{count} people on it allow this today. {names} would decide.")
    return told.format(count=format_integer(count), names=_(", ").join(_deciders(session, party_id)))


def _deciders(session: Session, party_id: int) -> list[str]:
    asked = Standing(0, service.RELEASE.name, "submitted", "", party_id, None, None)
    company = line.read(session, on=roles.today(), owner=party_id)
    steps = types.steps(session, asked, to="approved")
    seats = {seat.party for step in steps for seat in line.seats(company, step, Matter(party_id))}
    return [session.get_one(Party, one).name for one in sorted(seats)] or [_("Nobody")]
