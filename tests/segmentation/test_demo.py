"""The demo company's latent types of customer, as far as one year of purchases can tell them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from marketbook import demo
from marketbook.kit.facts import Facts
from marketbook.segmentation.buying import describe_buying
from marketbook.segmentation.cluster import SegmentsResult, form_segments
from marketbook.segmentation.data import profiles
from marketbook.segmentation.stability import assess_stability
from marketbook.segmentation.traits import standardise, traits


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[SegmentsResult, pd.Series]:
    facts = Facts(tmp_path_factory.mktemp("facts"))
    demo.make(facts, size=0.25)
    people = profiles(facts, as_of=date(2025, 12, 31), months=12)
    values = standardise(traits(people))
    segments = form_segments(people, values, assess_stability(values, seed=1), seed=1)
    truth = demo.Truth.read(facts)
    names = np.array([kind.english for kind in truth.segments])
    types = pd.Series(names[[int(digit) for digit in truth.customer_types]], facts.read("customers").customer_id)
    return segments, types.loc[people.customer_id].reset_index(drop=True)


def share_of(types: pd.Series, name: str, where: pd.Series) -> float:
    return float((types[where] == name).mean())


def test_the_segments_hold_still(found: tuple[SegmentsResult, pd.Series]) -> None:
    assert found[0].stable
    assert found[0].segments.share_overlap.min() >= 0.85


def test_frequent_loyals_gather_in_the_segment_that_brings_most(found: tuple[SegmentsResult, pd.Series]) -> None:
    segments, types = found
    top = segments.customers.segment == segments.top.segment
    assert share_of(types, "Frequent loyals", top) > 2.5 * share_of(types, "Frequent loyals", top | True)


def test_stockpilers_gather_where_the_great_sales_weigh_most(found: tuple[SegmentsResult, pd.Series]) -> None:
    segments, types = found
    season = describe_buying(segments.customers).segments.set_index("segment").share_sale_season.idxmax()
    mine = segments.customers.segment == season
    assert share_of(types, "Sale stockpilers", mine) > 1.5 * share_of(types, "Sale stockpilers", mine | True)


def test_segments_tell_more_of_the_types_than_chance(found: tuple[SegmentsResult, pd.Series]) -> None:
    segments, types = found
    # types overlap in one year of purchases: most customers bought once or twice, so that agreement stays low
    assert adjusted_rand_score(types, segments.customers.segment) > 0.05
