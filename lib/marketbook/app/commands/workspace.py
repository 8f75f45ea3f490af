"""Commands for the workspace itself: apps, notify, extract, messages."""

import importlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketbook.app.commands import users
from marketbook.kit.config import keep_private, settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

if TYPE_CHECKING:
    from marketbook.kit.store import Store

PANEL = mark("Workspace")
LOCAL = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, function, text in (
        ("apps", serve, mark("Serve reports and screens as pages in the browser, behind a sign-in.")),
        ("notify", notify, mark("Send the notices of what waits; the app server does it by itself.")),
        ("extract", extract, mark("Make the lab's extract of the records anew: read only, without contact data.")),
        ("messages", update_messages, mark("Bring the language catalogues up to date with code and notebooks.")),
    ):
        app.command(name, help=text, rich_help_panel=PANEL)(function)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help=mark("The port; 0 takes a free one."))] = 8866,
    address: Annotated[
        str, typer.Option(help=mark("Where to listen; others only with TLS or behind a proxy."))
    ] = LOCAL,
    certificate: Annotated[Path | None, typer.Option(exists=True, help=mark("TLS certificate, a PEM file."))] = None,
    key: Annotated[Path | None, typer.Option(exists=True, help=mark("TLS key, a PEM file."))] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help=mark("Let other machines in without TLS, and with known passwords."))
    ] = False,
) -> None:
    """Serve the workspace's pages until Ctrl-C."""
    from marketbook.app.server.application import serve as serve_pages
    from marketbook.app.server.listening import Listening
    from marketbook.kit.store import Store

    listening = Listening(address, port, certificate, key, insecure)
    listening.check(known_passwords=False)
    store = Store(settings().store)
    _make_ready(store)
    listening.check(known_passwords=listening.is_reached_from_elsewhere and _demo_people().can_sign_in(store))
    store.close()
    with suppress(KeyboardInterrupt):
        serve_pages(
            listening,
            lambda where: typer.echo(_("{address} ; Ctrl-C ends it.").format(address=where)),
        )


def _make_ready(store: "Store") -> None:
    """Bring the store up to date and see to it that somebody can sign in."""
    from marketbook.kit.records.first import first_admin

    keep_private()
    store.upgrade()
    _demo_people().ensure(store)
    with store.writing() as session:
        issued = first_admin(session)
    if issued:
        users.hand_over(issued)


def _demo_people() -> Any:  # noqa: ANN401  # a module beside this one, which imports may not name
    return importlib.import_module("marketbook.demo.people")


def notify() -> None:
    """Send what is to be sent."""
    from marketbook.app import notices
    from marketbook.kit.errors import ConfigError
    from marketbook.kit.store import Store

    if not settings().notify_urls:
        raise ConfigError(
            _("MARKETBOOK_NOTIFY_URLS names no channel, such as wecombot://..., lark://... or mailto://...")
        )
    store = Store(settings().store)
    store.upgrade()
    done = notices.send(store)
    store.close()
    typer.echo(_("{sent} sent, {left} left to try again.").format(sent=done.sent, left=done.left))
    if done.left:
        raise typer.Exit(1)


def extract(
    url: Annotated[bool, typer.Option("--url", help=mark("Say its address only, for MARKETBOOK_STORE_URL."))] = False,
) -> None:
    """Make the lab's extract."""
    from marketbook.app import lab_extract
    from marketbook.kit.store import Store

    store = Store(settings().store)
    store.upgrade()
    made = lab_extract.make(store)
    store.close()
    told = _("The extract is at {url}; whoever works in the lab sets MARKETBOOK_STORE_URL to it.")
    typer.echo(made if url else told.format(url=made))


def update_messages() -> None:
    """Extract messages into the catalogues."""
    from marketbook.kit.language import extract

    extract.main()
