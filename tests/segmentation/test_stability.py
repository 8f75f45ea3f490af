from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.reference.segmentation import IRIS_RAND, IRIS_TABLE, VACMOT_RAND
from threadpoolctl import threadpool_limits

from marketbook.kit.errors import DataError
from marketbook.segmentation.stability import StabilityResult, adjusted_rand, assess_stability, nearest
from marketbook.segmentation.traits import standardise


def blobs(per_blob: int = 200, spread: float = 0.3) -> tuple[pd.DataFrame, np.ndarray]:
    centres = np.array([[0, 0, 0], [4, 0, 1], [0, 4, 2], [4, 4, 3], [2, 2, 8]], float)
    truth = np.repeat(np.arange(5), per_blob)
    values = centres[truth] + np.random.default_rng(3).normal(0, spread, (len(truth), 3))
    return pd.DataFrame(values, columns=list("abc")), truth


def rand_with(result: StabilityResult, values: pd.DataFrame, truth: np.ndarray) -> float:
    return float(adjusted_rand_score(truth, nearest(values.to_numpy(), result.chosen.centres)))


def test_it_finds_blobs_and_their_number() -> None:
    values, truth = blobs()
    found = assess_stability(values, seed=1)
    assert (found.k, found.stable) == (5, True)
    assert rand_with(found, values, truth) > 0.95


def test_it_finds_no_stable_groups_in_noise() -> None:
    noise = pd.DataFrame(np.random.default_rng(5).normal(size=(1000, 5)))
    found = assess_stability(noise, seed=1, resamples=10)
    assert not found.stable
    assert found.text.startswith("No number of segments is stable")


def test_it_does_not_depend_on_the_number_of_threads() -> None:
    values, _truth = blobs(spread=1.5)
    with threadpool_limits(limits=1):
        one = assess_stability(values, numbers=[4], resamples=5, seed=1)
    two = assess_stability(values, numbers=[4], resamples=5, seed=1)
    assert (one.chosen.centres == two.chosen.centres).all()
    assert (one.chosen.overlaps == two.chosen.overlaps).all()


def test_iris_holds_still_as_three_species(reference_data: Callable[[str], Path]) -> None:
    iris = pd.read_csv(reference_data("segmentation/iris.csv"))
    found = assess_stability(iris.drop(columns="Species"), numbers=[2, 3, 4, 5, 6], resamples=50, seed=1)
    assert found.k == 3
    species = pd.factorize(iris.Species)[0]
    assert rand_with(found, iris.drop(columns="Species"), species) == pytest.approx(IRIS_RAND, abs=0.02)


def test_old_faithful_holds_still_as_two(reference_data: Callable[[str], Path]) -> None:
    values = standardise(pd.read_csv(reference_data("segmentation/faithful.csv")))
    found = assess_stability(values, numbers=[2, 3, 4, 5, 6], resamples=50, seed=1)
    assert found.k == 2
    assert found.chosen.rand.mean() > 0.95


def test_travel_motives_resemble_the_published_segments(reference_data: Callable[[str], Path]) -> None:
    frame = pd.read_csv(reference_data("segmentation/vacmot.csv"))
    found = assess_stability(frame.drop(columns="vacmot6").astype(float), numbers=[6], resamples=5, seed=1)
    published = pd.factorize(frame.vacmot6)[0]
    assert rand_with(found, frame.drop(columns="vacmot6"), published) == pytest.approx(VACMOT_RAND, abs=0.02)


def test_the_rand_index_of_iris_follows_from_its_table() -> None:
    assert adjusted_rand(np.array(IRIS_TABLE, float)) == pytest.approx(IRIS_RAND, abs=5e-5)


def test_the_rand_index_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    one, other = random.integers(0, 4, 500), random.integers(0, 4, 500)
    other[:300] = one[:300]
    table = np.bincount(one * 4 + other, minlength=16).reshape(4, 4).astype(float)
    assert adjusted_rand(table) == pytest.approx(adjusted_rand_score(one, other))


def test_a_larger_sample_than_asked_for_is_cut() -> None:
    values, truth = blobs(2000)
    found = assess_stability(values, numbers=[5], sample_size=500, resamples=5, seed=1)
    assert rand_with(found, values, truth) > 0.95


def test_customers_all_alike_cannot_be_grouped() -> None:
    with pytest.raises(DataError, match="1 different customers; at least 3 are needed for 3 segments"):
        assess_stability(pd.DataFrame({"a": [1.0] * 50}), numbers=[2, 3])


def test_a_missing_trait_is_refused() -> None:
    with pytest.raises(DataError, match="1 of 3 customers have a missing trait"):
        assess_stability(pd.DataFrame({"a": [1.0, 2.0, None]}), numbers=[2])
