"""Moments from the database are those of the rows, and add up."""

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from marketbook.campaign.moments import aggregate, measure, unpack


def test_one_pass_of_the_database_gives_the_moments_of_the_rows(users: pd.DataFrame) -> None:
    table = ibis.duckdb.connect().create_table("users", pa.Table.from_pandas(users))
    rows = aggregate(table, ["variant"], {name: table[name] for name in ("revenue", "orders", "before")})
    found = unpack(rows.iloc[1], ("revenue", "orders", "before"))
    wanted = measure(users.loc[users["variant"] == 1, ["revenue", "orders", "before"]])
    assert found.n == wanted.n
    np.testing.assert_allclose(found.mean, wanted.mean)
    np.testing.assert_allclose(found.cov, wanted.cov)


def test_the_moments_of_two_groups_add_up_to_those_of_all(users: pd.DataFrame) -> None:
    values = users[["revenue", "orders"]]
    whole, parts = measure(values), measure(values[:700]) + measure(values[700:])
    assert parts.n == whole.n
    np.testing.assert_allclose(parts.mean, whole.mean)
    np.testing.assert_allclose(parts.cov, whole.cov)


def test_amounts_far_from_zero_lose_no_variance() -> None:
    table = ibis.memtable(pa.table({"g": [1, 1, 1], "x": [1e9, 1e9 + 1, 1e9 + 2]}))
    rows = aggregate(table, ["g"], {"x": table.x})
    assert unpack(rows.iloc[0], ("x",)).cov[0, 0] == pytest.approx(1.0)
