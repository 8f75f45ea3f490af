import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.segmentation.movement import GONE, LOWER, SLIPPING, STAYED, follow_champions


def histories() -> pd.DataFrame:
    best = np.arange(100)
    return pd.DataFrame(
        {"customer_id": best, "recency_days": 100 - best, "n_purchases": best, "revenue_minor": best * 1000}
    )


def test_each_champion_is_in_the_state_it_was_put_in() -> None:
    before = histories()  # champions: 60 to 99
    now = before[before.customer_id < 90].copy()  # 10 gone
    now.loc[now.customer_id >= 80, "recency_days"] = 300  # 10 slipping
    now.loc[now.customer_id.between(75, 79), "revenue_minor"] = 1000  # 5 lower
    found = follow_champions(before, now)
    assert dict(zip(found.states.state, found.states.n, strict=True)) == {STAYED: 15, LOWER: 5, SLIPPING: 10, GONE: 10}
    assert found.share_slipping == 0.5
    assert found.revenue_change_minor == -1000 * sum(range(90, 100))


def test_nobody_moves_when_nothing_changes() -> None:
    found = follow_champions(histories(), histories())
    assert found.states.n.tolist() == [40, 0, 0, 0]
    assert (found.revenue_change_minor, found.n_risen) == (0, 0)
    assert found.text.endswith("no revenue was lost with them yet.")


def test_who_rose_is_counted_with_what_they_spend_more() -> None:
    now = histories()
    now.loc[0, ["recency_days", "n_purchases", "revenue_minor"]] = [1, 90, 70_000]
    found = follow_champions(histories(), now)
    assert (found.n_risen, found.revenue_risen_minor) == (1, 70_000)


def test_the_money_interval_holds_the_money() -> None:
    found = follow_champions(histories(), histories().iloc[:85])
    low, high = found.revenue_change_minor_ci
    assert low < found.revenue_change_minor < high < 0


def test_without_champions_there_is_nobody_to_follow() -> None:
    with pytest.raises(DataError, match="none of 100 customers was a champion"):
        follow_champions(histories().assign(n_purchases=1), histories())
