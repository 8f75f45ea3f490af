"""The screen on which an administrator keeps the accounts."""

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.comparison import Services
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.records.account import ONE_TIME_DAYS, Issued
from marketbook.kit.visitor import Visitor
from marketbook.team import service
from marketbook.team.params import Account, NewPerson, Nothing, Person

ROLES = ("admin",)


def show() -> None:
    """Show the accounts to an administrator."""
    screen.show(_build, roles=ROLES)


def _build(_who: Visitor) -> Widget:
    return _Accounts().widget


class _Accounts:
    """The list, and below it the forms that are open."""

    def __init__(self) -> None:
        self.panel = Panel()
        self.listing = Listing(
            Account,
            service.accounts(),
            title=_("Accounts"),
            opening=Opening(row=self.open, new=self.new, new_text=_("Add a person")),
            services=Services(change=service.change_row, fixed=("name", "login", "state", "superior")),
            roles=ROLES,
        )
        self.widget = VBox([self.listing, self.panel])

    def new(self) -> None:
        """Open the form for somebody new."""
        form = Form(
            NewPerson,
            name="team/add-person",
            title=_("Add a person"),
            submit=_("Add"),
            searches={"superior_id": service.employees()},
            roles=ROLES,
            on_submit=self._added,
        )
        self.panel.turn_to(form)

    def open(self, account_id: int) -> None:
        """Open the forms of an account."""
        with served.store().reading() as session:
            row = service.of_account(session, account_id)
        change = Form(
            Person,
            name="team/change-person",
            record_id=account_id,
            initial=lambda session: service.of_account(session, account_id),
            title=row["name"],
            searches={"superior_id": service.employees()},
            roles=ROLES,
            on_submit=lambda session, record: self._changed(session, account_id, record),
        )
        self.panel.turn_to(change, self._reset_form(account_id), *self._disable_form(account_id, row["state"]))

    def _reset_form(self, account_id: int) -> Form[Nothing]:
        return Form(
            Nothing,
            name="team/reset-account",
            record_id=account_id,
            submit=_("Give a new one-time password"),
            roles=ROLES,
            on_submit=lambda session, _record: self._issued(service.reset(session, account_id=account_id)),
        )

    def _disable_form(self, account_id: int, state: str) -> list[Form[Nothing]]:
        if state == "disabled":
            return []
        form = Form(
            Nothing,
            name="team/disable-account",
            record_id=account_id,
            submit=_("Disable the account"),
            roles=ROLES,
            on_submit=lambda session, _record: self._disabled(session, account_id),
        )
        return [form]

    def _added(self, session: Session, record: NewPerson) -> Sent:
        return self._issued(service.add(session, record=record))

    def _changed(self, session: Session, account_id: int, record: Person) -> Sent:
        service.change(session, account_id=account_id, record=record)
        return Sent(_("The account was changed."), then=self.listing.refresh)

    def _disabled(self, session: Session, account_id: int) -> Sent:
        service.disable(session, account_id=account_id)
        return Sent(_("The account is disabled, and its sessions have ended."), then=self.listing.refresh)

    def _issued(self, issued: Issued) -> Sent:
        told = _("One-time password of {login}, shown only now, good for {days} days; then another is chosen:")
        text = told.format(login=issued.account.login, days=ONE_TIME_DAYS)
        return Sent(text, shown=issued.password, then=self.listing.refresh)
