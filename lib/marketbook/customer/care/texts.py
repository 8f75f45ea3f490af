"""What a customer is told at an occasion: a text that the employee sends or says, and may change."""

from collections.abc import Mapping

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

TEXTS: Mapping[str, str] = {
    "birthday": mark("Dear {name}, happy birthday! We wish you good health and joy in everything you do."),
    "return_visit": mark(
        "Hello {name}, you told us lately that something was not right. Are you satisfied with how it was solved? "
        "What else can we do for you?"
    ),
    "new_year": mark("Dear {name}, happy New Year! Thank you for being with us; we wish you all the best."),
    "spring": mark("Dear {name}, happy Spring Festival! We wish you and your family health and good fortune."),
    "lantern": mark("Dear {name}, happy Lantern Festival! We wish you a happy reunion with your family."),
    "dragon_boat": mark("Dear {name}, we wish you health and peace at the Dragon Boat Festival."),
    "mid_autumn": mark("Dear {name}, happy Mid-Autumn Festival! We wish you a happy reunion with your family."),
    "double_ninth": mark("Dear {name}, we wish you and the elders of your family health at the Double Ninth Festival."),
    "national": mark("Dear {name}, happy National Day! We wish you a good holiday."),
}


def greeting(occasion: str, name: str) -> str:
    """Return the text for an occasion of `tables.OCCASIONS`.

    Example:
        >>> greeting("national", "Li Na")
        'Dear Li Na, happy National Day! We wish you a good holiday.'
    """
    return _(TEXTS[occasion]).format(name=name)
