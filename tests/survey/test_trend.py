import numpy as np
import pandas as pd
import pytest
from tests.survey.conftest import choices

from marketbook.kit.errors import DataError
from marketbook.kit.language import speaking
from marketbook.survey import SurveyDesign, Trend, follow


def waves(*shares: float, n: int = 1000) -> tuple[pd.Series, list[float]]:
    names = pd.Series(np.repeat([f"2025Q{i + 1}" for i in range(len(shares))], n))
    return names, [float(i < share * n) for share in shares for i in range(n)]


def trend(*shares: float, before: str | None = None, n: int = 1000) -> Trend:
    names, knows = waves(*shares, n=n)
    return follow(SurveyDesign.of(names.to_frame()), names, choices(acme=knows), "acme", before=before)


def test_a_rise_is_told_with_its_interval() -> None:
    assert trend(0.4, 0.5).text == (
        "In 2025Q2 50.0% [46.9%, 53.1%] of the market know Acme, 10.0 points [5.7, 14.3] more than in 2025Q1."
    )


def test_a_fall_is_told_with_a_positive_number() -> None:
    assert trend(0.5, 0.4).text.endswith("10.0 points [5.7, 14.3] less than in 2025Q1.")


def test_what_chance_could_explain_is_not_called_a_change() -> None:
    assert trend(0.40, 0.41).text.endswith("no clear change from 2025Q1 (1.0 points [-3.3, 5.3]).")


def test_it_compares_with_the_wave_asked_for() -> None:
    found = trend(0.3, 0.4, 0.5, before="2025Q1")
    assert found.numbers()["points_change"] == pytest.approx(20)
    assert "than in 2025Q1" in found.text


def test_one_wave_has_no_change() -> None:
    found = trend(0.4)
    assert found.text == "In 2025Q1 40.0% [37.0%, 43.1%] of the market know Acme."
    assert "points_change" not in found.numbers()


def test_the_change_of_independent_samples_has_the_textbook_error() -> None:
    found = trend(0.4, 0.5)
    assert found.change is not None
    assert found.change.se == pytest.approx((0.24 / 1000 + 0.25 / 1000) ** 0.5, rel=0.002)


def test_it_is_written_in_chinese() -> None:
    with speaking("zh_Hans"):
        text = trend(0.4, 0.5).text
    assert text == "2025Q2，市场中有50.0% [46.9%, 53.1%] 的人知道Acme，比2025Q1高10.0个百分点 [5.7, 14.3]。"


def test_the_change_is_found_as_often_as_promised() -> None:
    rng, held = np.random.default_rng(9), []
    names = pd.Series(np.repeat(["1", "2"], 300))
    design = SurveyDesign.of(names.to_frame())
    for _ in range(200):
        knows = (rng.random(600) < np.repeat([0.4, 0.5], 300)).astype(float)
        change = follow(design, names, choices(acme=knows.tolist()), "acme").change
        assert change is not None
        low, high = change.interval(0.9)
        held.append(low <= 0.1 <= high)
    assert 0.84 < np.mean(held) < 0.96


def test_it_names_waves_in_which_the_question_was_asked() -> None:
    with pytest.raises(DataError, match="Q1 was not asked in 2024Q4; it was in 2025Q1, 2025Q2"):
        trend(0.4, 0.5, before="2024Q4")
