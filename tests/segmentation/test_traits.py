import numpy as np
import pandas as pd

from marketbook.kit.language import speaking
from marketbook.segmentation.traits import TRAITS, describe, name_groups, standardise, traits


def centre(**values: float) -> dict[str, float]:
    return {trait: values.get(trait, 0.0) for trait in TRAITS}


def test_more_is_more() -> None:
    profiles = pd.DataFrame(
        {
            "n_purchases": [1, 9],
            "spend_minor": [100, 9000],
            "recency_days": [300, 0],
            "n_categories": [1, 4],
            "share_sale_season": [0.0, 1.0],
        }
    )
    assert (traits(profiles).diff().iloc[1] > 0).all()


def test_a_constant_trait_becomes_nought() -> None:
    assert standardise(pd.DataFrame({"a": [3.0, 3.0]})).a.tolist() == [0, 0]


def test_names_are_unique_and_fit() -> None:
    centres = pd.DataFrame(
        [centre(sale_season=2), centre(sale_season=2, frequency=1), centre(freshness=-1, frequency=-0.6)]
    )
    names = name_groups(centres)
    assert len(set(names)) == 3
    assert names[2] == "Lapsing customers"


def test_a_name_needs_its_leading_trait() -> None:
    names = name_groups(pd.DataFrame([centre(freshness=-0.3, frequency=0.2, breadth=0.2)]))
    assert names == ["not seen lately, buys often"]


def test_a_group_like_no_ready_name_is_described() -> None:
    centres = pd.DataFrame([centre(sale_season=-1, breadth=0.2)])
    assert name_groups(centres) == ["buys outside the great sales, many categories"]


def test_ten_average_groups_have_different_names() -> None:
    names = name_groups(pd.DataFrame([centre() for _ in range(10)]))
    assert len(set(names)) == 10


def test_a_description_speaks_chinese() -> None:
    with speaking("zh_Hans"):
        assert describe(pd.Series({"frequency": 1.0, "freshness": -2.0})) == "近期未购、购买频繁"


def test_naming_does_not_depend_on_the_order() -> None:
    random = np.random.default_rng(2)
    centres = pd.DataFrame(random.normal(size=(6, len(TRAITS))), columns=list(TRAITS))
    there, back = name_groups(centres), name_groups(centres.iloc[::-1])
    assert there == back[::-1]
