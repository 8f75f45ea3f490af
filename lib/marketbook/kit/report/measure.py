"""How wide a text is, in Chinese and Latin letters alike, and where it may be broken."""

import unicodedata

_CLOSING = "，。、；：？！）》」』”’%),.;:?!]"


def width_of(text: str) -> float:
    """Return a text's width in ems: 1 for a Chinese character, about half for a Latin one.

    Example:
        >>> width_of("渠道"), round(width_of("NPS"), 2)
        (2.0, 1.74)
    """
    return sum(_width(character) for character in text)


def wrap(text: str, ems: float) -> list[str]:
    """Break a text into lines no wider than `ems`: Latin at spaces, Chinese anywhere but before closing punctuation.

    Example:
        >>> wrap("朋友推荐或家人介绍", 5)
        ['朋友推荐或', '家人介绍']
        >>> wrap("Friends and family", 6)
        ['Friends and', 'family']
    """
    lines = [""]
    for piece in _pieces(text):
        fits = width_of((lines[-1] + piece).rstrip()) <= ems
        if fits or not lines[-1] or piece in _CLOSING:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.3 if character in " .,:;'|!il" else 0.58


def _pieces(text: str) -> list[str]:
    """Split into what stays together: one Chinese character, or one Latin word with the space after it."""
    pieces: list[str] = []
    for character in text:
        wide = _width(character) == 1.0
        if pieces and not wide and _width(pieces[-1][-1]) != 1.0 and not pieces[-1].endswith(" "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
