"""Wording that the findings of this domain share."""

from collections.abc import Sequence

from marketbook.kit.language import gettext as _


def join(names: Sequence[str]) -> str:
    """Write names as a list in the current language.

    Example:
        >>> join(["Douyin", "Outdoor", "Bilibili"])
        'Douyin, Outdoor and Bilibili'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=_(", ").join(names[:-1]), last=names[-1])
