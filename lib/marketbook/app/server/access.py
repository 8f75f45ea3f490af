"""Who may open what: the roles that a notebook names. One that names none is open to nobody."""

from collections.abc import Collection, Iterable

from marketbook.app.catalogue import Report
from marketbook.app.server import shelf
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


def may_see_rows(who: SignedIn, dataset: str) -> bool:
    """Tell whether somebody may see a dataset's rows: whoever may open a report that reads it."""
    return any(may_open(who, report) and dataset in report.schema().needs for report in shelf.reports())


def opened_by(who: SignedIn, reports: Iterable[Report]) -> list[Report]:
    """Return those of some reports or screens that somebody may open."""
    return [report for report in reports if may_open(who, report)]
