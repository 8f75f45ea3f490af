"""What a complaint and a sale have in common on the screen: whose it is, and that it is opened anew as it changes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from functools import partial
from typing import Annotated, Self

from ipywidgets import Widget
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from marketbook.customer import cards
from marketbook.customer.entries import ContactEntry, CustomerEntry, one_line
from marketbook.kit.forms import served
from marketbook.kit.forms.fields import Reference
from marketbook.kit.forms.record_form import Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding

Words = Annotated[str, AfterValidator(lambda text: str(one_line(text)))]


class OfCustomer(BaseModel):
    """Whose something is: a customer who is known, or a new one."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    party_id: Annotated[
        Reference | None,
        Field(
            title=mark("Customer"),
            description=mark("Search by name, pinyin or number; a new one has fields of its own."),
        ),
    ] = None
    new_customer: Annotated[Words, Field(max_length=100, title=mark("New customer's name"))] = ""
    new_mobile: Annotated[Words, Field(max_length=30, title=mark("New customer's mobile number"))] = ""

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.party_id is None) == (not self.new_customer):
            raise ValueError(_("choose the customer, or enter the name of a new one"))
        return self

    def customer_id(self, session: Session, *, actor: int) -> int:
        """Return the customer, who is entered where there is none yet."""
        if self.party_id is not None:
            return self.party_id
        numbers = [ContactEntry(value=self.new_mobile)] if self.new_mobile else []
        return cards.enter(session, CustomerEntry(name=self.new_customer, contacts=numbers), actor=actor).id


class OpenRecord(ABC):
    """What stands below a list: a record that is entered, or one that is there, with its story between its forms.

    Attributes:
        number: The record's id; 0 while one is entered.
    """

    def __init__(self, who: Visitor, panel: Panel, *, changed: Callable[[], None]) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
            changed: Called when a record has changed.
        """
        self.who, self.panel, self._changed = who, panel, changed
        self.number, self._status = 0, ""

    def show(self, number: int, *told: Told) -> None:
        """Open a record.

        Args:
            number: Which one.
            told: What has just been done with it.
        """
        self.number = number
        with served.store().reading() as session:
            one = session.get(Record, number)
            self._status = "" if one is None else one.status
            first, later = self._forms(session)
        story = list[Widget]()
        story += deciding.widgets(number, done=lambda: self._stepped(story), without=self._elsewhere)
        self.panel.turn_to(*told, *first, *story, *later)

    @property
    @abstractmethod
    def _elsewhere(self) -> Collection[str]:
        """The steps that a form of the screen takes."""

    @abstractmethod
    def _forms(self, session: Session) -> tuple[list[Widget], list[Widget]]:
        """Return what is to be done next, and what may be done besides."""

    def _sent(self, one: Record, said: str) -> Sent:
        """Say what was done, in the record that is opened anew."""
        return Sent(said, then=partial(self._turn, one.id, said))

    def _turn(self, number: int, said: str) -> None:
        self._changed()
        self.show(number, sentence(said))

    def _stepped(self, story: list[Widget]) -> None:
        """Show the list anew, and a record of which other things are to be done now, in its other shape.

        Args:
            story: Whose step it was; somebody fast may have pressed in what is replaced already.
        """
        self._changed()
        with served.store().reading() as session:
            turned = session.get_one(Record, self.number).status != self._status
        if turned:
            self.show(self.number, *deciding.last(story))
