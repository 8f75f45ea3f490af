"""Lift tests in stated units: what was measured, turned into revenue and spend of each period of the whole country."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from marketbook.budget.history import LIFT_COLUMNS, WEEK
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

Per = Literal["day", "week", "test"]
Outcome = Literal["revenue", "conversions"]

STATED = ("channel", "days", "per", "outcome", "revenue_per_conversion", "covered_share", "spend", "added_spend",
          "lift", "lift_se")  # fmt: skip
"""Columns of lift tests in stated units; `per` may be missing (week), and so may all between it and `spend`."""

_AMOUNTS = ("spend", "added_spend", "lift", "lift_se")
_DAYS = {"day": 1.0, "week": float(WEEK)}


def in_model_units(tests: pd.DataFrame, *, period_days: int = WEEK, full_effect: bool = False) -> pd.DataFrame:
    """Turn lift tests as they were measured into those that a `History` holds.

    Args:
        tests: One row for each test: `channel`; `days` (its length); `per`: `day`, `week` or `test`, what the amounts
            are for (missing: week); `outcome`: `revenue` or `conversions` (missing: revenue), what `lift` and `lift_se`
            count; `revenue_per_conversion`, where conversions were counted; `covered_share`: of the country that the
            test covered, 0 to 1, whose amounts are then scaled up (missing: 1, national); `spend` before,
            `added_spend`, `lift` and its standard error `lift_se`.
        period_days: Days of the history's periods: 7 or 1.
        full_effect: Whether the effect is that of a spend that goes on, not of the test's own days.

    Returns:
        Tests in the columns of a history, amounts in currency for each period of the whole country.

    Raises:
        DataError: A unit is unknown, or what it needs is missing; or a number cannot be.

    Example:
        >>> test = {"channel": "TV", "days": 28, "per": "test", "spend": 400.0, "added_spend": 200.0, "lift": 800.0,
        ...         "lift_se": 100.0, "covered_share": 0.5}
        >>> in_model_units(pd.DataFrame([test])).loc[0, ["weeks", "spend", "lift", "lift_se"]].astype(float).tolist()
        [4.0, 200.0, 400.0, 50.0]
    """
    given = _filled(tests)
    _check(given)
    length = given["days"].astype(float)
    days = length.where(given["per"] == "test", given["per"].map(_DAYS))
    worth = np.where(given["outcome"] == "conversions", given["revenue_per_conversion"].astype(float), 1.0)
    scale = period_days / days / given["covered_share"].astype(float)
    amounts = given[list(_AMOUNTS)].astype(float).mul(scale, axis=0)
    amounts[["lift", "lift_se"]] = amounts[["lift", "lift_se"]].mul(worth, axis=0)
    weeks = np.nan if full_effect else np.maximum((length / period_days).round(), 1.0)
    return amounts.assign(channel=given["channel"], weeks=weeks)[list(LIFT_COLUMNS)]


def in_periods(tests: pd.DataFrame, *, was: int, now: int) -> pd.DataFrame:
    """Turn a history's lift tests from periods of some days into periods of others.

    Args:
        tests: In the columns of a history.
        was: Days of the periods that amounts are for.
        now: Days of the periods that they should be for.

    Example:
        >>> test = {"channel": "TV", "weeks": 4, "spend": 700.0, "added_spend": 350.0, "lift": 1400.0, "lift_se": 70.0}
        >>> in_periods(pd.DataFrame([test]), was=7, now=1).iloc[0, 1:].astype(float).tolist()
        [28.0, 100.0, 50.0, 200.0, 10.0]
    """
    amounts = tests[list(_AMOUNTS)].astype(float) * now / was
    return tests.assign(weeks=tests["weeks"].astype(float) * was / now, **amounts)[list(LIFT_COLUMNS)]


def _filled(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the tests with all columns, and what is meant where one is missing."""
    missing = [name for name in ("channel", "days", *_AMOUNTS) if name not in tests]
    if missing:
        raise DataError(_("Lift tests: columns {missing} are missing.").format(missing=", ".join(missing)))
    unknown = [str(name) for name in tests if name not in STATED]
    if unknown:
        raise DataError(
            _("Lift tests: columns {unknown} are unknown; known are {known}.").format(
                unknown=", ".join(unknown), known=", ".join(STATED)
            )
        )
    meant = {"per": "week", "outcome": "revenue", "covered_share": 1.0}
    return tests.reindex(columns=list(STATED)).astype(object).fillna(meant).reset_index(drop=True)


def _check(given: pd.DataFrame) -> None:
    for name, allowed in (("per", get_args(Per)), ("outcome", get_args(Outcome))):
        wrong = given.loc[~given[name].isin(allowed), name]
        if len(wrong):
            _refuse(wrong.index[0], name, wrong.iloc[0], ", ".join(allowed))
    numbers = given[["days", "covered_share", *_AMOUNTS]].apply(pd.to_numeric, errors="coerce")
    _check_each(given, "days", numbers["days"] >= 1, ">= 1")
    _check_each(given, "covered_share", numbers["covered_share"].between(0, 1, inclusive="right"), "> 0, <= 1")
    _check_each(given, "spend", numbers["spend"] >= 0, ">= 0")
    _check_each(given, "added_spend", numbers["added_spend"].ne(0) & numbers["added_spend"].notna(), "!= 0")
    _check_each(given, "added_spend", numbers["spend"] + numbers["added_spend"] >= 0, ">= -spend")
    _check_each(given, "lift", numbers["lift"].notna(), "a number")
    _check_each(given, "lift_se", numbers["lift_se"] > 0, "> 0")
    worth = pd.to_numeric(given["revenue_per_conversion"], errors="coerce")
    _check_each(given, "revenue_per_conversion", (given["outcome"] != "conversions") | (worth > 0), "> 0")


def _check_each(given: pd.DataFrame, name: str, fine: pd.Series, allowed: str) -> None:
    wrong = given.loc[~fine, name]
    if len(wrong):
        _refuse(wrong.index[0], name, wrong.iloc[0], allowed)


def _refuse(row: int, name: str, found: object, allowed: str) -> None:
    raise DataError(
        _("Lift tests, row {row}: {name} is {found}; allowed: {allowed}.").format(
            row=row + 1, name=name, found=found, allowed=allowed
        )
    )
