"""The company's rules in words: parameters, thresholds and steps, as lists, and what a proposed change means."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import (
    Parameter,
    Party,
    Record,
    RuleChange,
    Transition,
    parameters,
    roles,
    thresholds,
    types,
)
from marketbook.kit.records.person import ROLES
from marketbook.kit.records.record import OWNER
from marketbook.office import briefs
from marketbook.office.briefs import Brief
from marketbook.office.budget_line import CATEGORIES

CHANGES = "rule_change"


def money(amount: int) -> str:
    """Write an amount in fen; whole yuan without decimals."""
    return language.format_money(amount / 100, settings().currency, decimals=2 if amount % 100 else 0)


def shown(name: str, value: Any) -> str:  # noqa: ANN401  # a parameter is of any kind
    """Write a parameter's value in words; `.._minor` is money in fen, `.._bp` parts of ten thousand."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and name.endswith("_minor"):
        return money(value)
    if isinstance(value, int) and name.endswith("_bp"):
        return language.format_percent(value / 10_000)
    if isinstance(value, int):
        return language.format_integer(value)
    if isinstance(value, list):
        parts = ("–".join(map(str, one)) if isinstance(one, list | tuple) else shown(name, one) for one in value)
        return _(", ").join(parts)
    return str(value)


def category(name: str) -> str:
    """Return what people call a category of records; every one where it is empty."""
    if not name:
        return _("every category")
    base, _dot, rest = name.partition(".")
    called = _(CATEGORIES[base]) if base in CATEGORIES else language.label(base)
    return _("{category}, not in the plan").format(category=called) if rest == "unplanned" else called


def role(name: str) -> str:
    """Return what people call a role, the owner among them."""
    return _("the owner") if name == OWNER else _(ROLES[name])


def parameter_rows() -> Rows:
    """Return the parameters that are declared, in the current language."""
    parts = [
        select(literal(place).label("id"), literal(one.name).label("name"), literal(_(one.title)).label("title"))
        for place, one in enumerate(parameters.everything(), 1)
    ]
    return Rows(select(union_all(*parts).subquery()), complete=_with_values)


def threshold_rows() -> Rows:
    """Return from which amounts others decide."""
    key = (Transition.type, Transition.from_status, Transition.category, Transition.amount_from)
    places = select(*key).where(Transition.in_force, Transition.amount_from > 0).distinct().subquery().c
    number = func.row_number().over(order_by=(places.type, places.from_status, places.category, places.amount_from))
    query = select(
        number.label("id"), places.type.label("type"), places.from_status.label("from_status"),
        places.category.label("category_key"), places.amount_from.label("amount_minor"),
    )  # fmt: skip
    return Rows(query, complete=_with_sides)


def step_rows() -> Rows:
    """Return the steps in force that do not depend on an amount."""
    key = (Transition.type, Transition.from_status, Transition.to_status, Transition.role, Transition.category)
    free = (Transition.amount_from == 0) & Transition.amount_below.is_(None)
    query = select(
        func.row_number().over(order_by=key).label("id"), Transition.type.label("type"),
        Transition.from_status.label("from_status"), Transition.to_status.label("to_status"),
        Transition.role.label("role"), Transition.category.label("category"),
        Transition.four_eyes.label("four_eyes"), Transition.in_line.label("in_line"),
        Transition.needs_reason.label("needs_reason"),
    ).where(Transition.in_force, free, Transition.type != CHANGES)  # fmt: skip
    return Rows(query, complete=_with_words)


def change_rows() -> Rows:
    """Return the changes of rules, the newest first."""
    owner = aliased(Party)
    query: Any = (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            Record.status.label("status_key"), owner.name.label("owner"), Record.entered_at.label("entered_at"),
        )
        .join(owner, owner.id == Record.owner_id)
        .where(Record.type == CHANGES)
    )  # fmt: skip
    return Rows(query, complete=_with_status, newest_first=True)


def dated(session: Session, name: str) -> list[tuple[str, str, str, str]]:
    """Return everything that a parameter was, is and is going to be: value, first day, approved by, source."""
    return [
        (shown(name, one.value), format_date(one.valid_from), _approver(session, one), one.source)
        for one in parameters.dated(session, name)
    ]


def brief(session: Session, record: Record) -> Brief:
    """Return what a decision about a change of a rule needs to know: what holds, and what would hold."""
    if not isinstance(record, RuleChange):
        return Brief()
    return Brief(rows=[*_before_and_after(session, record), (_("Why it should change"), record.source)])


def threshold_title(row: Row, amount: int) -> str:
    """Say what moving a threshold means, in words."""
    told = _("{records}, {category}: {role} from {amount} instead of {before}")
    return told.format(
        records=row["record"], category=row["category"], role=row["above"], amount=money(amount),
        before=money(row["amount_minor"]),
    )  # fmt: skip


def step_title(row: Row) -> str:
    """Say which step is to be taken in another way."""
    return _("{records}: another rule for {step}").format(records=row["record"], step=row["step"])


def _before_and_after(session: Session, change: RuleChange) -> Iterator[tuple[str, str]]:
    if change.rule == "parameter" and change.valid_from is not None:
        name = change.key["name"]
        yield _("Parameter"), _(parameters.declared(name).title)
        yield _("Holds today"), shown(name, parameters.value(session, name, on=roles.today()))
        yield _("New value"), shown(name, change.value)
        yield _("Holds from"), format_date(change.valid_from)
    elif change.rule == "threshold":
        yield (
            _("Records"),
            _("{records}, {category}").format(
                records=_(types.named(change.key["type"]).title), category=category(change.key["category"])
            ),
        )
        yield _("Amount today"), money(change.key["amount_from"])
        yield _("New amount"), money(change.value["amount_from"])
    elif change.rule == "transition":
        kind = types.named(change.key["type"])
        yield _("Step"), f"{kind.called(change.key['from_status'])} → {kind.called(change.key['to_status'])}"
        yield _("Who may take it"), role(change.key["role"])
        for name, title in (("four_eyes", _("Second pair of eyes")), ("needs_reason", _("With a reason"))):
            yield title, _("yes") if change.value[name] else _("no")


def _with_values(session: Session, rows: list[Row]) -> None:
    today = roles.today()
    for row in rows:
        made, steps = parameters.declared(row["name"]), parameters.dated(session, row["name"])
        past = [one for one in steps if one.valid_from <= today]
        coming = [one for one in steps if one.valid_from > today]
        holds = past[-1] if past else None
        row["value"] = shown(made.name, holds.value if holds else made.default)
        row["since"] = format_date(holds.valid_from) if holds else _("from the start")
        row["source"] = holds.source if holds else _(made.source)
        row["approved_by"] = _approver(session, holds) if holds else "–"
        row["coming"] = _(", ").join(
            _("{value} from {day}").format(value=shown(made.name, one.value), day=format_date(one.valid_from))
            for one in coming
        )


def _approver(session: Session, one: Parameter) -> str:
    return session.get_one(Party, one.approved_by_id).name if one.approved_by_id else "–"


def _with_sides(session: Session, rows: list[Row]) -> None:
    found = {(o.type, o.from_status, o.category, o.amount): o for o in thresholds.listed(session)}
    for row in rows:
        one = found[row["type"], row["from_status"], row["category_key"], row["amount_minor"]]
        kind = types.named(one.type)
        row["record"], row["after"] = _(kind.title), kind.called(one.from_status)
        row["category"], row["above"], row["below"] = category(one.category), _roles(one.above), _roles(one.below)


def _roles(names: Sequence[str]) -> str:
    return _(", ").join(role(name) for name in names) or "–"


def _with_words(_session: Session, rows: list[Row]) -> None:
    for row in rows:
        kind = types.named(row["type"])
        row["record"] = _(kind.title)
        row["step"] = f"{kind.called(row['from_status'])} → {kind.called(row['to_status'])}"
        told = _("{role}, among the owner's superiors") if row["in_line"] else "{role}"
        row["who"] = told.format(role=role(row["role"]))


def _with_status(_session: Session, rows: list[Row]) -> None:
    kind = types.named(CHANGES)
    for row in rows:
        row["status"] = kind.called(row["status_key"])
        row["entered"] = format_date(row["entered_at"].astimezone(settings().zone).date())


briefs.register(CHANGES, brief)
