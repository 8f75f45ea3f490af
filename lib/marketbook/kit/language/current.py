"""The language that is spoken now: one per run in a kernel, one per request in the app."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import get_args

from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import ParamsError

LANGUAGES: tuple[LanguageName, ...] = get_args(LanguageName)

_current: ContextVar[LanguageName | None] = ContextVar("marketbook_language", default=None)


def current() -> LanguageName:
    """Return the language in use: the one set by `use`, else the configured one."""
    return _current.get() or settings().language


def use(language: str) -> None:
    """Speak a language from here on.

    Args:
        language: `zh_Hans`, `en` or `zh_Hant`.

    Raises:
        ParamsError: The language is not one of the three.
    """
    _current.set(_known(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside a `with` block."""
    token = _current.set(_known(language))
    try:
        yield
    finally:
        _current.reset(token)


def mark(message: str) -> str:
    """Mark a module-level string for the catalogue; it is translated where it is shown.

    A string translated when its module is imported would freeze in one language.
    """
    return message


def _known(language: str) -> LanguageName:
    for name in LANGUAGES:
        if name == language:
            return name
    raise ParamsError(f"language: {language!r} is not known; allowed are {', '.join(LANGUAGES)}.")
