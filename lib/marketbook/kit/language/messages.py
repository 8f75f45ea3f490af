"""Messages by gettext: `_ = gettext` in a module, and Markdown cells paragraph by paragraph.

One catalogue a domain (`catalogues/zh_Hans/survey.po`), all merged when the language is first used. The compiled form
is kept in the cache and made anew when a catalogue changes.
"""

import gettext as stdlib
import hashlib
import re
from functools import lru_cache
from importlib import resources
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marketbook.kit.config import LanguageName, settings
from marketbook.kit.language.current import current
from marketbook.kit.language.hant import traditional

CATALOGUES = Path(str(resources.files(__package__))) / "catalogues"


def gettext(message: str) -> str:
    """Translate a message id into the current language; an unknown one stays as it is.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     gettext("Caveats")
        'Caveats'
    """
    return _spoken(current(), _translations(current()).gettext(message)) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a message id that depends on a count."""
    return _spoken(current(), _translations(current()).ngettext(singular, plural, count))


def paragraphs(markdown: str) -> list[str]:
    """Split a Markdown cell into what is translated at once: paragraphs, headings, lists, tables."""
    return [part for part in re.split(r"\n\s*\n", markdown.strip()) if part.strip()]


def translate_markdown(markdown: str) -> str:
    """Translate a Markdown cell, paragraph by paragraph."""
    return "\n\n".join(gettext(part) for part in paragraphs(markdown))


def _spoken(language: LanguageName, message: str) -> str:
    return traditional(message) if language == "zh_Hant" else message


@lru_cache(maxsize=8)
def _translations(language: LanguageName) -> stdlib.NullTranslations:
    if language == "en":
        return stdlib.NullTranslations()
    return stdlib.GNUTranslations(BytesIO(_compiled()))


def _compiled() -> bytes:
    files = sorted((CATALOGUES / "zh_Hans").glob("*.po"))
    texts = [file.read_bytes() for file in files]
    kept = settings().cache / "language" / f"{hashlib.sha256(b''.join(texts)).hexdigest()[:16]}.mo"
    if kept.exists():
        return kept.read_bytes()
    compiled = _compile(texts)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{id(compiled)}")
    fresh.write_bytes(compiled)
    fresh.replace(kept)
    return compiled


def _compile(texts: list[bytes]) -> bytes:
    merged = Catalog(locale="zh_Hans")
    for text in texts:
        for message in read_po(BytesIO(text), locale="zh_Hans"):
            if message.id and message.string and not message.fuzzy:
                merged.add(message.id, message.string)
    out = BytesIO()
    write_mo(out, merged)
    return out.getvalue()
