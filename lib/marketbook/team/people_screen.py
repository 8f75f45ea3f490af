"""The screen on which an administrator keeps people: superiors, roles with their days, deputies, and who has left."""

from collections.abc import Callable
from typing import Any

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records import Party, person, types
from marketbook.kit.visitor import Visitor
from marketbook.team import page, people
from marketbook.team.people_params import AT_WORK, Employee, Ending, Leaving, NewDeputy, NewRole, Standing
from marketbook.team.service import employees

ROLES = ("admin",)


def show() -> None:
    """Show the people to an administrator."""
    types.load()
    screen.show(lambda who: _People(who).widget, roles=ROLES)


class _People:
    """The list, and below it who was opened: how things stand, and the forms that change it."""

    def __init__(self, who: Visitor) -> None:
        self._who, self.panel = who, Panel()
        self.listing = Listing(
            Employee, people.people(), title=_("People"), opening=Opening(row=self.open), roles=ROLES
        )
        self.widget = VBox([self.listing, self.panel])

    def open(self, party_id: int, said: str = "") -> None:
        """Open somebody."""
        with served.store().reading() as session:
            found = session.get_one(Party, party_id)
            facts = _facts(session, found)
            told = page.written(
                "person.html.j2", said=said, title=found.name, facts=facts,
                held=people.held(session, party_id=party_id), deputies=people.deputies(session, party_id=party_id),
            )  # fmt: skip
        forms = self._forms(party_id, found.manager_id) if found.status == "active" else []
        self.panel.turn_to(Told(told), *forms)

    def _forms(self, party_id: int, superior_id: int | None) -> list[Widget]:
        everything, own = people.everything_of(party_id), people.roles_of(party_id)
        return [
            self._form(party_id, NewDeputy, "name-deputy", _("Name a deputy"), self._deputised,
                       {"deputy_id": employees(), "grant_id": own}),
            self._form(party_id, NewRole, "give-role", _("Give a role"), self._given, {}),
            self._form(party_id, Ending, "end-role", _("End a role or a deputy"), self._ended,
                       {"grant_id": everything}),
            self._form(party_id, Standing, "set-superior", _("Change the superior"), self._put,
                       {"superior_id": employees()}, {"superior_id": superior_id}),
            self._form(party_id, Leaving, "leave", _("Has left the company"), self._left,
                       {"successor_id": employees()}),
        ]  # fmt: skip

    def _form(
        self, party_id: int, model: type[Any], name: str, title: str, act: Callable[[Session, int, Any], str],
        searches: dict[str, Any], initial: dict[str, Any] | None = None,
    ) -> Form[Any]:  # fmt: skip
        """Make a form about somebody, who is shown anew after it was sent."""

        def send(session: Session, given: Any) -> Sent:  # noqa: ANN401  # its model
            text = act(session, party_id, given)
            return Sent(text, then=lambda: self._again(party_id, text))

        return Form(
            model, name=f"team/{name}", record_id=party_id, title=title, submit=title, searches=searches,
            initial=initial, roles=ROLES, on_submit=send,
        )  # fmt: skip

    def _again(self, party_id: int, text: str) -> None:
        self.listing.refresh()
        self.open(party_id, text)

    def _deputised(self, session: Session, party_id: int, given: NewDeputy) -> str:
        made = people.name_deputy(
            session, party_id=party_id, deputy_id=given.deputy_id, first=given.first, last=given.last,
            grant_id=given.grant_id, actor=self._who.party_id,
        )  # fmt: skip
        return named(session, made[0].party_id)

    def _given(self, session: Session, party_id: int, given: NewRole) -> str:
        people.give_role(
            session, party_id=party_id, role=given.role, first=given.first, last=given.last, actor=self._who.party_id
        )
        return _("The role was given.")

    def _ended(self, session: Session, _party_id: int, given: Ending) -> str:
        people.end(session, grant_id=given.grant_id, last=given.last, actor=self._who.party_id)
        return _("It ends, and so do the deputies who stand on it.")

    def _put(self, session: Session, party_id: int, given: Standing) -> str:
        people.set_superior(session, party_id=party_id, superior_id=given.superior_id, actor=self._who.party_id)
        return _("The superior was changed; what waits has found its way.")

    def _left(self, session: Session, party_id: int, given: Leaving) -> str:
        left = people.leave(session, party_id=party_id, successor=given.successor_id, actor=self._who.party_id)
        handed = ngettext(
            "{count} open record was handed over.", "{count} open records were handed over.", left.records
        )
        return " ".join((_("The roles have ended, and the account is shut."), handed.format(count=left.records)))


def named(session: Session, deputy_id: int) -> str:
    """Say that somebody is a deputy now."""
    return _("{name} is the deputy, for these days only.").format(name=session.get_one(Party, deputy_id).name)


def _facts(session: Session, found: Party) -> list[tuple[str, str]]:
    above = [one.name for one in person.superiors(session, party_id=found.id)]
    count = people.open_records(session, party_id=found.id)
    return [
        (_("State"), _(AT_WORK[found.status])),
        (_("Superiors, up to the top"), " → ".join(above) or "–"),
        (_("Open records"), str(count)),
    ]
