"""Answers as methods take them: one row per respondent, missing where the question was not asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _


@dataclass(frozen=True, eq=False)
class Choices:
    """Who chose which option of a question.

    Attributes:
        question: The question's code.
        wording: The question as it was asked.
        wordings: Each option's wording by its code, in the questionnaire's order.
        table: One row per respondent, one column per option; 1 chosen, 0 not, missing where not asked.
    """

    question: str
    wording: str
    wordings: Mapping[str, str]
    table: pd.DataFrame

    def among(self, kept: pd.Series) -> Self:
        """Return the answers of some respondents only; the others count as not asked."""
        table = self.table.copy()
        table.loc[~kept.to_numpy(bool)] = np.nan
        return replace(self, table=table)

    def only(self, options: Sequence[str]) -> Self:
        """Return the answers with some of the options, in the questionnaire's order.

        Raises:
            DataError: The question has no such option.
        """
        wanted = {option for option in options if self[option] is not None}
        wordings = {option: wording for option, wording in self.wordings.items() if option in wanted}
        return replace(self, wordings=wordings, table=self.table[list(wordings)])

    def __getitem__(self, option: str) -> pd.Series:
        """Return one option's column.

        Raises:
            DataError: The question has no such option; the message lists those it has.
        """
        if option not in self.table.columns:
            raise DataError(
                _("option: {question} has no option {option}; its options are {known}.").format(
                    question=self.question, option=option, known=", ".join(self.table.columns)
                )
            )
        return self.table[option]


@dataclass(frozen=True, eq=False)
class Scores:
    """The numbers given to a question.

    Attributes:
        question: The question's code.
        wording: The question as it was asked.
        values: One per respondent; missing where not answered.
    """

    question: str
    wording: str
    values: pd.Series

    def among(self, kept: pd.Series) -> Self:
        """Return the answers of some respondents only; the others count as not asked."""
        return replace(self, values=self.values.where(kept))

    def recommendation(self) -> pd.Series:
        """Return +100 for a promoter (9 or 10), -100 for a detractor (0 to 6) and 0 between: their mean is the NPS.

        Raises:
            DataError: An answer is not in 0 to 10.

        References:
            Reichheld (2003), Harvard Business Review 81(12), 46-54.
        """
        strange = self.values[(self.values < 0) | (self.values > 10)]
        if len(strange):
            raise DataError(
                _("{question}: {found} answers are not in 0 to 10, the first is {value}.").format(
                    question=self.question, found=len(strange), value=strange.iloc[0]
                )
            )
        points = np.select([self.values >= 9, self.values <= 6, self.values.notna()], [100.0, -100.0, 0.0], np.nan)
        return pd.Series(points, index=self.values.index)
