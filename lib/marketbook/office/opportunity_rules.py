"""What an opportunity must have for each stage, and what a stage sets in motion; `opportunity_guards` hold to it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, StatusChange, advance, advancing, roles, types
from marketbook.kit.records.types import Effect
from marketbook.office import activity, opportunity
from marketbook.office.activity import Activity
from marketbook.office.opportunity import OPEN, Opportunity

_after: list[Effect] = []


def after(function: Effect) -> Effect:
    """Have a chapter do something after each step of an opportunity; called where its `records` module is imported."""
    if function not in _after:
        _after.append(function)
    return function


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, Opportunity):
        return
    if to in ("qualified", "proposal", "won") and record.amount_minor is None:
        yield _("Its amount is not estimated.")
    if to in ("qualified", "proposal", "won") and record.expected_on is None:
        yield _("It does not say when the order is expected.")
    if to in OPEN and not opportunity.steps(session, record):
        yield _("It has no next step.")
    if to == "won" and record.order_no is None:
        yield _("The order's number and amount are missing.")
    if to == "lost" and record.lost_reason is None:
        yield _("It does not say why it was lost.")


def _prepare(_session: Session, record: Record, to: str) -> dict[str, object]:
    """What is lost has no order, and what is won no reason why not; both were closed today."""
    if not isinstance(record, Opportunity) or to in OPEN:
        return {}
    if to == "lost":
        return {"order_no": None, "order_minor": None, "closed_on": roles.today()}
    return {"lost_reason": None, "lost_text": "", "closed_on": roles.today()}


def _effect(session: Session, record: Record, change: StatusChange) -> None:
    if not isinstance(record, Opportunity):
        return
    if change.to_status == "lost":
        _cancel_steps(session, record, change)
    for function in _after:
        function(session, record, change)


def _cancel_steps(session: Session, one: Opportunity, change: StatusChange) -> None:
    """There is nothing more to do about what is lost; what is another's stays his to cancel."""
    for step in opportunity.steps(session, one):
        ways = {way.to_status for way in advancing.open_steps(session, step, actor=change.actor_id)}
        if "cancelled" in ways:
            reason = change.reason or _("The sale is lost.")
            advance(session, step, "cancelled", actor=change.actor_id, version=step.version, reason=reason)


def _still_open(session: Session, step: Activity) -> Iterable[str]:
    """An open sale is never left without a next step."""
    one = session.get(Opportunity, step.about_id)
    if one is not None and one.status in OPEN and all(other.id == step.id for other in opportunity.steps(session, one)):
        yield _("{number} would have no next step; enter the next one first.").format(number=one.number)


OPPORTUNITY = types.register(
    RecordType(
        name="opportunity",
        title=mark("Opportunity"),
        prefix="OP",
        first="prospect",
        statuses={
            "prospect": mark("prospect"),
            "qualified": mark("qualified"),
            "proposal": mark("proposal made"),
            "won": mark("won"),
            "lost": mark("lost"),
        },
        missing=_missing,
        effect=_effect,
        tables=("opportunity",),
        steps={
            "qualified": mark("The need is confirmed"),
            "proposal": mark("A proposal was made"),
            "won": mark("It is won"),
            "lost": mark("It is lost"),
        },
        prepare=_prepare,
    )
)

activity.hold("opportunity", _still_open)
