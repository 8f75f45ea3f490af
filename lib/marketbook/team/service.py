"""What an administrator does with accounts. Functions flush; their caller commits."""

from collections.abc import Collection

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from marketbook.kit.errors import RecordError
from marketbook.kit.forms.fields import fields
from marketbook.kit.forms.rows import Row, Rows, version
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import gettext as _
from marketbook.kit.records import account, person, roles
from marketbook.kit.records.account import Issued
from marketbook.kit.records.person import Party, RoleGrant
from marketbook.team.params import Account, NewPerson, Person


def accounts() -> Rows:
    """Return the accounts with what their owners hold themselves today."""
    return Rows(_accounts(), complete=_with_roles)


def of_account(session: Session, account_id: int) -> Row:
    """Return an account's row, with its `version`.

    Raises:
        RecordError: There is none.
    """
    row = accounts().some(session, [account_id]).get(account_id)
    if row is None:
        raise RecordError(_("There is no such account."))
    return {**row, "version": version(fields(Account, record=True), row)}


def add(session: Session, *, record: NewPerson) -> Issued:
    """Enter an employee with roles and an account.

    Raises:
        RecordError: The login name is taken or cannot be used, or the roles do not go together.
    """
    made = person.add(session, kind="employee", name=record.name, manager_id=record.superior_id)
    for role in record.roles:
        roles.grant(session, party_id=made.id, role=role)
    return account.add(session, party_id=made.id, login=record.login, language=record.language)


def change(session: Session, *, account_id: int, record: Person) -> None:
    """Change somebody's roles, superior and language.

    Raises:
        RecordError: Somebody has changed the account meanwhile, the roles do not go together, the superior stands
            below, or nobody would be left to administer.
    """
    row = of_account(session, account_id)
    if record.version and record.version != row["version"]:
        raise RecordError(_("Somebody has changed this account since you opened it. Please open it again."))
    found = _get(session, account_id)
    set_roles(session, party_id=found.party_id, wanted=record.roles)
    if record.superior_id != row["superior_id"]:
        person.set_manager(session, party_id=found.party_id, manager_id=record.superior_id)
    account.set_language(session, account=found, language=record.language)


def change_row(session: Session, account_id: int, record: Account) -> None:
    """Change what a row of the list that came back may change: roles and language.

    Raises:
        RecordError: As `change`.
    """
    found = _get(session, account_id)
    set_roles(session, party_id=found.party_id, wanted=record.roles)
    account.set_language(session, account=found, language=record.language)


def set_roles(session: Session, *, party_id: int, wanted: Collection[str]) -> None:
    """Have an employee hold these roles from today on; what is deputised stays as it is.

    Raises:
        RecordError: They do not go together, or nobody would be left to administer.
    """
    own = [one for one in roles.grants(session, party_id=party_id) if one.on_behalf_of_id is None]
    today = roles.today()
    held = {one.role: one for one in own if one.holds_on(today)}
    for role in sorted(held.keys() - set(wanted)):
        roles.end(session, grant_id=held[role].id)
    for role in sorted(set(wanted) - held.keys()):
        roles.grant(session, party_id=party_id, role=role)
    check_administered(session)


def disable(session: Session, *, account_id: int) -> None:
    """Shut an account and end its sessions.

    Raises:
        RecordError: It is shut already, or nobody would be left to administer.
    """
    account.disable(session, login=_get(session, account_id).login)
    check_administered(session)


def reset(session: Session, *, account_id: int) -> Issued:
    """Give an account a new one-time password, and open it if it is shut."""
    return account.reset(session, login=_get(session, account_id).login, enable=True)


def employees() -> Search:
    """Return how employees at work are found, by name or login name."""
    return Search(find=_find_employees, get=_get_employee)


def _accounts() -> Select[tuple[int, str, str, str, int | None, str | None, str, int]]:
    superior = aliased(Party)
    state = case(
        (account.Account.disabled_at.is_not(None), "disabled"),
        (account.Account.must_change, "must_choose"),
        else_="open",
    )
    return (
        select(
            account.Account.id.label("id"), Party.name.label("name"), account.Account.login.label("login"),
            state.label("state"), Party.manager_id.label("superior_id"), superior.name.label("superior"),
            account.Account.language.label("language"), Party.id.label("party_id"),
        )
        .join(Party, Party.id == account.Account.party_id)
        .outerjoin(superior, superior.id == Party.manager_id)
    )  # fmt: skip


def _with_roles(session: Session, rows: list[Row]) -> None:
    today = roles.today()
    query = select(RoleGrant).where(
        RoleGrant.party_id.in_([row["party_id"] for row in rows]), RoleGrant.on_behalf_of_id.is_(None)
    )
    held: dict[int, set[str]] = {}
    for one in session.scalars(query):
        if one.holds_on(today):
            held.setdefault(one.party_id, set()).add(one.role)
    for row in rows:
        row["roles"] = [role for role in person.ROLES if role in held.get(row["party_id"], ())]


def _get(session: Session, account_id: int) -> account.Account:
    found = session.get(account.Account, account_id)
    if found is None:
        raise RecordError(_("There is no such account."))
    return found


def check_administered(session: Session) -> None:
    """An account that is open, of somebody at work who administers, must be left."""
    session.flush()
    today = roles.today()
    query = (
        select(RoleGrant.id)
        .join(account.Account, account.Account.party_id == RoleGrant.party_id)
        .join(Party, Party.id == RoleGrant.party_id)
        .where(RoleGrant.role == "admin", account.Account.disabled_at.is_(None), Party.status == "active")
        .where(RoleGrant.valid_from <= today, or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > today))
    )
    if session.scalar(query.limit(1)) is None:
        raise RecordError(_("Nobody would be left to administer; give somebody else that role first."))


def _find_employees(session: Session, text: str) -> list[Found]:
    query = (
        select(Party.id, Party.name, account.Account.login)
        .outerjoin(account.Account, account.Account.party_id == Party.id)
        .where(and_(Party.kind == "employee", Party.status == "active"))
    )
    if text:
        matches = (Party.name, account.Account.login)
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in matches)))
    found = session.execute(query.order_by(Party.name, Party.id).limit(20))
    return [Found(number, name, login or "") for number, name, login in found]


def _get_employee(session: Session, number: int) -> Found | None:
    found = session.get(Party, number)
    if found is None or found.kind != "employee" or found.status != "active":
        return None
    return Found(found.id, found.name)
