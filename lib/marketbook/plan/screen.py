"""The screen of plans and tasks: the lists, what is open, and the pictures of what is to be done."""

from collections.abc import Callable

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles, types
from marketbook.kit.visitor import Visitor
from marketbook.office import metric
from marketbook.plan import screen_entries, screen_lists, screen_pictures
from marketbook.plan.screen_forms import MetricForm, MonthForm
from marketbook.plan.screen_lists import WorkRow
from marketbook.plan.screen_open import OpenWork

WORKERS = ("specialist", "sales", "service", "manager", "director", "executive")
"""The roles that enter plans, tasks, reports and recommendations."""

ROLES = (*WORKERS, "finance", "auditor")


def show() -> None:
    """Show what is planned and to be done, and what the reader may do with it."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    types.load()
    made = _Work(who)
    if who.record is not None:
        made.open(who.record)
    return made.widget


class _Work:
    """The lists, what is open below them, and the pictures."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel, self.pictures = who, Panel(), VBox()
        self.month, self.mine = f"{roles.today():%Y-%m}", False
        opening = Opening(row=self.open, more=self._buttons())
        views = screen_lists.views(who.party_id)
        self.listing = Listing(WorkRow, views, title=_("Plans and tasks"), opening=opening, roles=ROLES)
        below = VBox([self._month_form(), self.pictures], layout={"margin": "32px 0 0"})
        self.widget = VBox([self.listing, self.panel, below])
        self._draw()

    def open(self, record_id: int) -> None:
        """Open a record below the lists."""
        self._work().show(record_id)

    def _work(self) -> OpenWork:
        return OpenWork(self.who, self.panel, changed=self._changed)

    def _changed(self) -> None:
        self.listing.refresh()
        self._draw()

    def _buttons(self) -> list[tuple[str, Callable[[], None]]]:
        if not self.who.roles & set(WORKERS):
            return []
        named = (
            ("activity", _("New task")), ("report", _("New report")), ("decision", _("New recommendation")),
            ("plan", _("New plan")),
        )  # fmt: skip
        begin = [(text, lambda kind=kind: self._work().begin(kind)) for kind, text in named]
        return [*begin, (_("New metric"), self._new_metric)]

    def _new_metric(self) -> None:
        form = Form(
            MetricForm, name="plan/metric", title=_("New metric"), submit=_("Define it"), roles=WORKERS,
            on_submit=self._defined,
        )  # fmt: skip
        self.panel.turn_to(form)

    def _defined(self, session: Session, given: MetricForm) -> Sent:
        made = metric.define(session, screen_entries.of_metric(given), actor=self.who.party_id)
        return Sent(_("{name} was defined.").format(name=made.name))

    def _month_form(self) -> Form[MonthForm]:
        return Form(
            MonthForm, name="plan/month", title=_("Calendar and timeline"), submit=_("Show"), roles=ROLES,
            initial=lambda _session: {"month": self.month, "mine": self.mine}, on_submit=self._turned,
        )  # fmt: skip

    def _turned(self, _session: Session, given: MonthForm) -> Sent:
        screen_lists.quarter_from(given.month)  # which refuses what is no month, before anything is drawn
        self.month, self.mine = given.month, given.mine
        return Sent("", then=self._draw)

    def _draw(self) -> None:
        with served.store().reading() as session:
            party_id = self.who.party_id if self.mine else None
            drawn = screen_pictures.pictures(session, self.month, party_id=party_id)
        before = self.pictures.children
        self.pictures.children = [Told(drawn)]
        for one in before:
            one.close()
