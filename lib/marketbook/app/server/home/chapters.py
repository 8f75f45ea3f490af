"""The chapters of the workspace: their titles, their order for each role, and what a reader finds in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketbook.app import catalogue
from marketbook.app.catalogue import Report
from marketbook.kit.facts import Dataset
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

TITLES: Mapping[str, str] = {
    "office": mark("Decisions"),
    "survey": mark("Surveys"),
    "segmentation": mark("Segmentation"),
    "budget": mark("Budget"),
    "campaign": mark("Campaign evaluation"),
    "plan": mark("Plans"),
    "brand": mark("Brand"),
    "product": mark("Products"),
    "channel": mark("Channels and partners"),
    "customer": mark("Customers and service"),
    "competitor": mark("Competition"),
    "expense": mark("Expenses"),
    "team": mark("Team"),
    "general": mark("General"),
}
"""The chapters in their order; one that nobody has named stands after them under its own name."""

FIRST: Mapping[str, tuple[str, ...]] = {
    "finance": ("general", "budget", "expense"),
    "sales": ("channel", "customer", "campaign"),
    "service": ("customer", "product"),
    "admin": ("team", "general"),
}
"""Which chapters somebody of a role sees first."""


@dataclass(frozen=True)
class Chapter:
    """A chapter with what a reader may open in it."""

    name: str
    title: str
    reports: Sequence[Report]
    screens: Sequence[Report]
    datasets: Sequence[Dataset]


def title(name: str) -> str:
    """Return what a chapter is called, in the current language."""
    return _(TITLES[name]) if name in TITLES else name.replace("-", " ").capitalize()


def in_order(names: Iterable[str], roles: Iterable[str]) -> list[str]:
    """Put chapters in the order in which somebody of these roles wants them."""
    first = [name for role in sorted(roles) for name in FIRST.get(role, ())]
    known = [*dict.fromkeys([*first, *TITLES])]
    return sorted(dict.fromkeys(names), key=lambda name: (known.index(name) if name in known else len(known), name))


def chapters(
    reports: Sequence[Report], screens: Sequence[Report], datasets: Sequence[Dataset], *, roles: Iterable[str]
) -> list[Chapter]:
    """Gather by chapter what a reader may open; chapters that hold nothing are left out."""
    names = [one.chapter for one in (*reports, *screens)] + [chapter_of(dataset) for dataset in datasets]
    return [
        Chapter(
            name=name,
            title=title(name),
            reports=[report for report in reports if report.chapter == name],
            screens=[screen for screen in screens if screen.chapter == name],
            datasets=[dataset for dataset in datasets if chapter_of(dataset) == name],
        )
        for name in in_order(names, roles)
    ]


def chapter_of(dataset: Dataset) -> str:
    """Return the chapter that a dataset belongs to: the domain that declares it."""
    domain = dataset.row.__module__.removeprefix("marketbook.").partition(".")[0]
    return domain if domain in TITLES else "general"


@lru_cache(maxsize=1)
def datasets() -> tuple[Dataset, ...]:
    """Return every declared dataset; they stand in the code, so once is enough."""
    return tuple(catalogue.datasets().values())
