"""What choosing an option means: the reader is told that people know a brand, not that they ticked it."""

from typing import Literal

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

Reading = Literal["know", "consider", "bought", "chose"]

_OF_THE_MARKET: dict[Reading, str] = {
    "know": mark("{share} of the market know {option}"),
    "consider": mark("{share} of the market would consider {option}"),
    "bought": mark("{share} of the market have bought from {option}"),
    "chose": mark("{share} of the market answer “{option}”"),
}
_NOUN: dict[Reading, str] = {
    "know": mark("Awareness"),
    "consider": mark("Consideration"),
    "bought": mark("Purchase"),
    "chose": mark("Share of answers"),
}
_OF: dict[Reading, str] = {
    "know": mark("Awareness of {option}"),
    "consider": mark("Consideration of {option}"),
    "bought": mark("Purchase from {option}"),
    "chose": mark("Answer “{option}”"),
}


def of_the_market(reading: Reading, *, share: str, option: str) -> str:
    """Say what share of the market it is.

    Example:
        >>> of_the_market("know", share="46.2%", option="Acme")
        '46.2% of the market know Acme'
    """
    return _(_OF_THE_MARKET[reading]).format(share=share, option=option)


def noun(reading: Reading) -> str:
    """Name what is measured: a column's heading (a message id)."""
    return _NOUN[reading]


def of(reading: Reading, *, option: str) -> str:
    """Name what is measured, of what."""
    return _(_OF[reading]).format(option=option)
