import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.segmentation.reach import locate


def customers(**shares: float) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {"source": name, "segment": np.where(np.arange(1000) < share * 1000, "best", "rest"), "revenue_minor": 100}
        )
        for name, share in shares.items()
    ]
    return pd.concat(frames, ignore_index=True)


def test_it_finds_the_source_richest_in_the_segment() -> None:
    found = locate(customers(video=0.1, search=0.3, friends=0.2), "best")
    assert found.places.place.tolist() == ["search", "friends", "video"]
    assert found.places.share_of_segment.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert found.text.startswith('By acquisition channel, "best" are most frequent in search')


def test_it_says_when_no_source_stands_out() -> None:
    assert "are spread evenly" in locate(customers(video=0.2, search=0.2), "best").text


def test_one_place_of_many_is_not_best_by_chance() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame({"source": random.integers(0, 31, 6000).astype(str), "revenue_minor": 1})
    frame["segment"] = np.where(random.random(6000) < 0.2, "best", "rest")
    assert "are spread evenly" in locate(frame, "best").text


def test_small_places_and_unknown_ones_are_left_out() -> None:
    frame = customers(video=0.2, search=0.3)
    frame.loc[:979, "source"] = None
    assert locate(frame, "best").places.place.tolist() == ["search"]


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(DataError, match="no customer is in segment 'first'; there are best, rest"):
        locate(customers(video=0.2), "first")


def test_an_attribute_known_of_too_few_is_refused() -> None:
    with pytest.raises(DataError, match="no value of source has 30 customers; found 20"):
        locate(customers(video=0.5).iloc[490:510], "best")
