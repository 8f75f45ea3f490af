"""What a spreadsheet would take for a formula, kept from being one by an apostrophe that importing takes off again."""

import re
from typing import Any

_SIGNS = r"[=+\-@\t\r\n＝＋－＠]"
_FORMULA = re.compile(rf"'*{_SIGNS}")
_SHIELDED = re.compile(rf"'+{_SIGNS}")
_HARMLESS = re.compile(r"[+-]?[\d,.]+%?|-+")


def shield(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula.

    Example:
        >>> shield("=1+1"), shield("-12.50"), unshield(shield("=1+1"))
        ("'=1+1", '-12.50', '=1+1')
    """
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def unshield(cell: Any) -> Any:  # noqa: ANN401  # any cell
    """Take off what `shield` put in front."""
    return cell[1:] if isinstance(cell, str) and _SHIELDED.match(cell) else cell
