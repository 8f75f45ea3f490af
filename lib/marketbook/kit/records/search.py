"""What records and people are found by: an index of every two letters that follow one another, on both engines alike.

A text is found wherever it stands in another, as `LIKE '%text%'` would find it, whatever its language and however short
it is; letters that only look different (full width, capitals) are the same. An index is SQLite's FTS5 or PostgreSQL's
GIN over words of two letters; a text is a phrase of such words, and a single letter is how such a word begins.

The ids of hits come in order, so that the newest of a million are there as soon as the newest of ten.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, bindparam, cast, column, false, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from marketbook.kit.records.person import Party
from marketbook.kit.records.record import Record

_END = "\n"
"""Ends each of a row's texts, so that no phrase runs from one into the next; nobody can look for it."""

_OPEN, _CLOSE, _TAG = "\ue000", "\ue001", "\ue002"
"""Letters for private use, which both engines take for letters: around a code, and before a tag."""


@dataclass(frozen=True)
class Entry:
    """What a row is found by.

    Attributes:
        id: The row's.
        texts: What it is found by wherever a part of one of them is looked for.
        tags: What it is found by as a whole: whose it is, by `tag`.
        space: In which it is found; rows of other spaces do not make finding slower. ASCII letters, as many in all
            spaces of an index.
    """

    id: int
    texts: Sequence[str]
    tags: Sequence[str] = ()
    space: str = ""


@dataclass(frozen=True)
class Index:
    """A table of what rows of another are found by; a migration makes it, the rows' service keeps it in step.

    Attributes:
        name: Of the table.

    Example:
        >>> Index("customer_text").name
        'customer_text'
    """

    name: str

    def create(self, connection: Connection) -> None:
        """Make the table."""
        for statement in _CREATE[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(self.name))

    def drop(self, connection: Connection) -> None:
        """Take the table away."""
        connection.exec_driver_sql(f"DROP TABLE {self.name}")

    def write(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Keep what some rows are found by, in place of what they were found by before."""
        postgresql = connection.dialect.name == "postgresql"
        rows = [{"id": one.id, "words": _vector(one) if postgresql else " ".join(_words(one))} for one in entries]
        if rows:
            connection.execute(text(_WRITE[connection.dialect.name].format(self.name)), rows)

    def forget(self, connection: Connection, ids: Iterable[int]) -> None:
        """Have some rows found no more."""
        key = _KEY[connection.dialect.name]
        rows = [{"id": one} for one in ids]
        if rows:
            connection.execute(text(f"DELETE FROM {self.name} WHERE {key} = :id"), rows)

    def hits(self, connection: Connection, wanted: str, *, space: str = "", tags: Iterable[str] = ()) -> Select[Any]:
        """Return a query of the `id` of each row that has a text, or one of some tags; the caller orders and limits it.

        Args:
            connection: Where it is asked.
            wanted: What is looked for, as it was typed; nothing is found by nothing.
            space: Where.
            tags: What else makes a hit.
        """
        engine = connection.dialect.name
        found: Any = table(self.name, column(_KEY[engine]), column("words"))
        ids = select(found.c[_KEY[engine]].label("id"))
        if not folded(wanted):
            return ids.where(false())
        asked: Any = bindparam(None, _question(engine, folded(wanted), space, tags), unique=True)
        if engine == "sqlite":
            return ids.where(literal_column(self.name).op("MATCH", is_comparison=True)(asked))
        return ids.where(found.c.words.op("@@", is_comparison=True)(cast(asked, TSQUERY)))


RECORDS = Index("record_text")
"""What records are found by: number and title, and as a whole whose they are (`Record.found_by`)."""


def folded(written: str) -> str:
    """Return a text as it is compared: letters that only look different are the same, and so are all spaces.

    Example:
        >>> folded("  ＡＢＣ  差旅费 ")
        'abc 差旅费'
    """
    return " ".join(unicodedata.normalize("NFKC", written).casefold().split())


def tag(party_id: int) -> str:
    """Return what a row is found by as a whole, because it is somebody's."""
    return f"p{party_id}"


def keep(session: Session, record: Record) -> None:
    """Keep what a record is found by in step with it; `documents` does so whenever it writes one."""
    parties = [getattr(record, name) for name in record.found_by]
    session.flush()
    RECORDS.write(session.connection(), [entry(record.id, record.number, record.title, parties)])


def entry(record_id: int, number: str, title: str, parties: Iterable[int | None]) -> Entry:
    """Return what a record is found by; its space are the letters that its number begins with."""
    return Entry(record_id, (number, title), [tag(one) for one in parties if one is not None], space_of(number))


def space_of(number: str) -> str:
    """Return the space of a record's number.

    Example:
        >>> space_of("EX-2026-000001")
        'EX'
    """
    return number.partition("-")[0]


def records(session: Session, wanted: str, *, prefix: str, kinds: Sequence[str] = ("employee",)) -> Select[Any]:
    """Return a query of the ids of a type's records that have a text in their number, title or in a name.

    Args:
        session: A session of either kind.
        wanted: What is looked for, as it was typed.
        prefix: What the type's numbers begin with.
        kinds: Of parties whose names count.
    """
    return RECORDS.hits(session.connection(), wanted, space=prefix, tags=map(tag, named(session, wanted, kinds)))


def named(session: Session, wanted: str, kinds: Sequence[str]) -> list[int]:
    """Return the ids of the parties of some kinds, of which there are few, whose name holds a text."""
    sought, query = folded(wanted), select(Party.id, Party.name).where(Party.kind.in_(kinds))
    return [number for number, name in session.execute(query) if sought in folded(name)]


def _words(one: Entry) -> Iterator[str]:
    """Each two letters of a row's texts that follow one another, then its tags."""
    for written in one.texts:
        letters = _letters(folded(written) + _END)
        yield from (f"{one.space}{a}{b}" for a, b in pairwise(letters))
    yield from (f"{one.space}{_TAG}{name}" for name in one.tags)


def _letters(written: str) -> list[str]:
    """Both engines take these for letters and none for the end of a word; any other is written as its code."""
    return [one if _plain(one) else f"{_OPEN}{ord(one):x}{_CLOSE}" for one in written]


def _plain(letter: str) -> bool:
    return (letter.isascii() and letter.isalnum()) or "一" <= letter <= "龥"


def _vector(one: Entry) -> str:
    return " ".join(f"{word}:{place}" for place, word in enumerate(_words(one), 1))


def _question(engine: str, wanted: str, space: str, tags: Iterable[str]) -> str:
    """What is asked of the engine's index, in its language."""
    letters = _letters(wanted)
    words = [f"{space}{a}{b}" for a, b in pairwise(letters)] or [f"{space}{''.join(letters)}"]
    others = [f"{space}{_TAG}{name}" for name in tags]
    if engine == "sqlite":
        phrase = f'"{" ".join(words)}"' + ("*" if len(letters) == 1 else "")
        return " OR ".join([phrase, *(f'"{one}"' for one in others)])
    return " | ".join([" <-> ".join(words) + (":*" if len(letters) == 1 else ""), *others])


_KEY = {"sqlite": "rowid", "postgresql": "id"}

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE {0} USING fts5(words, tokenize = 'unicode61 remove_diacritics 0', columnsize = 0)",
    ),
    "postgresql": (
        "CREATE TABLE {0} (id integer PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_{0}_words ON {0} USING gin (words)",
    ),
}

_WRITE = {
    "sqlite": "INSERT OR REPLACE INTO {0} (rowid, words) VALUES (:id, :words)",
    "postgresql": (
        "INSERT INTO {0} (id, words) VALUES (:id, CAST(:words AS tsvector)) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ),
}
