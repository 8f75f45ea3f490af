"""Words that several findings share."""

from marketbook.kit.language import format_percent, label, mark
from marketbook.kit.language import gettext as _

CONTROL = "control"

MEASURED = {
    "ab_test": mark("A/B test"),
    "geo": mark("regions compared"),
    "national": mark("not measurable: no control group"),
}
"""How a kind of campaign is measured."""


def round_percent(share: float) -> str:
    """Write a chosen share (a level, a margin) without decimals where it needs none.

    Example:
        >>> round_percent(0.95), round_percent(0.375)
        ('95%', '37.5%')
    """
    return format_percent(share, decimals=0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1)


def variant_said(variant: str) -> str:
    """Name a variant of an experiment inside a sentence.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     variant_said("control"), variant_said("Coupon")
        ('the control group', 'Coupon')
    """
    return _("the control group") if variant == CONTROL else label(variant)
