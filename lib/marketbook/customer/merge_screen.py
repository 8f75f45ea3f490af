"""Two cards side by side: whether they are one customer's, and what of each stays."""

from collections.abc import Callable, Sequence

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, cards, duplicate_list, face, finding, merging, page
from marketbook.customer.card import Customer, DuplicatePair
from marketbook.customer.duplicates import REASONS
from marketbook.customer.forms import APART, MergeForm, MergeWith
from marketbook.kit.errors import RecordError
from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor


class Comparing:
    """What stands below the lists: two cards, and what is to become of them."""

    def __init__(self, who: Visitor, panel: Panel, *, done: Callable[[int, str], None]) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
            done: Called with the card that is to be opened then, and what was done.
        """
        self._who, self._panel, self._done = who, panel, done

    def show_pair(self, pair_id: int) -> None:
        """Compare two of the list."""
        with served.store().reading() as session:
            pair = session.get(DuplicatePair, pair_id)
            ids = (pair.first_id, pair.second_id) if pair is not None else None
        if ids is None:
            raise RecordError(_("The two were merged or told apart already."))
        self.show(*ids)

    def show(self, first_id: int, second_id: int) -> None:
        """Compare two cards."""
        with served.store().reading() as session:
            served.check(session, access.WRITERS)
            first, second = (cards.named(session, one) for one in (first_id, second_id))
            versions, reasons = (first.version, second.version), _reasons(session, first_id, second_id)
            told = self._told(session, first, second, reasons)
        form = Form(
            MergeForm,
            name=f"customer/merge-{second_id}",
            record_id=first_id,
            initial={"reason": _("; ").join(reasons)},
            submit=_("They are one customer: merge"),
            also={APART: _("They are two customers")},
            roles=access.WRITERS,
            on_submit=lambda session, given: self._sent(session, given, (first_id, second_id), versions),
        )
        self._panel.turn_to(Told(told), form)

    def ask(self, customer_id: int) -> Form[MergeWith]:
        """Return the form that asks with which card one is compared."""
        return Form(
            MergeWith,
            name="customer/merge-with",
            record_id=customer_id,
            title=_("Is there a second card of this customer?"),
            submit=_("Compare"),
            searches={"other_id": finding.customers()},
            roles=access.WRITERS,
            on_submit=lambda _session, given: Sent("", then=lambda: self.show(customer_id, given.other_id)),
        )

    def _told(self, session: Session, first: Customer, second: Customer, reasons: Sequence[str]) -> Markup:
        reader = self._who.party_id
        one, other = (face.of(session, card, reader=reader) for card in (first, second))
        return page.written(
            "compared.html.j2", first=f"{one.name} ({one.id})", second=f"{other.name} ({other.id})",
            reasons=reasons, rows=_side_by_side(one, other),
        )  # fmt: skip

    def _sent(self, session: Session, given: MergeForm, ids: tuple[int, int], versions: tuple[int, int]) -> Sent:
        if given.pressed == APART:
            duplicate_list.tell_apart(session, *ids, actor=self._who.party_id)
            text = _("They stay two customers, and the list shows them no more.")
            return Sent(text, then=lambda: self._done(ids[0], text))
        turned = given.keep == "second"
        kept, merged = (cards.named(session, one) for one in (ids[::-1] if turned else ids))
        merging.merge(
            session, kept, merged, versions=versions[::-1] if turned else versions, reason=given.reason,
            take=given.take, actor=self._who.party_id,
        )  # fmt: skip
        text = _("The two cards are one now; it can be undone below.")
        return Sent(text, then=lambda: self._done(kept.id, text))


def _reasons(session: Session, first_id: int, second_id: int) -> list[str]:
    pair = session.scalar(
        select(DuplicatePair).where(
            DuplicatePair.first_id == min(first_id, second_id), DuplicatePair.second_id == max(first_id, second_id)
        )
    )
    return [_(REASONS[one]) for one in pair.reasons] if pair is not None else []


def _side_by_side(one: face.Face, other: face.Face) -> list[tuple[str, str, str]]:
    """The facts of both, then each table in a row of its own."""
    mine, theirs = dict(one.facts), dict(other.facts)
    rows = [(_("Kind"), one.kicker, other.kicker), (_("State"), one.status, other.status)]
    rows += [(label, mine.get(label, ""), theirs.get(label, "")) for label in dict.fromkeys((*mine, *theirs))]
    tables = zip(one.tables, other.tables, strict=True)
    return rows + [(left.title, _lines(left.rows), _lines(right.rows)) for left, right in tables]


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return _("; ").join(" ".join(filter(None, row)) for row in rows)
