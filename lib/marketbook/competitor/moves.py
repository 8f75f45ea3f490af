"""What moved: prices that changed since a day, and what else competitors did."""

import pandas as pd

from marketbook.competitor.log import SERIES, Log

ORDER = ["price_minor", "currency", "size", "unit", "price_kind", "seen_on", "entry", "per_unit"]


def price_moves(log: Log) -> pd.DataFrame:
    """Return the prices that are not what they were before.

    Args:
        log: The log; its `since` divides before from after.

    Returns:
        One row per price that moved, the deepest fall first: what it is of (`competitor`, `product`, `own_product`,
        `channel`, `currency`, `unit`), the last look before and the last one since (`price_minor`, `size`,
        `price_kind`, `seen_on`, `entry`, each with `_before` and `_after`), and `change_share`.
    """
    since = pd.Timestamp(log.since)
    looks = log.prices
    sides = (looks[looks["seen_on"] < since], looks[looks["seen_on"] >= since])
    then, now = (part.groupby(SERIES, as_index=False).last() for part in sides)
    kept = [one for one in ORDER if one not in SERIES]
    both = then[[*SERIES, *kept]].merge(
        now[[*SERIES, "own_product", *kept]], on=SERIES, suffixes=("_before", "_after")
    )  # fmt: skip
    both = both.assign(change_share=both["per_unit_after"] / both["per_unit_before"] - 1)
    moved = both[both["per_unit_after"] != both["per_unit_before"]]
    return moved.sort_values(["change_share", *SERIES]).reset_index(drop=True)


def news(log: Log) -> pd.DataFrame:
    """Return what else was noted since the day, and what was seen for the first time without being called new.

    Args:
        log: The log.

    Returns:
        One row each, by kind and day: `action`, `competitor`, `product`, `channel`, `seen_on`, `seen`, `entry`.
    """
    looks = log.looks
    fresh = looks[looks["seen_on"] >= pd.Timestamp(log.since)]
    told = fresh[fresh["action"] != "price"]
    promoted = fresh[(fresh["action"] == "price") & (fresh["price_kind"] == "promotion")].assign(action="promotion")
    found = [told, promoted.drop_duplicates(SERIES), *(_first(log, kind) for kind in ("new_product", "new_channel"))]
    shown = ["action", "competitor", "product", "channel", "seen_on", "seen", "entry"]
    return pd.concat(found)[shown].sort_values(["action", "seen_on", "entry"]).reset_index(drop=True)


def _first(log: Log, kind: str) -> pd.DataFrame:
    """Return the first looks at a product, or in a channel, of competitors who were known before."""
    column = {"new_product": "product", "new_channel": "channel"}[kind]
    since, looks = pd.Timestamp(log.since), log.looks
    looks = looks.assign(known_on=looks.groupby("competitor")["seen_on"].transform("min"))
    first = looks[looks[column] != ""].drop_duplicates(["competitor", column])
    fresh = first[(first["seen_on"] >= since) & (first["known_on"] < since)]
    said = log.looks[log.looks["action"] == kind].set_index(["competitor", column]).index
    unsaid = [key not in said for key in zip(fresh["competitor"], fresh[column], strict=True)]
    return fresh[unsaid].assign(action=kind)
