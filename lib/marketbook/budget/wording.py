"""Wording that the findings of this domain share."""

from collections.abc import Sequence

import numpy as np

from marketbook.kit.language import format_number, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name

FORM_NAMES = {
    "geometric": mark("geometric"),
    "delayed": mark("delayed"),
    "weibull_cdf": mark("Weibull, changing share"),
    "weibull_pdf": mark("Weibull, with a peak"),
    "logistic": mark("logistic"),
    "hill": mark("Hill"),
    "tanh": mark("hyperbolic tangent"),
    "michaelis_menten": mark("Michaelis-Menten"),
    "root": mark("root"),
    "averaged": mark("averaged"),
}
"""What forms of carry-over and saturation are called."""


def join(names: Sequence[str]) -> str:
    """Write names as a list in the current language.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     join(["Douyin", "Outdoor", "Bilibili"])
        'Douyin, Outdoor and Bilibili'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=_(", ").join(names[:-1]), last=names[-1])


def money(amount: float, currency: str) -> str:
    """Write an amount for a sentence: three digits say as much as the interval allows.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     money(1_234_567, "CNY")
        'CN¥1.23M'
    """
    size = 10.0 ** (np.floor(np.log10(abs(amount))) - 2) if amount else 1.0
    return by_name("amount", float(np.round(amount / size) * size), currency=currency, short=True)


def ratio(value: float) -> str:
    """Write revenue for each yuan spent for a sentence, always to the fen.

    Example:
        >>> ratio(0.0642)
        '0.06'
    """
    return format_number(value, decimals=2)
