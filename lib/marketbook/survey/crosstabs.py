"""Crosstab: a question by a banner, in weighted column percents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.survey.answers import Choices
from marketbook.survey.design import SurveyDesign
from marketbook.survey.reading import Reading, noun, of
from marketbook.survey.tables import share_ci, share_table, small_bases

_TITLES = {
    "option": mark("Answer"),
    "share_total": mark("All"),
    "p_value": mark("p-value of no difference"),
    "share_highest": mark("Highest share"),
    "share_lowest": mark("Lowest share"),
    "banner": mark("Group"),
}


@dataclass(frozen=True, eq=False)
class Crosstab(Result):
    """A question by a banner.

    Attributes:
        cells: One row per option and banner group: option, banner, share (of the group), share_low, share_high, n,
            n_effective; option and banner by their wording.
        total: One row per option: option, share, share_low, share_high, n, n_effective.
        banners: The banner's groups in order.
        p_values: By option, of no difference between groups (Wald).
        focus: Wording of the option that the finding speaks of.
        wording: The question.
        reading: What choosing an option means.
        confidence: Confidence level.
    """

    cells: pd.DataFrame
    total: pd.DataFrame
    banners: tuple[str, ...]
    p_values: Mapping[str, float]
    focus: str
    wording: str
    reading: Reading
    confidence: float

    @property
    def titles(self) -> Mapping[str, str]:  # type: ignore[override]
        """Headings: the banner's groups with their bases."""
        bases = self.cells.groupby("banner")["n"].max()
        written = [_("{group} (n={n})").format(group=label(name), n=by_name("n", bases[name])) for name in self.banners]
        groups = {f"share_{i}": heading for i, heading in enumerate(written)}
        return {**_TITLES, "share": noun(self.reading), **groups}

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("{subject} by group").format(subject=self._subject)

    @property
    def text(self) -> str:
        """The finding."""
        p_value = self.p_values[self.focus]
        if p_value >= 1 - self.confidence:
            message = _("{subject} is the same in all groups, as far as {n} respondents can tell.")
            return message.format(subject=self._subject, n=by_name("n", self.total["n"].max()))
        low, high = self.ends
        message = _("{subject} differs by group: {high_share} in {high}, {low_share} in {low} (p-value {p_value}).")
        return message.format(
            subject=self._subject,
            high=label(high["banner"]),
            high_share=share_ci(high),
            low=label(low["banner"]),
            low_share=share_ci(low),
            p_value=by_name("p_value", p_value),
        )

    @property
    def table(self) -> pd.DataFrame:
        """Options down, groups across, in column percents."""
        wide = self.cells.pivot_table(index="option", columns="banner", values="share", sort=False)
        wide = wide[list(self.banners)]
        wide.columns = pd.Index([f"share_{i}" for i in range(len(self.banners))])
        wide.insert(0, "share_total", self.total.set_index("option")["share"])
        return wide.assign(p_value=pd.Series(self.p_values)).reset_index()

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        effective = self.cells.groupby("banner", sort=False)["n_effective"].max().round().astype(int)
        written = _(", ").join(f"{label(name)} {effective[name]}" for name in self.banners)
        bases = self.cells.drop_duplicates("banner")
        return [
            _("Asked: {question}").format(question=label(self.wording)),
            _("Column percents, weighted. Effective bases: {bases}.").format(bases=written),
            _("With many answers side by side some will differ by chance."),
            *small_bases(bases, "banner"),
        ]

    def chart(self) -> Chart:
        """Draw the option spoken of in each group."""
        return Chart(
            kind="bar",
            data=self._focus,
            x="share",
            y="banner",
            low="share_low",
            high="share_high",
            title=self.heading,
            titles={name: _(self.titles[name]) for name in ("share", "banner")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The highest and the lowest group, and whether they differ."""
        low, high = self.ends
        return {
            "share_highest": high["share"],
            "share_highest_ci": (high["share_low"], high["share_high"]),
            "share_lowest": low["share"],
            "share_lowest_ci": (low["share_low"], low["share_high"]),
            "p_value": self.p_values[self.focus],
        }

    @property
    def _subject(self) -> str:
        return of(self.reading, option=label(self.focus))

    @property
    def _focus(self) -> pd.DataFrame:
        return self.cells[self.cells["option"] == self.focus].reset_index(drop=True)

    @property
    def ends(self) -> tuple[pd.Series, pd.Series]:
        """The group with the lowest and the one with the highest share of the option spoken of."""
        rows = self._focus
        return rows.iloc[int(np.argmin(rows["share"]))], rows.iloc[int(np.argmax(rows["share"]))]


def crosstab(
    design: SurveyDesign,
    choices: Choices,
    banner: pd.Series,
    *,
    among: Sequence[str],
    focus: str,
    reading: Reading = "know",
    confidence: float = 0.95,
) -> Crosstab:
    """Cross a question with a banner.

    Args:
        design: Of the respondents.
        choices: Their answers, in the same order.
        banner: The group of each respondent.
        among: The groups, in the order wanted.
        focus: Code of the option that the finding speaks of.
        reading: What choosing it means.
        confidence: Confidence level of the intervals.

    Raises:
        DataError: The question has no such option, or a group no answer.
    """
    _focused = choices[focus]
    rows, p_values = [], {}
    for option, wording in choices.wordings.items():
        shares = design.mean_by(choices.table[option], banner, among=among)
        rows.append(share_table(shares, among, item="banner", confidence=confidence).assign(option=wording))
        p_values[wording] = shares.same()
    total = design.mean(choices.among(banner.isin(list(among))).table)
    return Crosstab(
        cells=pd.concat(rows, ignore_index=True),
        total=share_table(total, list(choices.wordings.values()), item="option", confidence=confidence),
        banners=tuple(among),
        p_values=p_values,
        focus=choices.wordings[focus],
        wording=choices.wording,
        reading=reading,
        confidence=confidence,
    )
