"""Histories of several geos, read from rows that name their geo."""

import pandas as pd

from marketbook.budget.history import History
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.kit.language import gettext as _


def read_geos(facts: Facts, *, weeks: int | None = None) -> dict[str, History]:
    """Read what a model of several geos learns from, for `fit_geos`.

    Args:
        facts: Where `geo_media_weeks` and `geo_sales_weeks` are kept.
        weeks: Count of weeks of sales up to the last; media before them are carried in. None: all there are.

    Returns:
        Sales and media in yuan by geo: events by name, the price index less 1; a channel without a row spent nothing.
        Empty where there is neither dataset.

    Raises:
        DataError: One dataset is missing, rows appear twice, or a geo has media but no sales, or sales but no media.
    """
    if not any(facts.exists(name) for name in ("geo_media_weeks", "geo_sales_weeks")):
        return {}
    media, sales = facts.read("geo_media_weeks"), facts.read("geo_sales_weeks")
    found = histories_of(
        sales.assign(revenue=sales["revenue_minor"] / 100).drop(columns=["revenue_minor"]),
        media.assign(spend=media["spend_minor"] / 100),
        currency=settings().currency,
    )
    return {geo: history.last(weeks) for geo, history in found.items()} if weeks else found


def histories_of(sales: pd.DataFrame, media: pd.DataFrame, *, currency: str = "CNY") -> dict[str, History]:
    """Turn rows that name their geo into one history for each.

    Args:
        sales: One row for each `geo` and `week` with `revenue`; `price_index` and `holiday` where they are known.
        media: One row for each `geo`, `week` and `channel` with `spend`; one that is not there spent nothing.
        currency: Of all amounts.

    Raises:
        DataError: Rows appear twice, or a geo has media but no sales, or sales but no media.
    """
    _check_rows("sales", sales, ["geo", "week"])
    _check_rows("media", media, ["geo", "week", "channel"])
    sold, spent = set(sales["geo"]), set(media["geo"])
    if sold != spent:
        raise DataError(
            _("Geos in sales or media only: {geos}; give both for each.").format(geos=", ".join(sorted(sold ^ spent)))
        )
    channels, holidays = list(dict.fromkeys(media["channel"])), _holidays(sales)
    found = {}
    for geo, rows in sales.groupby("geo", sort=False):
        week = rows.assign(week=pd.to_datetime(rows["week"])).set_index("week").sort_index()
        price = week["price_index"] - 1.0 if "price_index" in week else pd.Series(0.0, week.index)
        marked = pd.DataFrame({name: (week["holiday"] == name).astype(float) for name in holidays}, week.index)
        spend = _spend(media[media["geo"] == geo], channels, week.index)
        controls = price.to_frame("price") if price.any() else week[[]]
        found[str(geo)] = History(week["revenue"].astype(float), spend, controls, marked, currency=currency)
    return found


def _spend(rows: pd.DataFrame, channels: list[str], weeks: pd.Index) -> pd.DataFrame:
    """Return weeks x channels, from the geo's first week of media to its last of sales."""
    wide = rows.assign(week=pd.to_datetime(rows["week"])).pivot(index="week", columns="channel", values="spend")
    known = wide.index.union(weeks)
    return wide.reindex(index=known[known <= weeks.max()], columns=channels).fillna(0.0).astype(float)


def _holidays(sales: pd.DataFrame) -> list[str]:
    if "holiday" not in sales:
        return []
    return list(dict.fromkeys(str(name) for name in sales["holiday"].dropna() if name))


def _check_rows(name: str, rows: pd.DataFrame, key: list[str]) -> None:
    missing = [column for column in key if column not in rows]
    if missing:
        raise DataError(_("{name}: columns {missing} are missing.").format(name=name, missing=", ".join(missing)))
    twice = rows.loc[rows.duplicated(key), key]
    if len(twice):
        first = ", ".join(f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value) for value in twice.iloc[0])
        raise DataError(
            _("{name}: {count} row(s) appear twice, the first of {row}; each must stand once.").format(
                name=name, count=len(twice), row=first
            )
        )
