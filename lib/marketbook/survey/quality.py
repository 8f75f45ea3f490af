"""Quality: interviews that were rushed, ticked straight down, or given twice; named and counted before any goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, Self, get_args

import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Fault = Literal["speeder", "straight_liner", "duplicate"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
LEFT_OUT: tuple[Fault, ...] = ("speeder", "duplicate")

_NAMES: dict[Fault, str] = {
    "speeder": mark("Answered too fast"),
    "straight_liner": mark("Same answer on every scale"),
    "duplicate": mark("Same interview twice"),
}


@dataclass(frozen=True, eq=False)
class Quality(Result):
    """What was wrong with interviews and which were left out.

    Attributes:
        flags: One row per respondent: one column of true or false per fault.
        excluded: The faults for which interviews are left out.
        minimum_seconds: Shortest time taken at its word.
    """

    flags: pd.DataFrame = field(repr=False)
    excluded: tuple[Fault, ...]
    minimum_seconds: int

    titles: ClassVar[Mapping[str, str]] = {
        "check": mark("Check"),
        "count": mark("Interviews"),
        "share": mark("Share"),
        "handling": mark("Handling"),
        "count_excluded": mark("Left out"),
        "share_excluded": mark("Share left out"),
        "n": mark("Interviews received"),
    }

    @property
    def kept(self) -> pd.Series:
        """True for each respondent that stays."""
        return ~self.flags[list(self.excluded)].any(axis=1)

    def among(self, rows: pd.Series) -> Self:
        """Report some respondents only (a wave)."""
        return replace(self, flags=self.flags[rows])

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Can the interviews be trusted?")

    @property
    def text(self) -> str:
        """The finding."""
        found = self.numbers()
        if not found["count_excluded"]:
            return _("All {n} interviews were kept.").format(n=by_name("n", found["n"]))
        message = _("Of {n} interviews {count} ({share}) were left out: {reasons}.")
        return message.format(
            n=by_name("n", found["n"]),
            count=by_name("count", found["count_excluded"]),
            share=by_name("share", found["share_excluded"]),
            reasons=_(", ").join(self._reasons()),
        )

    @property
    def table(self) -> pd.DataFrame:
        """Each check: how many interviews it found and what became of them."""
        counts = self.flags[list(FAULTS)].sum()
        handling = [_("left out") if fault in self.excluded else _("kept") for fault in FAULTS]
        return pd.DataFrame(
            {
                "check": [_(_NAMES[fault]) for fault in FAULTS],
                "count": counts.to_numpy(),
                "share": counts.to_numpy() / max(len(self.flags), 1),
                "handling": handling,
            }
        )

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        fast = _("Too fast is under {seconds} seconds. One interview may fail several checks.")
        found = [fast.format(seconds=self.minimum_seconds)]
        if "straight_liner" not in self.excluded and self.flags["straight_liner"].any():
            found.append(
                _(
                    "Those with the same answer on every scale are counted but kept: only some saw the scales, "
                    "and leaving them out would tilt who is left."
                )
            )
        return found

    def chart(self) -> Chart | None:
        """Three counts are read faster in the table."""
        return None

    def numbers(self) -> Mapping[str, Any]:
        """How many interviews were left out."""
        count = int((~self.kept).sum())
        return {"count_excluded": count, "share_excluded": count / max(len(self.flags), 1), "n": len(self.flags)}

    def _reasons(self) -> list[str]:
        messages: dict[Fault, str] = {
            "speeder": _("{count} answered too fast"),
            "straight_liner": _("{count} gave the same answer on every scale"),
            "duplicate": _("{count} were the same interview again"),
        }
        counts = {fault: int(self.flags[fault].sum()) for fault in self.excluded}
        return [messages[fault].format(count=by_name("count", count)) for fault, count in counts.items() if count]


def check(
    seconds: pd.Series,
    scales: pd.DataFrame,
    fingerprints: pd.Series,
    *,
    minimum_seconds: int,
    exclude: Sequence[Fault] = LEFT_OUT,
) -> Quality:
    """Find interviews not to be trusted; none is dropped here.

    Args:
        seconds: Time each respondent took, >= 0.
        scales: One row per respondent, one column per scale question; missing where not answered.
        fingerprints: What tells an interview from another, missing where nothing was answered; the first of several
            alike is kept.
        minimum_seconds: Shortest time taken at its word.
        exclude: Faults for which `kept` is false. A fault that only some could commit (the scales were shown only to
            those who know us) must not be among them: leaving those out would bias who is left.

    Raises:
        DataError: A time is negative or missing.
    """
    strange = int((~(seconds >= 0)).sum())
    if strange:
        raise DataError(
            _("seconds: {found} of {n} values are negative or missing; must be >= 0.").format(
                found=strange, n=len(seconds)
            )
        )
    flags = pd.DataFrame(
        {
            "speeder": seconds < minimum_seconds,
            "straight_liner": straight_lines(scales),
            "duplicate": fingerprints.duplicated() & fingerprints.notna(),
        }
    )
    return Quality(flags=flags, excluded=tuple(exclude), minimum_seconds=minimum_seconds)


def straight_lines(scales: pd.DataFrame, *, least: int = 4) -> pd.Series:
    """Tell who gave the same answer on every scale.

    Args:
        scales: One row per respondent, one column per scale question; missing where not answered.
        least: Scales answered below which nobody is accused.
    """
    answered = scales.notna().sum(axis=1)
    return (answered >= least) & (scales.max(axis=1) == scales.min(axis=1))
