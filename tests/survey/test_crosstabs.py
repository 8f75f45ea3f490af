from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference import survey as reference
from tests.survey.conftest import choices

from marketbook.kit.errors import DataError
from marketbook.survey import Choices, SurveyDesign, crosstab

TIERS = pd.Series(["一线"] * 40 + ["二线"] * 60)


def published(file: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each all-men question's column and its published percentages, one row per option."""
    rows = pd.read_csv(file, header=None, skiprows=2, encoding="cp1252")
    rows[0] = rows[0].ffill()
    kept = rows[rows[1].notna() & ~rows[0].str.startswith(("AMONG", "age3"))]
    blocks = kept.groupby(0, sort=False)
    for column, (_question, block) in zip(reference.MASCULINITY_QUESTIONS, blocks, strict=True):
        yield column, block.set_index(1).iloc[:, 1:].apply(lambda cells: cells.str.rstrip("%").astype(float) / 100)


def asked(men: pd.DataFrame, column: str, options: list[str]) -> Choices:
    """One column with each option's text, or one column per option."""
    columns = [column] if column in men else [name for name in men if name.startswith(f"{column}_")]
    table = pd.DataFrame({option: (men[columns] == option).any(axis=1).astype(float) for option in options})
    return Choices(column, column, {option: option for option in options}, table)


def test_every_published_percentage_of_the_masculinity_survey_is_found(reference_data: Callable[[str], Path]) -> None:
    men = pd.read_csv(reference_data("survey/raw-responses.csv"), encoding="cp1252")
    design, seen = SurveyDesign.of(men, weights="weight"), 0
    for column, block in published(reference_data("survey/masculinity-survey.csv")):
        answers, expected = asked(men, column, list(block.index)), iter(block.to_numpy().T)
        found = [design.mean(answers.table).values]
        for banner, among in reference.MASCULINITY_BANNERS:
            table = crosstab(design, answers, men[banner], among=among, focus=block.index[0]).table
            found += [table[f"share_{i}"].to_numpy() for i in range(len(among))]
        for shares, percents in zip(found, expected, strict=True):
            assert shares == pytest.approx(percents, abs=0.00501), column
            seen += len(shares)
    assert seen == reference.MASCULINITY_PERCENTAGES


def test_it_names_the_groups_that_differ() -> None:
    answers = choices(ours=[1.0] * 36 + [0.0] * 4 + [1.0] * 15 + [0.0] * 45)
    found = crosstab(SurveyDesign.of(TIERS.to_frame()), answers, TIERS, among=["一线", "二线"], focus="ours")
    assert found.text.startswith("Awareness of Ours differs by group: 90.0% [")
    assert found.text.endswith("in 二线 (p-value <0.001).")
    assert found.titles["share_1"] == "二线 (n=60)"


def test_it_does_not_make_much_of_chance() -> None:
    answers = choices(ours=[1.0, 0.0] * 50)
    found = crosstab(SurveyDesign.of(TIERS.to_frame()), answers, TIERS, among=["一线", "二线"], focus="ours")
    assert found.text == "Awareness of Ours is the same in all groups, as far as 100 respondents can tell."


def test_small_groups_are_called_indicative() -> None:
    groups = pd.Series(["a"] * 80 + ["b"] * 20)
    found = crosstab(
        SurveyDesign.of(groups.to_frame()), choices(ours=[1.0, 0.0] * 50), groups, among=["a", "b"], focus="ours"
    )
    assert "Indicative only, with fewer than 30 respondents: b." in found.caveats


def test_column_percents_of_a_single_response_sum_to_one() -> None:
    picked = np.random.default_rng(1).integers(0, 2, 100).astype(float)
    answers = choices(ours=picked.tolist(), other=(1 - picked).tolist())
    table = crosstab(SurveyDesign.of(TIERS.to_frame()), answers, TIERS, among=["一线", "二线"], focus="ours").table
    assert table[["share_total", "share_0", "share_1"]].sum().tolist() == pytest.approx([1, 1, 1])


def test_it_names_an_option_that_is_not_there() -> None:
    with pytest.raises(DataError, match="option: Q1 has no option x; its options are ours"):
        crosstab(SurveyDesign.of(TIERS.to_frame()), choices(ours=[1.0] * 100), TIERS, among=["一线"], focus="x")
