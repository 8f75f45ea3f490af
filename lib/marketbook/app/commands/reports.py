"""Commands for reports: run, list, show, history, schedule."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

if TYPE_CHECKING:
    from marketbook.app.orders import Order
    from marketbook.app.runner import Done

PANEL = mark("Reports")

Names = Annotated[list[str] | None, typer.Argument(metavar="REPORT", help=mark("Reports, by their names in 'list'."))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, function, text in (
        ("run", run, mark("Regenerate reports: check everything, run side by side, publish whole or not at all.")),
        ("list", list_reports, mark("List the reports, their schedules and their last runs.")),
        ("show", show, mark("Show a report's parameters: names, defaults, what is allowed.")),
        ("history", show_history, mark("List past runs, newest first.")),
        ("schedule", schedule, mark("List what is due next, or keep running what is due.")),
    ):
        app.command(name, help=text, rich_help_panel=PANEL)(function)


def run(
    reports: Names = None,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("All reports. Without data, the demo company is made first."))
    ] = False,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--parameter",
            metavar="NAME=VALUE",
            help=mark("A parameter; again for each. Again with the same name makes a list."),
        ),
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("-l", "--language", help=mark("zh_Hans, en or zh_Hant; again for each."))
    ] = None,
    formats: Annotated[str, typer.Option(help=mark("Which of html,xlsx,pptx; empty: as the params file says."))] = "",
    workers: Annotated[int, typer.Option(min=0, help=mark("How many run side by side; 0: as the settings say."))] = 0,
    cell_timeout: Annotated[float, typer.Option(min=1, help=mark("Seconds that one cell may take."))] = 1800,
    timeout: Annotated[float, typer.Option(min=1, help=mark("Seconds that one report may take."))] = 3600,
    keep: Annotated[
        int, typer.Option(min=0, help=mark("Good runs kept of each report and language; 0 keeps all."))
    ] = 0,
) -> None:
    """Run reports and tell what came of them."""
    from marketbook.app import orders
    from marketbook.app.task import Limits

    chosen = _chosen(reports or [], everything=everything)
    asked = orders.prepare(
        chosen, given=parameters or [], languages=_languages(languages or []), formats=_formats(formats)
    )
    limits = Limits(cell=cell_timeout, whole=timeout)
    done = _perform(asked, workers=workers, limits=limits, keep=keep)
    if any(one.error for one in done):
        raise typer.Exit(1)


def list_reports() -> None:
    """List the reports."""
    from rich.table import Column, Table

    from marketbook.app import catalogue, history

    name = Column(_("Report"), no_wrap=True, overflow="fold")
    table = Table(name, _("Title"), _("Schedule"), _("Last run"), box=None, padding=(0, 2, 0, 0))
    for report in catalogue.reports():
        with _read_store() as session:
            last = history.recent(session, notebook=report.notebook, variant=report.variant, limit=1) if session else []
        line = report.params.schedule
        table.add_row(report.name, report.title, f"{line.cron} {line.time_zone}" if line else "–", *map(_moment, last))
    _console().print(table)


def show(report: Annotated[str, typer.Argument(help=mark("The report's name in 'list'."))]) -> None:
    """Show a report's parameters."""
    from marketbook.app import catalogue

    (found, *_others) = catalogue.find([report])
    schema = found.schema()
    console = _console()
    console.print(f"{found.title}  [dim]{found.name}[/dim]", highlight=False)
    console.print(_("Needs: {datasets}").format(datasets=", ".join(schema.needs) or "–"), style="dim", highlight=False)
    described = schema.model_json_schema()
    own = {name: about for name, about in described["properties"].items() if name != "language"}
    for name, about in own.items():
        default = found.params.parameters.get(name, about.get("default"))
        console.print(f"\n[bold]{name}[/bold]  {_(about.get('title', name))}", highlight=False)
        if about.get("description"):
            console.print(f"  {_(about['description'])}", highlight=False, markup=False)
        allowed = _allowed(about, described.get("$defs", {}))
        console.print(
            _("  default: {default}; allowed: {allowed}").format(default=_written(default), allowed=allowed),
            style="dim",
            markup=False,
            highlight=False,
        )


def show_history(
    report: Annotated[str, typer.Argument(help=mark("Only this report."))] = "",
    limit: Annotated[int, typer.Option("-n", min=1, help=mark("How many."))] = 20,
) -> None:
    """List past runs."""
    from rich.table import Table

    from marketbook.app import catalogue, history

    chosen = catalogue.find([report])[0] if report else None
    headings = (_("Started"), _("Report"), _("Language"), _("Status"), _("Seconds"), _("Result"))
    table = Table(*headings, box=None, padding=(0, 2, 0, 0))
    with _read_store() as session:
        asked = {"notebook": chosen.notebook, "variant": chosen.variant} if chosen else {}
        runs = history.recent(session, limit=limit, **asked) if session else []
        for one in runs:
            name = f"{one.notebook}.{one.variant}" if one.variant else one.notebook
            seconds = f"{one.seconds:.1f}" if one.seconds is not None else "–"
            table.add_row(_local(one.started_at), name, one.language, _(one.status), seconds, one.error or one.headline)
    _console().print(table)


def schedule(
    keep_running: Annotated[
        bool, typer.Option("--run", help=mark("Keep running; run each report when it is due."))
    ] = False,
    once: Annotated[bool, typer.Option("--once", help=mark("Run what is due now, and end."))] = False,
) -> None:
    """List or run the schedule."""
    from marketbook.app import catalogue
    from marketbook.app import schedule as plan
    from marketbook.kit.store import Store, now

    if keep_running and once:
        raise ParamsError(_("--run and --once exclude each other."))
    if keep_running:
        plan.keep_running(lambda orders: _perform(orders, plain=True), lambda fault: typer.secho(fault, err=True))
    elif once:
        orders = plan.orders_due(catalogue.reports(), now(), Store(settings().store))
        if not orders:
            typer.echo(_("Nothing is due."))
        elif any(done.error for done in _perform(orders)):
            raise typer.Exit(1)
    else:
        _list_upcoming(plan.upcoming(catalogue.reports(), now()))


def _list_upcoming(due: list[Any]) -> None:
    from rich.table import Column, Table

    name = Column(_("Report"), no_wrap=True, overflow="fold")
    table = Table(Column(_("Next"), no_wrap=True), name, _("Title"), box=None, padding=(0, 2, 0, 0))
    for one in due:
        moment = one.scheduled_for
        table.add_row(f"{moment:%Y-%m-%d %H:%M} {moment.tzinfo}", one.report.name, one.report.title)
    _console().print(table if due else _("No report has a schedule."))


def _chosen(names: list[str], *, everything: bool) -> list[Any]:
    from marketbook.app import catalogue

    if everything and names:
        raise ParamsError(_("Name reports or say --all, not both."))
    if not everything and not names:
        raise ParamsError(_("Which reports? Name them ('marketbook list' lists them) or say --all."))
    if everything:
        _ensure_data()
    _warm_up()
    return catalogue.reports() if everything else catalogue.find(names)


def _warm_up() -> None:
    """Let what is slow to import be imported by two other processes while the parameters are checked here."""
    from marketbook.app import kernel, worker

    kernel.warm_up()
    worker.warm_up()


def _ensure_data() -> None:
    """Make the demo company where there is no data at all; `demo` stands beside `app`, so it is found by its name."""
    import importlib

    if not any(settings().facts.glob("*.parquet")):
        from marketbook.kit.facts import Facts

        typer.echo(_("There is no data yet in {folder}: making the demo company.").format(folder=settings().facts))
        importlib.import_module("marketbook.demo").ensure(Facts(settings().facts))
    _ensure_records()


def _ensure_records() -> None:
    """Make the demo company's records where its store has none; a company of one's own is left alone."""
    import importlib

    from marketbook.kit.store import Store

    store = Store(settings().store)
    importlib.import_module("marketbook.demo.year").ensure(store)
    store.close()


def _perform(orders: "list[Order]", *, plain: bool = False, workers: int = 0, **options: Any) -> "list[Done]":  # noqa: ANN401
    from marketbook.app.progress import PlainProgress, progress, summarise
    from marketbook.app.runner import Runner

    console = _console()
    with PlainProgress(console) if plain else progress(console, orders) as observer:
        done = Runner(observer, workers=workers, **options).run(orders)
    summarise(console, done)
    return done


def _languages(names: list[str]) -> list[LanguageName]:
    from marketbook.kit.language.current import LANGUAGES
    from marketbook.kit.suggestion import instead

    for name in names:
        if name not in LANGUAGES:
            raise ParamsError(_("Language '{name}' is not known.").format(name=name) + f" {instead(name, LANGUAGES)}")
    return [language for language in LANGUAGES if language in names]


def _formats(given: str) -> list[Any]:
    from marketbook.app.params_file import FORMATS
    from marketbook.kit.suggestion import instead

    names = [name.strip() for name in given.split(",") if name.strip()]
    for name in names:
        if name not in FORMATS:
            raise ParamsError(_("Format '{name}' is not known.").format(name=name) + f" {instead(name, FORMATS)}")
    return [name for name in FORMATS if name in names]


def _allowed(about: dict[str, Any], parts: dict[str, Any]) -> str:
    """Say what a parameter may be, from its JSON schema."""
    if "$ref" in about:
        about = parts[about["$ref"].rpartition("/")[2]] | about
    if "anyOf" in about:
        return _(" or ").join(_allowed(option, parts) for option in about["anyOf"])
    if "enum" in about:
        return ", ".join(str(value) for value in about["enum"])
    if "const" in about:
        return str(about["const"])
    if about.get("type") == "array":
        return _("a list of: {items}").format(items=_allowed(about.get("items", {}), parts))
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {about[name]}" for name, sign in signs.items() if name in about]
    kinds = {
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "string": _("day") if about.get("format") == "date" else _("text"),
        "null": _("empty"),
    }
    return " ".join([kinds.get(about.get("type", ""), _("any value")), ", ".join(bounds)]).strip()


def _written(value: Any) -> str:  # noqa: ANN401  # any parameter
    if value is None or value in ([], ""):
        return _("empty")
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _console() -> Any:  # noqa: ANN401  # rich is imported when it is needed
    from rich.console import Console

    return Console()


def _read_store() -> Any:  # noqa: ANN401  # a context manager of a session, or of None before the first run
    from contextlib import nullcontext

    from marketbook.kit.store import Store

    store = Store(settings().store)
    if store.file and not store.file.exists():
        return nullcontext()
    store.upgrade()
    return store.reading()


def _local(moment: Any) -> str:  # noqa: ANN401  # a datetime
    return f"{moment.astimezone(settings().zone):%Y-%m-%d %H:%M}"


def _moment(run: Any) -> str:  # noqa: ANN401  # a run
    return f"{_local(run.started_at)} {_(run.status)}"
