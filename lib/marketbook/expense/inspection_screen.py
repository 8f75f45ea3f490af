"""The screen of what the audit's tests found in a month: an auditor looks at a finding's claims and closes it."""

from ipywidgets import VBox, Widget
from markupsafe import Markup
from sqlalchemy.orm import Session

from marketbook.expense import inspection, lists
from marketbook.expense import inspection_list as listed
from marketbook.expense.budget_year import called
from marketbook.expense.inspection import TESTS, Judged
from marketbook.expense.inspection_list import ClosingForm, FindingRow, MonthForm
from marketbook.expense.lists import ClaimRow
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import format_date, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding
from marketbook.office.budget_line import money

ROLES = ("auditor", "finance", "director", "executive")
"""The roles that read all claims."""

_HEADING = Markup(
    '<header class="mb-story"><p class="mb-kicker">{}</p><h2 class="mb-title" tabindex="-1">{}</h2></header>'
)
_TEXT = Markup("<p>{}</p>")
_FACTS = Markup('<dl class="mb-facts">{}</dl>')
_FACT = Markup("<div><dt>{}</dt><dd>{}</dd></div>")


def show() -> None:
    """Show the findings to those who read all claims."""
    types.load()
    screen.show(lambda who: _Findings(who).widget, roles=ROLES)


class _Findings:
    """The month, its findings, and below them the one that is open with its claims."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel, self.claim = who, Panel(), Panel()
        with served.store().reading() as session:
            self.month = inspection.last_paid(session)
            self.found = inspection.judged(session, month=self.month)
        self.about = VBox()
        self.listing = Listing(
            FindingRow, listed.rows(self.found), title=_("Findings"), opening=Opening(row=self.open), roles=ROLES,
            shown=("test", "said", "amount_minor", "state"),
        )  # fmt: skip
        above = VBox([self.about, self._month_form()], layout={"margin": "0 0 24px", "grid_gap": "12px"})
        self.widget = VBox([above, self.listing, self.panel, self.claim])
        self._tell()

    def open(self, place: int) -> None:
        """Open a finding of the list."""
        self._show(self.found[place - 1])

    def _show(self, one: Judged, *told: Widget) -> None:
        claims = Listing(
            ClaimRow, lists.some(one.finding.claims), title=_("The claims that it is about"),
            opening=Opening(row=self._show_claim), roles=ROLES,
        )  # fmt: skip
        forms = [self._closing_form(one)] if "auditor" in self.who.roles and not one.decision else []
        self.claim.turn_to()
        self.panel.turn_to(*told, Told(_told(one)), *forms, claims)

    def _show_claim(self, claim_id: int) -> None:
        self.claim.turn_to(*deciding.widgets(claim_id, done=self._turn))

    def _month_form(self) -> Form[MonthForm]:
        return Form(
            MonthForm, name="expense/findings-of", submit=_("Show"), initial=lambda _session: {"month": self.month},
            roles=ROLES, on_submit=self._asked,
        )  # fmt: skip

    def _asked(self, session: Session, given: MonthForm) -> Sent:
        inspection.judged(session, month=given.month)
        self.month = given.month
        return Sent("", then=self._turned)

    def _turned(self) -> None:
        self.panel.turn_to()
        self.claim.turn_to()
        self._turn()

    def _turn(self) -> None:
        """Run the tests anew, and show what they find by now."""
        with served.store().reading() as session:
            self.found = inspection.judged(session, month=self.month)
        self.listing.turn_to(listed.rows(self.found))
        self._tell()

    def _tell(self) -> None:
        before = self.about.children
        self.about.children = [Told(_summary(self.month, self.found))]
        for one in before:
            one.close()

    def _closing_form(self, one: Judged) -> Form[ClosingForm]:
        return Form(
            ClosingForm, name=f"expense/close-{inspection.key_of(one.finding)}", title=_("Close the finding"),
            submit=_("Close it"), roles=("auditor",),
            on_submit=lambda session, given: self._closed(session, one, given),
        )  # fmt: skip

    def _closed(self, session: Session, one: Judged, given: ClosingForm) -> Sent:
        inspection.close(session, one.finding, decision=given.decision, actor=self.who.party_id)
        said = _("The finding is closed; the audit pack says so from now on.")
        return Sent(said, then=lambda: self._after(one, said))

    def _after(self, one: Judged, said: str) -> None:
        self._turn()
        key = inspection.key_of(one.finding)
        again = next((now for now in self.found if inspection.key_of(now.finding) == key), one)
        self._show(again, sentence(said))


def _summary(month: str, found: list[Judged]) -> Markup:
    """Say how many findings a month has and how many of them are open, and what a finding is."""
    left = sum(not one.decision for one in found)
    said = _("The tests found nothing.")
    if found:
        told = ngettext("{count} finding, {open} of it open.", "{count} findings, {open} of them open.", len(found))
        said = told.format(count=len(found), open=left)
    about = _("A finding is something to look at, not a fault; an auditor closes it with a decision that stays.")
    return _HEADING.format(_("Findings of {month}").format(month=called(month)), said) + _TEXT.format(about)


def _told(one: Judged) -> Markup:
    about = one.finding
    facts = [(_("Amount"), money(about.amount))]
    if one.decision and one.on is not None:
        facts += [(_("Decision"), one.decision), (_("Closed by"), one.by), (_("Date"), format_date(one.on))]
    rows = Markup("").join(_FACT.format(label, value) for label, value in facts)
    return _HEADING.format(_(TESTS[about.test]), about.text) + _FACTS.format(rows)
