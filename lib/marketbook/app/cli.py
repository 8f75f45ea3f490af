"""The command line: `marketbook --help`. Messages for the user come without a traceback.

Exit codes: 0 done, 1 a report failed, 2 wrong input.
"""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from marketbook.app.commands import data, reports, users, workspace
from marketbook.kit.errors import MarketbookError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

ABOUT = mark(
    "The workspace in which a company runs its marketing by policy: one library behind parameterised notebooks.\n\n"
    "A report is a notebook in notebooks/ with its file in params/. Running it writes a page, a workbook and slides to "
    "outputs/, whole or not at all; the last good report stays when a run fails. What is there is told by "
    "'marketbook list' and 'marketbook datasets'."
)
EXAMPLES = mark(
    "Examples:\n\n"
    "marketbook run --all\n\n"
    "marketbook run survey/analyse-survey -p wave=2025Q3 -l en\n\n"
    "marketbook show survey/analyse-survey\n\n"
    "marketbook import transactions orders.csv\n\n"
    "marketbook schedule --run\n\n"
    "Settings are environment variables (MARKETBOOK_HOME, MARKETBOOK_LANGUAGE, MARKETBOOK_WORKERS, ...) or lines in "
    ".marketbook/config.toml. Exit codes: 0 done, 1 a report failed, 2 wrong input."
)

TYPER = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}
"""Typer's own words, by the names it keeps them under."""


class Group(TyperGroup):
    """The commands; an error that is written for the user is shown as it is written."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  # typer has its own copy of click
        """Run a command; show our errors without a traceback."""
        try:
            return super().invoke(ctx)
        except MarketbookError as error:
            typer.secho(str(error), err=True, fg="red")
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.secho(_("Interrupted."), err=True)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Group,
    help=ABOUT,
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (reports, data, workspace, users):
    module.register(app)


def command() -> Any:  # noqa: ANN401  # typer's own copy of click
    """Return the command line, in the current language."""
    made = typer.main.get_command(app)
    _translate(made)
    return made


def main() -> None:
    """Run the command line; the entry point of `marketbook`."""
    try:
        made = command()
    except MarketbookError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(2)
    if len(sys.argv) == 1 or {"-h", "--help"} & set(sys.argv):
        _speak()
    made(prog_name="marketbook")


def _speak() -> None:
    """Let typer's own words speak our language, and help texts fold.

    Rich cuts a Chinese sentence, which has no spaces, as if it were one long word.
    """
    from typer import rich_utils

    for name, word in TYPER.items():
        setattr(rich_utils, name, _(word))
    made = rich_utils._make_rich_text  # noqa: SLF001  # typer has no setting for it

    def folding(**about: Any) -> Any:  # noqa: ANN401  # as typer's own
        text: Any = made(**about)
        text.overflow = "fold"
        return text

    rich_utils._make_rich_text = folding  # noqa: SLF001


def _translate(part: Any) -> None:  # noqa: ANN401  # click's commands and parameters share these attributes
    """Translate help texts where they are shown: an eager string would freeze in one language."""
    for name in ("help", "short_help", "epilog", "rich_help_panel"):
        if isinstance(text := getattr(part, name, None), str):
            setattr(part, name, _(text))
    for inner in (*getattr(part, "params", ()), *getattr(part, "commands", {}).values()):
        _translate(inner)
