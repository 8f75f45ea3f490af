"""The check of the split: a published p-value, a lost part of a group, bad plans."""

import numpy as np
import pytest
from tests.campaign.conftest import shoppers
from tests.reference.campaign import HILLSTROM_SPLIT, HILLSTROM_USERS

from marketbook.campaign import check_sample_ratio
from marketbook.campaign.moments import Moments
from marketbook.kit.errors import DataError


def groups(**counts: int) -> dict[str, Moments]:
    return {name: Moments(n, ("x",), np.zeros(1), np.eye(1)) for name, n in counts.items()}


def test_it_reproduces_the_split_of_hillstroms_test() -> None:
    assert check_sample_ratio(groups(**HILLSTROM_USERS)).p_value == pytest.approx(HILLSTROM_SPLIT, abs=1e-8)


def test_a_lost_part_of_one_group_is_noticed() -> None:
    found = check_sample_ratio(groups(control=6500, coupon=5900))
    assert not found.sound
    assert "not divided as planned" in found.text


def test_an_uneven_plan_is_respected() -> None:
    found = check_sample_ratio(groups(control=900, coupon=100), planned={"control": 9, "coupon": 1})
    assert found.p_value == pytest.approx(1.0)
    assert found.sound


def test_groups_that_bought_differently_before_are_told_of() -> None:
    moments = shoppers(np.random.default_rng(1), 4000)
    moved = moments["coupon"].mean + np.array([0, 0, 0, 0.5, 0])
    moments["coupon"] = Moments(moments["coupon"].n, moments["coupon"].names, moved, moments["coupon"].cov)
    found = check_sample_ratio(moments, before=("orders_before", "revenue_before"))
    assert found.before_p_value < 0.001
    assert "bought differently" in found.caveats[0]


def test_it_refuses_one_variant_alone() -> None:
    with pytest.raises(DataError, match="variant: found control; planned are control; at least two"):
        check_sample_ratio(groups(control=5))


def test_it_refuses_a_plan_for_other_variants() -> None:
    with pytest.raises(DataError, match="planned are control, gift"):
        check_sample_ratio(groups(control=5, coupon=5), planned={"control": 1, "gift": 1})
