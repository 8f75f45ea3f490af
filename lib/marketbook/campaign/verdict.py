"""Verdict: what may be said of a campaign, in one word."""

from enum import StrEnum

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark


class Verdict(StrEnum):
    """What the evidence allows to say."""

    WORKED = mark("worked")
    HARMED = mark("did harm")
    UNPROVEN = mark("no evidence")
    UNJUDGED = mark("cannot be judged")

    @classmethod
    def of(cls, direction: int, *, sound: bool = True) -> "Verdict":
        """Return the verdict.

        Args:
            direction: 1 where the interval lies above zero, -1 below, 0 where it holds zero.
            sound: Whether the comparison is a fair one; if not, no verdict is given.

        Example:
            >>> Verdict.of(1).name, Verdict.of(1, sound=False).name
            ('WORKED', 'UNJUDGED')
        """
        if not sound:
            return cls.UNJUDGED
        return {1: cls.WORKED, -1: cls.HARMED, 0: cls.UNPROVEN}[direction]

    @property
    def said(self) -> str:
        """The word in the reader's language."""
        return _(self.value)
