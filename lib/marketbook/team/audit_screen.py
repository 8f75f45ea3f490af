"""The screen of the audit log: whether it is whole, what is looked for in it, and one record's whole story."""

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.rows import Order
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records import Record, types
from marketbook.kit.store import audit as chain
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding
from marketbook.team import audit, page
from marketbook.team.audit_params import Asked, Entry
from marketbook.team.params import Nothing

ROLES = ("executive", "director", "auditor", "admin")
MOST_COUNTED = 100
CHECKED_AT_ONCE = 50_000
"""Rows of a log that is checked when the screen opens; a longer one is when somebody asks for it."""


def show() -> None:
    """Show the log to those who may read all of it."""
    types.load()
    screen.show(lambda who: _Audit(who).widget, roles=ROLES)


class _Audit:
    """The check, what is looked for, what was found, and below it one record's story."""

    def __init__(self, who: Visitor) -> None:
        self._asked, self._checked, self.panel = Asked(), VBox(), Panel()
        with served.store().reading() as session:
            rows = audit.entries(session, self._asked)
            short = chain.head(session).seq <= CHECKED_AT_ONCE
        self.listing = Listing(
            Entry, rows, title=_("What was changed"), opening=Opening(row=self.open), roles=ROLES,
            shown=("at", "actor", "table", "number", "told"),
        )  # fmt: skip
        if short:
            self.check()
        parts: list[Widget] = [self._checked, self._check_form(), self._search_form(), self.listing, self.panel]
        self.widget = VBox(parts, layout={"grid_gap": "16px"})
        if who.record is not None:
            self.tell(who.record)

    def check(self) -> None:
        """Check the whole log now."""
        with served.store().reading() as session:
            served.check(session, ROLES)
            found = audit.check(session)
        told = ngettext(
            "The head that a report noted agrees with it.",
            "The {count} heads that reports noted agree with it.",
            len(found.noted),
        )
        html = page.written("audit_check.html.j2", checked=found, agree=told.format(count=len(found.noted)))
        before, self._checked.children = self._checked.children, (Told(html),)
        for one in before:
            one.close()

    def open(self, seq: int) -> None:
        """Open the record that a row of the log belongs to."""
        with served.store().reading() as session:
            number = audit.record_of(session, seq)
        if number is not None:
            self.tell(number)
        else:
            self.panel.turn_to(Told(page.written("heading.html.j2", title=_("This row belongs to no record."))))

    def tell(self, number: int) -> None:
        """Tell one record's whole story: every row of the log, and what was decided, attached and said."""
        with served.store().reading() as session:
            served.check(session, ROLES)
            record = session.get(Record, number)
            rows = audit.story(session, number) if record is not None else []
        if record is None:
            self.panel.turn_to(Told(page.written("heading.html.j2", title=_("There is no such record."))))
            return
        told = Told(page.written("audit_story.html.j2", record=record, rows=rows))
        self.panel.turn_to(told, *deciding.widgets(number, done=self.listing.refresh))

    def _check_form(self) -> Widget:
        return Form(
            Nothing,
            name="team/check-audit",
            submit=_("Check the whole log now"),
            roles=ROLES,
            on_submit=lambda _session, _given: Sent(_("The log was checked."), then=self.check),
        )

    def _search_form(self) -> Widget:
        return Form(
            Asked,
            name="team/search-audit",
            title=_("Look for"),
            submit=_("Look for it"),
            initial=lambda _session: dict(self._asked),
            searches={"actor_id": audit.people()},
            roles=ROLES,
            on_submit=self._searched,
        )

    def _searched(self, session: Session, given: Asked) -> Sent:
        rows = audit.entries(session, given)
        found = len(rows.page(session, Order(), size=MOST_COUNTED).rows)
        self._asked = given
        text = ngettext("{count} row was found.", "{count} rows were found.", found)
        if found == MOST_COUNTED:
            text = _("{count} rows or more were found.")
        return Sent(text.format(count=found), then=lambda: self.listing.turn_to(rows))
