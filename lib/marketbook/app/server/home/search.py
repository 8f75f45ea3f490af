"""The search box of the home page: titles, questions, parameters, headline sentences and datasets, in any script.

Everything is compared in traditional characters, so that simplified words find traditional ones and the other way
round.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketbook.app.catalogue import Report
from marketbook.app.server.home import chapters
from marketbook.app.server.home.figures import Card
from marketbook.kit import forms, language
from marketbook.kit.errors import MarketbookError
from marketbook.kit.facts import Dataset
from marketbook.kit.language import gettext as _
from marketbook.kit.language.hant import traditional
from marketbook.kit.report.document import Document
from marketbook.kit.store import now

LONGEST = 100
"""Characters of what is searched for that count."""

_MARKDOWN = re.compile(r"[*_`#>\[\]]|\(https?://[^)]*\)")


@dataclass(frozen=True)
class Entry:
    """Something that can be found.

    Attributes:
        kind: What it is, as the reader calls it.
        title: What it is called.
        address: Where it opens.
        texts: What else it may be found by, the telling first.
    """

    kind: str
    title: str
    address: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """An entry and the text in which the words stand; empty where the title holds them all."""

    entry: Entry
    excerpt: str


def find(query: str, entries: Iterable[Entry]) -> list[Found]:
    """Return the entries that hold every word of a query, those first whose title does."""
    words = [_plain(word) for word in query[:LONGEST].split()]
    if not words:
        return []
    found = [(entry, _rank(words, entry)) for entry in entries]
    ranked = sorted(((entry, rank) for entry, rank in found if rank is not None), key=lambda pair: pair[1])
    return [Found(entry, _excerpt(words, entry)) for entry, _rank_ in ranked]


def entries(
    reports: Sequence[Report], screens: Sequence[Report], datasets: Sequence[Dataset], cards: Sequence[Card]
) -> Iterator[Entry]:
    """Describe what a reader may open, in the current language."""
    headlines = {card.report.name: card.headline for card in cards}
    for report in reports:
        said = (headlines.get(report.name, ""), question(report), *parameters(report), chapters.title(report.chapter))
        yield Entry(_("Report"), report.title, f"/reports/{report.name}", tuple(text for text in said if text))
    for screen in screens:
        said = (question(screen), chapters.title(screen.chapter))
        yield Entry(_("Screen"), screen.title, f"/screens/{screen.name}", tuple(text for text in said if text))
    for dataset in datasets:
        said = (_(dataset.description), dataset.name)
        yield Entry(_("Data"), _(dataset.title), f"/data/{dataset.name}", said)


def question(report: Report) -> str:
    """Return the question under a notebook's title, as plain text in the current language."""
    first = report.source["cells"][:1]
    opening = Document.of({"cells": first}, name=report.name, ran_at=now(), spoken=language.current())
    return " ".join(_MARKDOWN.sub("", opening.question).split())


def parameters(report: Report) -> tuple[str, ...]:
    """Return what a report's parameters are called and mean, in the current language."""
    try:
        return _parameters(report.schema(), language.current())
    except MarketbookError:
        return ()


@lru_cache(maxsize=256)
def _parameters(schema: type, spoken: str) -> tuple[str, ...]:
    with language.speaking(spoken):
        return tuple(field.title for field in forms.fields(schema) if field.name != "language")


def _rank(words: Sequence[str], entry: Entry) -> int | None:
    """Tell how well an entry fits: 0 by its title, 1 by its title and more, 2 by the rest; None where it does not."""
    title = _plain(entry.title)
    everything = " ".join([title, *(_plain(text) for text in entry.texts)])
    if not all(word in everything for word in words):
        return None
    held = sum(word in title for word in words)
    return 0 if held == len(words) else 1 if held else 2


def _excerpt(words: Sequence[str], entry: Entry) -> str:
    if all(word in _plain(entry.title) for word in words):
        return entry.texts[0] if entry.texts else ""
    return next((text for text in entry.texts if any(word in _plain(text) for word in words)), "")


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return traditional(text).casefold()
