import pandas as pd
import pytest
from tests.survey.conftest import choices

from marketbook.kit.errors import DataError
from marketbook.survey import Comparison, SurveyDesign, compare


def known(share: float, n: int = 500) -> list[float]:
    return [float(i < share * n) for i in range(n)]


def comparison(**shares: float) -> Comparison:
    answers = choices(**{name: known(share) for name, share in shares.items()})
    return compare(SurveyDesign.of(answers.table), answers, "ours")


def test_a_brand_behind_is_told_how_far() -> None:
    assert comparison(ours=0.4, big=0.6, small=0.2).text == (
        "40.0% [35.8%, 44.4%] of the market know Ours: place 2 of 3, 20.0 points [16.5, 23.5] behind Big."
    )


def test_a_leader_is_told_by_how_much() -> None:
    found = comparison(ours=0.6, next=0.4, last=0.1)
    assert found.text.endswith("place 1 of 3, 20.0 points [16.5, 23.5] ahead of Next.")
    assert found.options["option"].tolist() == ["Ours", "Next", "Last"]


def test_a_tie_is_called_one() -> None:
    answers = choices(ours=[1.0, 0.0] * 50, other=[0.0, 1.0] * 49 + [1.0, 1.0])
    found = compare(SurveyDesign.of(answers.table), answers, "ours")
    assert found.text.endswith("place 2 of 2, level with Other within the margin of error.")


def test_it_needs_another_option() -> None:
    answers = choices(ours=known(0.4))
    with pytest.raises(DataError, match="Q1 has a single option"):
        compare(SurveyDesign.of(answers.table), answers, "ours")


def test_it_names_the_options_there_are() -> None:
    answers = choices(ours=known(0.4), other=known(0.4))
    with pytest.raises(DataError, match="Q1 has no option x; its options are ours, other"):
        compare(SurveyDesign.of(pd.DataFrame(answers.table)), answers, "x")
