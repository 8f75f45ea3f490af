"""Pictures of what is to be done: a timeline of three months, and a month's calendar. HTML, written by templates."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup
from sqlalchemy.orm import Session

from marketbook.kit.language import format_date, format_month, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, roles
from marketbook.office.activity import ACTIVITY, Activity
from marketbook.office.period import days
from marketbook.office.work_briefs import days as said
from marketbook.plan import screen_lists

WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
MOST = 60
"""How many bars a timeline has."""

_BAR = Markup(
    '<svg class="mb-bar" viewBox="0 0 {whole} 10" preserveAspectRatio="none" role="img" aria-label="{said}">'
    '<rect class="mb-bar-track" width="{whole}" height="10"/>'
    '<rect class="mb-bar-{look}" x="{begins}" width="{length}" height="10"/>{today}</svg>'
)
_TODAY = Markup('<rect class="mb-bar-today" x="{place}" width="0.6" height="10"/>')


def pictures(session: Session, month: str, *, party_id: int | None = None) -> Markup:
    """Return the calendar of a month, and the timeline of three from there on.

    Args:
        session: A reading session.
        month: `2026-03`.
        party_id: Whose activities; everybody's where none is given.
    """
    first, last = screen_lists.quarter_from(month)
    found = screen_lists.between(session, first, last, party_id=party_id)
    return calendar(month, found) + timeline(session, first, last, found)


def timeline(session: Session, first: date, last: date, found: Sequence[Activity]) -> Markup:
    """Return a bar for each activity, on a line from the first day to the last."""
    title = _("From {first} to {last}").format(first=format_month(first), last=format_month(last))
    if not found:
        return Markup("<h3>{}</h3><p>{}</p>").format(title, _("Nothing is to be done in this time."))
    rows = Markup("").join(_row(session, one, first, last) for one in found[:MOST])
    more = _("{count} more are in the list.").format(count=len(found) - MOST) if len(found) > MOST else ""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in (_("Task"), _("Owner"), title))
    table = Markup('<div class="mb-rows mb-timeline"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    return table.format(head, rows) + (Markup("<p>{}</p>").format(more) if more else Markup(""))


def calendar(month: str, found: Sequence[Activity]) -> Markup:
    """Return a month's days with what is due on each."""
    first, _last = days(month)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_(name)) for name in WEEKDAYS)
    weeks = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_day(day, first.month, found) for day in week))
        for week in Calendar().monthdatescalendar(first.year, first.month)
    )
    table = Markup(
        '<table class="mb-calendar"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    )
    return table.format(_("Due in {month}").format(month=format_month(first)), head, weeks)


def _day(day: date, month: int, found: Sequence[Activity]) -> Markup:
    if day.month != month:
        return Markup("<td></td>")
    due = Markup("").join(
        Markup('<li class="mb-due-{}" title="{}">{}</li>').format(_look(one), ACTIVITY.called(one.status), one.title)
        for one in found if one.due_on == day
    )  # fmt: skip
    now = Markup(' class="mb-now" aria-current="date"') if day == roles.today() else Markup("")
    return Markup('<td{}><time datetime="{}">{}</time>{}</td>').format(
        now, day.isoformat(), day.day, Markup("<ul>{}</ul>").format(due) if due else ""
    )


def _row(session: Session, one: Activity, first: date, last: date) -> Markup:
    cell = Markup('<td data-title="{}">{}</td>')
    owner = session.get_one(Party, one.owner_id).name
    about = Markup("<div>{}<br><small>{} · {}</small></div>").format(
        one.title, said(one.starts_on, one.due_on), _lateness(one) or ACTIVITY.called(one.status)
    )
    return Markup("<tr>{}{}{}</tr>").format(
        cell.format(_("Task"), about), cell.format(_("Owner"), owner), cell.format("", _bar(one, first, last))
    )


def _bar(one: Activity, first: date, last: date) -> Markup:
    begins, ends = max(one.starts_on or one.due_on, first), min(one.due_on, last)
    today, whole = roles.today(), (last - first + timedelta(1)).days
    line = _TODAY.format(place=(today - first).days) if first <= today <= last else ""
    return _BAR.format(
        whole=whole, said=said(one.starts_on, one.due_on), look=_look(one), begins=(begins - first).days,
        length=(ends - begins).days + 1, today=line,
    )  # fmt: skip


def _look(one: Activity) -> str:
    return "late" if _lateness(one) else one.status.replace("_", "-")


def _lateness(one: Activity) -> str:
    if one.status in screen_lists.OPEN and one.due_on < roles.today():
        return _("late since {day}").format(day=format_date(one.due_on))
    return ""
