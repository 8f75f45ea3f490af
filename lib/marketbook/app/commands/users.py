"""Commands for users: add, disable, reset, sign-out, list. A one-time password is printed once and kept nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketbook.kit.records.account import Issued

PANEL = mark("Workspace")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help=mark("The name to sign in with."))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    users = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    for name, function, text in (
        ("add", add, mark("Enter an employee with roles and an account; prints a one-time password.")),
        ("disable", disable, mark("Shut an account and end its sessions.")),
        ("reset", reset, mark("Give an account a new one-time password and end its sessions.")),
        ("sign-out", sign_out, mark("End an account's sessions, and with them its open pages.")),
        ("list", list_users, mark("List the accounts with today's roles.")),
    ):
        users.command(name, help=text)(function)
    app.add_typer(users, name="users", help=mark("Who may sign in, and in which roles."), rich_help_panel=PANEL)


def add(
    login: Login,
    name: Annotated[str, typer.Option(help=mark("The person's name."))],
    role: Annotated[
        list[str], typer.Option(help=mark("What the person may do, such as director or sales; again for each."))
    ],
    manager: Annotated[str, typer.Option(metavar="LOGIN", help=mark("The superior."))] = "",
    language: Annotated[
        str, typer.Option("-l", "--language", help=mark("zh_Hans, en or zh_Hant; else as the settings say."))
    ] = "",
) -> None:
    """Enter a person with roles and an account."""
    from marketbook.kit.records import account, person, roles

    with _writing() as session:
        superior = account.named(session, login=manager).party_id if manager else None
        party = person.add(session, kind="employee", name=name, manager_id=superior)
        for each in role:
            roles.grant(session, party_id=party.id, role=each)
        issued = account.add(session, party_id=party.id, login=login, language=language)
    hand_over(issued)


def disable(login: Login) -> None:
    """Shut an account."""
    from marketbook.kit.records import account

    with _writing() as session:
        shut = account.disable(session, login=login)
    typer.echo(_("Disabled: {login}. Its sessions have ended.").format(login=shut.login))


def reset(
    login: Login,
    enable: Annotated[bool, typer.Option("--enable", help=mark("Open the account again if it is disabled."))] = False,
) -> None:
    """Replace a forgotten password."""
    from marketbook.kit.records import account

    with _writing() as session:
        issued = account.reset(session, login=login, enable=enable)
    hand_over(issued)


def sign_out(login: Login) -> None:
    """End an account's sessions."""
    from marketbook.kit.records import account

    with _writing() as session:
        found = account.named(session, login=login)
        account.end_sessions(session, account_id=found.id)
    typer.echo(_("Signed out everywhere: {login}.").format(login=found.login))


def list_users() -> None:
    """List the accounts."""
    from rich.console import Console
    from rich.table import Table

    from marketbook.kit.records import account

    table = Table(_("Login name"), _("Person"), _("Roles"), _("State"), box=None, padding=(0, 2, 0, 0))
    with _writing() as session:
        for one in account.listed(session):
            table.add_row(one.login, one.name, ", ".join(sorted(one.roles)) or "–", _(one.state))
    Console().print(table)


def hand_over(issued: "Issued") -> None:
    """Print the password by itself on the last line: after the commit, and only here."""
    from marketbook.kit.records.account import ONE_TIME_DAYS

    told = _("One-time password of {login}, shown only now, good for {days} days; then another is chosen:")
    typer.echo(told.format(login=issued.account.login, days=ONE_TIME_DAYS))
    typer.echo(issued.password)


@contextmanager
def _writing() -> "Iterator[Session]":
    from marketbook.kit.store import Store

    store = Store(settings().store)
    try:
        store.upgrade()
        with store.writing() as session:
            yield session
    finally:
        store.close()
