"""Commands for the workspace itself: apps, messages."""

import os
import sys
from typing import Annotated

import typer

from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

PANEL = mark("Workspace")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, function, text in (
        ("apps", serve, mark("Serve the notebooks as pages on this machine, for one person.")),
        ("messages", update_messages, mark("Bring the language catalogues up to date with code and notebooks.")),
    ):
        app.command(name, help=text, rich_help_panel=PANEL)(function)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help=mark("The port on 127.0.0.1."))] = 8866,
    browser: Annotated[bool, typer.Option(help=mark("Open the browser."))] = False,
) -> None:
    """Serve the notebooks with stand-alone Voilà: its browsers can run no code of their own."""
    typer.echo(_("http://127.0.0.1:{port}/ ; Ctrl-C ends it.").format(port=port))
    arguments = [
        *(sys.executable, "-m", "voila", str(settings().notebooks)),
        *("--Voila.ip=127.0.0.1", f"--port={port}", "--show_tracebacks=False"),
        *("--VoilaConfiguration.allow_template_override=NO", "--VoilaConfiguration.allow_theme_override=NO"),
        *("--MappingKernelManager.cull_idle_timeout=1800", "--MappingKernelManager.cull_interval=60"),
        *(() if browser else ("--no-browser",)),
    ]
    os.execve(sys.executable, arguments, dict(os.environ) | {"MARKETBOOK_HOME": str(settings().home)})  # noqa: S606


def update_messages() -> None:
    """Extract messages into the catalogues."""
    from marketbook.kit.language import extract

    extract.main()
