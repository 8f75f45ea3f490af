"""Commands for data: import, datasets, demo."""

from pathlib import Path
from typing import Annotated, Any

import typer

from marketbook.kit.config import settings
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _

PANEL = mark("Data")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, function, text in (
        (
            "import",
            import_files,
            mark("Bring CSV, XLSX, SPSS or Parquet files into a dataset; wrong rows are set aside."),
        ),
        ("datasets", list_datasets, mark("List the datasets, or one's columns.")),
        ("demo", make_demo, mark("Make the data of the demo company.")),
    ):
        app.command(name, help=text, rich_help_panel=PANEL)(function)


def import_files(
    dataset: Annotated[str, typer.Argument(help=mark("Its name in 'datasets'."))],
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=mark("Files of one kind."))],
    source: Annotated[str, typer.Option(help=mark("Where the files come from: a saved mapping of columns."))] = "",
    pairs: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=HEADING", help=mark("Which heading a column has in the file; again for each.")
        ),
    ] = None,
    save_source: Annotated[str, typer.Option(help=mark("Save this mapping under a name."))] = "",
    update: Annotated[bool, typer.Option(help=mark("Rows whose key is there already replace those."))] = False,
    sheet: Annotated[str, typer.Option(help=mark("The sheet of a workbook; else the first."))] = "",
    encoding: Annotated[str, typer.Option(help=mark("The encoding of a text file; else it is found out."))] = "",
) -> None:
    """Import files."""
    from marketbook.app import catalogue, imports
    from marketbook.kit.facts import Facts, Source, find_source, import_file
    from marketbook.kit.facts import save_source as save
    from marketbook.kit.store import Store

    declared = catalogue.dataset(dataset)
    mapping = find_source(source, declared) if source else None
    if pairs:
        mapping = Source.from_pairs(declared, pairs, base=mapping)
    if save_source:
        if mapping is None:
            raise ParamsError(_("--save-source: there is no mapping to save; give --map or --source."))
        typer.echo(_("Saved: {file}").format(file=save(save_source, mapping)))
    facts, store, rejected = Facts(settings().facts), Store(settings().store), 0
    store.upgrade()
    for file in files:
        report = import_file(
            facts, declared, file,
            source=mapping, update=update, sheet=sheet or None, encoding=encoding or None,
        )  # fmt: skip
        with store.writing() as session:
            imports.enter(session, facts=facts, report=report, file=imports.file_of(file, source=source))
        typer.echo(report.text)
        rejected += report.rejected
    if rejected:
        raise typer.Exit(1)


def list_datasets(
    name: Annotated[str, typer.Argument(metavar="DATASET", help=mark("Show this one's columns."))] = "",
) -> None:
    """List the datasets."""
    from rich.console import Console
    from rich.table import Table

    from marketbook.app import catalogue
    from marketbook.kit.facts import Facts

    facts = Facts(settings().facts)
    if name:
        _show_columns(Console(), catalogue.dataset(name))
        return
    table = Table(_("Dataset"), _("Title"), _("Rows"), _("Fingerprint"), _("Columns"), box=None, padding=(0, 2, 0, 0))
    for dataset in catalogue.datasets().values():
        there = facts.exists(dataset.name)
        rows = format_integer(facts.count(dataset.name)) if there else "–"
        mark_ = facts.fingerprint(dataset.name) if there else "–"
        table.add_row(dataset.name, _(dataset.title), rows, mark_, ", ".join(dataset.columns))
    Console().print(table)


def make_demo(
    size: Annotated[float, typer.Option(help=mark("1 is 500,000 transactions."))] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help=mark("The same seed makes the same data."))] = 2026,
    force: Annotated[bool, typer.Option("--force", help=mark("Replace data that is there."))] = False,
    records: Annotated[bool, typer.Option(help=mark("Make a year of its records too, where there are none."))] = True,
) -> None:
    """Make the demo company's data."""
    import importlib

    there = sorted(settings().facts.glob("*.parquet"))
    if there and not force:
        raise DataError(
            _("{folder} holds {count} datasets already; --force replaces those of the demo company.").format(
                folder=settings().facts, count=len(there)
            )
        )
    from marketbook.kit.facts import Facts

    importlib.import_module("marketbook.demo").make(Facts(settings().facts), size=size, seed=seed)
    if records:
        from marketbook.kit.store import Store

        importlib.import_module("marketbook.demo.year").ensure(Store(settings().store))
    typer.echo(_("The demo company is in {folder}.").format(folder=settings().facts))


def _show_columns(console: Any, dataset: Any) -> None:  # noqa: ANN401  # rich and facts are imported when needed
    from rich.table import Table

    console.print(f"{_(dataset.title)}: {_(dataset.description)}", highlight=False)
    table = Table(_("Column"), _("Title"), _("Type"), _("Key"), box=None, padding=(0, 2, 0, 0))
    for field in dataset.schema:
        kind = str(field.type) + ("?" if field.nullable else "")
        title = _(dataset.row.model_fields[field.name].title or field.name)
        table.add_row(field.name, title, kind, "✓" if field.name in dataset.key else "")
    console.print(table)
