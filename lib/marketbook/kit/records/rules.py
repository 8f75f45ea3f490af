"""Changes of rules: an administrator proposes a parameter, a state or a step, and the director decides.

A change is a record like any other, so it has its history, its comments and its files; approving it writes the rule.
The database takes no rule without an approved change.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from marketbook.kit import faults
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import documents, parameters, roles, thresholds, types, waiting
from marketbook.kit.records.advancing import advance
from marketbook.kit.records.record import Record, State, StatusChange, Transition
from marketbook.kit.records.tables import Parameter, RuleChange

LARGEST = 10**13
"""Fen of a threshold: a hundred billion yuan."""


class _StateKey(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: str = Field(min_length=1, max_length=30)
    status: str = Field(min_length=1, max_length=30)


class _StateValue(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    editable: bool
    final: bool


class _StepKey(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: str = Field(min_length=1, max_length=30)
    from_status: str = Field(min_length=1, max_length=30)
    to_status: str = Field(min_length=1, max_length=30)
    role: Literal[
        "executive", "director", "manager", "specialist", "sales", "service", "finance", "auditor", "admin", "owner"
    ]
    category: str = Field(default="", max_length=50)
    amount_from: int = Field(default=0, ge=0, strict=True)


class _StepValue(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    amount_below: int | None = Field(default=None, gt=0)
    four_eyes: bool = False
    in_line: bool = False
    needs_reason: bool = False
    in_force: bool = True


class _ThresholdKey(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: str = Field(min_length=1, max_length=30)
    from_status: str = Field(min_length=1, max_length=30)
    category: str = Field(default="", max_length=50)
    amount_from: int = Field(gt=0, strict=True)


class _ThresholdValue(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    amount_from: int = Field(gt=0, le=LARGEST)


_MODELS: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "threshold": (_ThresholdKey, _ThresholdValue),
    "state": (_StateKey, _StateValue),
    "transition": (_StepKey, _StepValue),
}


def propose_parameter(
    session: Session, *, name: str, value: object, valid_from: date, source: str, actor: int, title: str = ""
) -> RuleChange:
    """Propose what a parameter is to be from a day on; a `title` says it in words.

    Raises:
        RecordError: There is no such parameter, the value cannot be, or the day is over or taken.
        AccessError: The actor is no administrator.
    """
    declared = parameters.declared(name)
    kept = declared.check(value)
    made = RuleChange(
        title=(title or f"{_(declared.title)}: {kept}")[:200], rule="parameter", key={"name": name}, value=kept,
        valid_from=valid_from, source=source,
    )  # fmt: skip
    return _propose(session, made, actor)


def propose_state(
    session: Session, *, key: Mapping[str, Any], value: Mapping[str, Any], source: str, actor: int
) -> RuleChange:
    """Propose a state of a type of records, or another character of one.

    Raises:
        RecordError: It cannot be.
        AccessError: The actor is no administrator.
    """
    return _propose(session, _rule("state", key, value, source), actor)


def propose_transition(
    session: Session, *, key: Mapping[str, Any], value: Mapping[str, Any], source: str, actor: int, title: str = ""
) -> RuleChange:
    """Propose a step between two states, or another rule for one; `in_force: False` takes it away.

    Raises:
        RecordError: It cannot be.
        AccessError: The actor is no administrator.
    """
    return _propose(session, _rule("transition", key, value, source, title), actor)


def propose_threshold(
    session: Session, *, key: Mapping[str, Any], amount: int, source: str, actor: int, title: str = ""
) -> RuleChange:
    """Propose another amount from which others decide.

    Args:
        session: A writing session.
        key: `type`, `from_status`, `category` and `amount_from` of the threshold as it stands.
        amount: Where it is to stand, in fen.
        source: Why.
        actor: An administrator.
        title: What it is, in words.

    Raises:
        RecordError: It cannot be.
        AccessError: The actor is no administrator.
    """
    return _propose(session, _rule("threshold", key, {"amount_from": amount}, source, title), actor)


def _rule(rule: str, key: Mapping[str, Any], value: Mapping[str, Any], source: str, title: str = "") -> RuleChange:
    of_key, of_value = _MODELS[rule]
    kept = _read(of_key, key)
    title = title or f"{rule}: {', '.join(str(part) for part in kept.values() if part)}"
    return RuleChange(title=title[:200], rule=rule, key=kept, value=_read(of_value, value), source=source)


def _read(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return model.model_validate(dict(given)).model_dump(mode="json")
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {faults.allowed(fault)}" for fault in error.errors())
        raise RecordError(told) from None


def _propose(session: Session, made: RuleChange, actor: int) -> RuleChange:
    documents.enter(session, made, actor=actor)
    advance(session, made, "proposed", actor=actor, version=made.version)
    return made


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, RuleChange) or to not in ("proposed", "approved"):
        return
    if not record.source.strip():
        yield _("It does not say why.")
    if record.rule == "parameter":
        yield from _wrong_parameter(session, record)
    elif record.key["type"] == RULE_CHANGE.name:
        yield _("How rules are changed is not changed here.")
    elif record.rule == "transition":
        yield from _wrong_step(session, record)
    elif record.rule == "threshold" and (told := thresholds.wrong(session, record.key, record.value["amount_from"])):
        yield _(told)


def _wrong_parameter(session: Session, record: RuleChange) -> Iterable[str]:
    day = record.valid_from
    if day is None or day < roles.today():
        yield _("It would hold from {day}, which is over.").format(day=day)
    elif session.get(Parameter, (record.key["name"], day)) is not None:
        yield _("{name} is decided for {day} already; choose another day.").format(name=record.key["name"], day=day)


def _wrong_step(session: Session, record: RuleChange) -> Iterable[str]:
    for end in ("from_status", "to_status"):
        if session.get(State, (record.key["type"], record.key[end])) is None:
            yield _("{type} has no status {status}.").format(type=record.key["type"], status=record.key[end])
    below = record.value["amount_below"]
    if below is not None and below <= record.key["amount_from"]:
        yield _("Its amounts end before they begin.")
    if record.key["role"] == "owner" and record.value["four_eyes"]:
        yield _("The owner is no second pair of eyes.")
    if record.key["from_status"] == record.key["to_status"]:
        yield _("It leads nowhere.")


def _write(session: Session, record: Record, change: StatusChange) -> None:
    if not isinstance(record, RuleChange) or change.to_status != "approved":
        return
    if record.rule == "parameter":
        session.add(
            Parameter(
                **record.key, value=record.value, valid_from=record.valid_from, source=record.source,
                approved_by_id=change.actor_id, change_id=record.id,
            )
        )  # fmt: skip
    elif record.rule == "threshold":
        thresholds.move(session, record.key, record.value["amount_from"], change_id=record.id)
    else:
        _write_row(session, State if record.rule == "state" else Transition, record)
    session.flush()
    types.forget(session)
    waiting.refresh(session, on=roles.today())


def _write_row(session: Session, table: type[State | Transition], record: RuleChange) -> None:
    found = session.get(table, record.key)
    if found is None:
        session.add(table(**record.key, **record.value, change_id=record.id))
        return
    for name, value in {**record.value, "change_id": record.id}.items():
        setattr(found, name, value)


RULE_CHANGE = types.register(
    types.RecordType(
        name="rule_change",
        title=mark("Change of a rule"),
        prefix="RC",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "proposed": mark("proposed"),
            "approved": mark("approved"),
            "rejected": mark("rejected"),
        },
        missing=_missing,
        effect=_write,
        tables=("rule_change",),
        readers=frozenset({"admin"}),
    )
)
