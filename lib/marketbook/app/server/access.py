"""Who may open what: the roles that a notebook names. One that names none is open to nobody."""

from collections.abc import Collection, Iterable

from marketbook.app.catalogue import Report
from marketbook.app.server import shelf
from marketbook.app.server.home.chapters import chapter_of
from marketbook.kit.facts import Dataset
from marketbook.kit.records.sessions import SignedIn

PUBLISHERS = frozenset({"director", "manager", "specialist"})
"""Who may run and publish a report."""

IMPORTERS = frozenset({"manager", "specialist", "sales", "service", "finance"})
"""Who may bring in data."""


def may_open(who: SignedIn, report: Report) -> bool:
    """Tell whether somebody holds one of the roles that the notebook names."""
    return bool(who.roles & set(report.roles))


def may_stay(held: Collection[str], notebook: str) -> bool:
    """Tell whether roles held now still let somebody use the page of a report or screen that is open."""
    report = shelf.report(notebook) or shelf.screen(notebook)
    return report is not None and not set(held).isdisjoint(report.roles)


def may_publish(who: SignedIn, report: Report) -> bool:
    """Tell whether somebody may run a report for everybody."""
    return may_open(who, report) and bool(who.roles & PUBLISHERS)


def may_import(who: SignedIn) -> bool:
    """Tell whether somebody may bring in data."""
    return bool(who.roles & IMPORTERS)


def importers(dataset: Dataset) -> frozenset[str]:
    """Return the roles that may bring in a dataset's rows.

    They are those that its declaration names, else those of the reports that need it, or of its chapter's reports where
    none does; never others than `IMPORTERS`.
    """
    if dataset.importers:
        return IMPORTERS & set(dataset.importers)
    chapter = [report for report in shelf.reports() if report.chapter == chapter_of(dataset)]
    return IMPORTERS & {role for report in reading(dataset) or chapter for role in report.roles}


def may_import_into(who: SignedIn, dataset: Dataset) -> bool:
    """Tell whether somebody may bring in a dataset's rows."""
    return bool(who.roles & importers(dataset))


def reading(dataset: Dataset) -> list[Report]:
    """Return the reports that need a dataset."""
    return [report for report in shelf.reports() if dataset.name in report.schema().needs]


def may_see_rows(who: SignedIn, dataset: str) -> bool:
    """Tell whether somebody may see a dataset's or a view's rows: whoever may open a report that reads it."""
    return any(may_open(who, report) and dataset in _rows_of(report) for report in shelf.reports())


def _rows_of(report: Report) -> tuple[str, ...]:
    schema = report.schema()
    return (*schema.needs, *schema.views)


def opened_by(who: SignedIn, reports: Iterable[Report]) -> list[Report]:
    """Return those of some reports or screens that somebody may open."""
    return [report for report in reports if may_open(who, report)]
