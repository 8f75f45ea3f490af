from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.reference import survey as reference

from marketbook.kit.errors import DataError
from marketbook.survey import check
from marketbook.survey.quality import straight_lines

SECONDS = pd.Series([300, 60, 250, 240])
SCALES = pd.DataFrame({"a": [1.0, 2, 3, 3], "b": [2.0, 4, 3, 3], "c": [5.0, 1, 3, 3], "d": [4.0, 1, 3, 3]})
PRINTS = pd.Series(["p", "q", "r", "r"])


def test_satisfaction_data_has_the_known_straight_liners_and_duplicates(
    reference_data: Callable[[str], Path],
) -> None:
    answers = pd.read_csv(reference_data("survey/customerSat.csv")).astype(float)
    prints = answers.astype(str).agg("|".join, axis=1)
    found = check(pd.Series(300, index=answers.index), answers, prints, minimum_seconds=0).table.set_index("check")
    assert found.loc["Same answer on every scale", "count"] == reference.SATISFACTION_STRAIGHT_LINERS
    assert found.loc["Same interview twice", "count"] == reference.SATISFACTION_DUPLICATES


def test_it_leaves_out_the_rushed_and_the_repeated_and_says_so() -> None:
    found = check(SECONDS, SCALES, PRINTS, minimum_seconds=120)
    assert found.kept.tolist() == [True, False, True, False]
    assert found.text == (
        "Of 4 interviews 2 (50.0%) were left out: 1 answered too fast, 1 were the same interview again."
    )


def test_straight_liners_are_counted_but_kept() -> None:
    found = check(SECONDS, SCALES, PRINTS, minimum_seconds=120)
    assert found.table["count"].tolist() == [1, 2, 1]
    assert found.table["handling"].tolist() == ["left out", "kept", "left out"]
    assert "counted but kept" in found.caveats[1]


def test_what_is_left_out_can_be_chosen() -> None:
    found = check(SECONDS, SCALES, PRINTS, minimum_seconds=0, exclude=["straight_liner"])
    assert found.kept.tolist() == [True, True, False, False]


def test_a_clean_sample_is_kept_whole() -> None:
    found = check(SECONDS, SCALES, pd.Series(list("pqrs")), minimum_seconds=0)
    assert found.text == "All 4 interviews were kept."


def test_it_reports_one_wave() -> None:
    found = check(SECONDS, SCALES, PRINTS, minimum_seconds=120).among(pd.Series([True, True, False, False]))
    assert found.numbers() == {"count_excluded": 1, "share_excluded": 0.5, "n": 2}


def test_few_scales_accuse_nobody() -> None:
    assert not straight_lines(SCALES[["a", "b", "c"]]).any()


def test_it_names_negative_times() -> None:
    with pytest.raises(DataError, match="seconds: 1 of 4 values are negative or missing"):
        check(SECONDS.replace(60, -5), SCALES, PRINTS, minimum_seconds=120)
