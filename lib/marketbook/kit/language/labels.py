"""Labels of data: the company's own words for values (a channel, a province) in the reader's language.

Data is Chinese; the dataset `labels` may hold an English word for a value. Without one the value is shown as it is.
"""

from collections.abc import Mapping

from marketbook.kit.language.current import current
from marketbook.kit.language.hant import traditional

_english: dict[str, str] = {}


def use_labels(english: Mapping[str, str]) -> None:
    """Take the company's English words for its data values, in place of those before."""
    _english.clear()
    _english.update(english)


def label(value: object) -> str:
    """Return a data value as the reader should see it.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> use_labels({"抖音": "Douyin"})
        >>> with speaking("en"):
        ...     label("抖音")
        'Douyin'
        >>> use_labels({})
    """
    text = str(value)
    if current() == "en":
        return _english.get(text, text)
    return traditional(text) if current() == "zh_Hant" else text
