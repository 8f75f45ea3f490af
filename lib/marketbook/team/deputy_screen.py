"""The screen on which everybody names a deputy: who decides in my name, from which day to which."""

from functools import partial

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor
from marketbook.team import page, people
from marketbook.team.params import Nothing
from marketbook.team.people import Held
from marketbook.team.people_params import NewDeputy
from marketbook.team.people_screen import named
from marketbook.team.service import employees


def show() -> None:
    """Show to everybody who represents them, and whom they represent."""
    screen.show(lambda who: _Deputies(who).widget, roles=())


class _Deputies:
    """How things stand, the form for another deputy, and a button for each who is named to end it."""

    def __init__(self, who: Visitor) -> None:
        self._who, self.panel = who, Panel()
        self.widget = VBox([self.panel])
        self._draw()

    def _draw(self, said: str = "") -> None:
        mine = self._who.party_id
        with served.store().reading() as session:
            held, deputies = people.held(session, party_id=mine), people.deputies(session, party_id=mine)
        told = page.written(
            "person.html.j2", said=said, title=_("What I hold, and who represents me"), facts=[], held=held,
            deputies=deputies,
        )  # fmt: skip
        shown = [Told(told), self._form(), *map(self._ending, deputies)]
        if said:
            self.panel.turn_to(*shown)
        else:
            self.panel.children = tuple(shown)

    def _form(self) -> Widget:
        return Form(
            NewDeputy,
            name="team/my-deputy",
            title=_("Name a deputy"),
            submit=_("Name a deputy"),
            searches={"deputy_id": employees(), "grant_id": people.roles_of(self._who.party_id)},
            on_submit=self._named,
        )

    def _ending(self, one: Held) -> Widget:
        return Form(
            Nothing,
            name="team/end-my-deputy",
            record_id=one.grant_id,
            submit=_("End now: {name}, {role}").format(name=one.name, role=one.role),
            on_submit=partial(self._ended, one.grant_id),
        )

    def _named(self, session: Session, given: NewDeputy) -> Sent:
        mine = self._who.party_id
        people.name_deputy(
            session, party_id=mine, deputy_id=given.deputy_id, first=given.first, last=given.last,
            grant_id=given.grant_id, actor=mine,
        )  # fmt: skip
        text = named(session, given.deputy_id)
        return Sent(text, then=lambda: self._draw(text))

    def _ended(self, grant_id: int, session: Session, _given: Nothing) -> Sent:
        people.end(session, grant_id=grant_id, actor=self._who.party_id)
        text = _("The deputy decides no more in your name.")
        return Sent(text, then=lambda: self._draw(text))
