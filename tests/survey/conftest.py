"""Survey data that several tests share: the API samples, and small samples drawn from a known population."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from marketbook.survey import Choices, SurveyDesign


@pytest.fixture
def stratified(reference_data: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(reference_data("survey/apistrat.csv"))


@pytest.fixture
def one_stage(reference_data: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(reference_data("survey/apiclus1.csv"))


@pytest.fixture
def two_stage(reference_data: Callable[[str], Path]) -> pd.DataFrame:
    return pd.read_csv(reference_data("survey/apiclus2.csv"))


@pytest.fixture
def one_stage_design(one_stage: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.of(one_stage, weights="pw", clusters=["dnum"], populations=["fpc"])


def targets(variable: str, shares: Mapping[str, float], measure: str = "share") -> pd.DataFrame:
    return pd.DataFrame({"variable": variable, "category": list(shares), measure: list(shares.values())})


def draw(rng: np.random.Generator, n: int = 400) -> pd.DataFrame:
    """Draw a sample with too many women and young, of a population where half are women and half young."""
    frame = pd.DataFrame(
        {"gender": rng.choice(["女", "男"], n, p=[0.7, 0.3]), "age": rng.choice(["y", "o"], n, p=[0.6, 0.4])}
    )
    chance = 0.2 + 0.4 * (frame["gender"] == "女") + 0.2 * (frame["age"] == "y")
    return frame.assign(knows=(rng.random(n) < chance).astype(float))


def choices(**columns: list[float]) -> Choices:
    table = pd.DataFrame(columns, dtype=float)
    return Choices("Q1", "Which do you know?", {name: name.title() for name in columns}, table)
