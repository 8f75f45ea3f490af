"""Bring the catalogues up to date with the code, the page templates and the notebooks' Markdown.

`python -m marketbook.kit.language.extract [NAME ...]` adds missing message ids with an empty translation, keeps what is
translated and puts away what is no longer used. Each message stands once: in the catalogue of the lowest room that
says it (kit below office below the domains below app and demo).
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.pofile import read_po, write_po

from marketbook.kit.config import settings
from marketbook.kit.language.messages import CATALOGUES, paragraphs

LIBRARY = Path(__file__).resolve().parents[2]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
    "n_": (1, 2),
}
_SINCE = datetime(2026, 11, 23, tzinfo=UTC)

MessageId = str | tuple[str, ...]


def messages() -> dict[str, dict[MessageId, set[str]]]:
    """Return every message id with the files that say it, by catalogue."""
    found: dict[str, dict[MessageId, set[str]]] = {}
    taken: set[MessageId] = set()
    for name, file in sorted(_files(), key=lambda pair: (_height(pair[1]), pair[0], str(pair[1]))):
        own = found.setdefault(name, {})
        for message in _said(file):
            if message in own or message not in taken:
                own.setdefault(message, set()).add(_place(file))
        if _height(file) == 0:
            taken |= set(own)
    return {name: own for name, own in found.items() if own}


def update(*names: str) -> dict[str, int]:
    """Write the catalogues whose message ids changed; return how many of each are not translated yet."""
    found = messages()
    return {name: _update_one(name, found[name]) for name in sorted(found) if not names or name in names}


def catalogue(name: str) -> Catalog:
    """Read a catalogue; an empty one where there is none yet."""
    file = _po(name)
    if file.exists():
        return read_po(BytesIO(file.read_bytes()), locale="zh_Hans")
    return _empty()


def _update_one(name: str, found: dict[MessageId, set[str]]) -> int:
    kept = catalogue(name)
    if {message.id for message in kept if message.id} != set(found):
        wanted = _empty()
        for message, places in found.items():
            wanted.add(message, locations=[(place, 0) for place in sorted(places)])
        kept.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        _po(name).parent.mkdir(parents=True, exist_ok=True)
        with _po(name).open("wb") as out:
            write_po(out, kept, width=0, include_lineno=False, sort_by_file=True)
    return sum(1 for message in kept if message.id and not _whole(message))


def _empty() -> Catalog:
    return Catalog(
        locale="zh_Hans",
        header_comment="# Marketbook: Simplified Chinese.",
        project="Marketbook",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=_SINCE,
        revision_date=_SINCE,
        fuzzy=False,
    )


def _whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _files() -> Iterator[tuple[str, Path]]:
    for file in LIBRARY.rglob("*"):
        if file.suffix in (".py", ".j2"):
            yield _room(file.relative_to(LIBRARY)), file
    for file in settings().notebooks.rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in file.parts:
            yield _room(file.relative_to(settings().notebooks)), file


def _room(path: Path) -> str:
    """`survey/rake.py` is said by `survey`, `kit/facts/schema.py` by `facts`, a notebook at the root by `demo`."""
    parts = path.parts
    if len(parts) == 1:
        return "demo"
    return Path(parts[1]).stem if parts[0] == "kit" else parts[0]


def _height(file: Path) -> int:
    if LIBRARY in file.parents:
        return {"kit": 0, "office": 1, "app": 3, "demo": 3}.get(file.relative_to(LIBRARY).parts[0], 2)
    return 3


def _said(file: Path) -> Iterator[MessageId]:
    if file.suffix == ".ipynb":
        cells = json.loads(file.read_text("utf-8"))["cells"]
        yield from (part for cell in cells if cell["cell_type"] == "markdown" for part in paragraphs(_source(cell)))
    elif file.suffix == ".j2":
        with file.open("rb") as text:
            for _, message, *_ in extract("jinja2.ext:babel_extract", text, _KEYWORDS, (), {"silent": "false"}):
                yield message
    else:
        for _, message, *_ in extract_from_file("python", file, _KEYWORDS):
            if message:
                yield message


def _source(cell: dict[str, str | list[str]]) -> str:
    return "".join(cell["source"])


def _place(file: Path) -> str:
    home = LIBRARY.parents[1]
    return str(file.relative_to(home)) if home in file.parents else file.name


def _po(name: str) -> Path:
    return CATALOGUES / "zh_Hans" / f"{name}.po"


def main(*names: str) -> None:
    """Update the catalogues with these names, or all, and say what is left to translate."""
    for name, missing in update(*names).items():
        sys.stdout.write(f"{name}: {missing} to translate\n" if missing else f"{name}: whole\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
