"""Purchase histories: what every method of segmentation stands on, aggregated where the transactions lie.

`purchase_history` gives recency, frequency and monetary value and the sufficient statistics of buy-till-you-die models
(x, t_x, T, m); `purchase_style` gives how a customer buys. Both are one Ibis expression, so that DuckDB, PostgreSQL or
Spark do the work.
"""

from datetime import date, timedelta

import ibis

WEEK_DAYS = 7
SALE_SEASONS: tuple[tuple[int, int, int, int], ...] = ((6, 1, 6, 20), (10, 31, 11, 11))
"""First month and day, last month and day of the great sales: 618 and Double 11."""


def purchase_history(transactions: ibis.Table, *, as_of: date, since: date | None = None) -> ibis.Table:
    """Summarise each customer's purchases up to a day.

    A purchase is a day with at least one line whose amount is not negative: several orders of one customer on one day
    count once, as in the literature. A refund (negative amount) lowers the revenue and is no purchase. Customers
    without a purchase in the window are left out.

    Args:
        transactions: One row per order line: `customer_id`, `ordered_at`, `amount_minor`.
        as_of: Last day that is known, included.
        since: First day of the window, included; None: from the beginning.

    Returns:
        One row per customer: `first_on`, `last_on`, `recency_days` (from the last purchase to `as_of`), `n_purchases`,
        `revenue_minor` (net of refunds), `spend_minor` (before refunds), and for buy-till-you-die models `x` (repeat
        purchases), `t_x` and `T` (weeks from the first purchase to the last and to `as_of`) and `m` (mean minor units
        of a repeat purchase, 0 where there is none).

    References:
        Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), "Counting your customers" the easy way, Marketing Science
        24(2), 275-284: (x, t_x, T). Fader, Hardie (2013), The Gamma-Gamma model of monetary value: m.
    """
    days = _purchase_days(_window(transactions, as_of, since))
    first = days.day.min()
    last = days.day.max()
    count = days.day.count()
    summary = days.group_by("customer_id").aggregate(
        first_on=first,
        last_on=last,
        n_purchases=count,
        revenue_minor=days.net.sum(),
        spend_minor=days.gross.sum(),
        first_gross=days.gross.argmin(days.day),
    )
    return _with_times(summary.filter(summary.n_purchases > 0), as_of)


def purchase_style(transactions: ibis.Table, *, as_of: date, since: date | None = None) -> ibis.Table:
    """Summarise how each customer buys: breadth over categories and share of spend in the great sales.

    Args:
        transactions: One row per order line, with `category`.
        as_of: Last day that is known, included.
        since: First day of the window, included; None: from the beginning.

    Returns:
        One row per customer with a purchase: `n_categories` and `share_sale_season` (of spend before refunds; 0 where
        nothing was spent).
    """
    lines = _window(transactions, as_of, since)
    lines = lines.filter(lines.amount_minor >= 0)
    spend = lines.amount_minor.sum()
    in_season = lines.amount_minor.sum(where=_in_sale_season(lines.ordered_at)).fill_null(0)
    return lines.group_by("customer_id").aggregate(
        n_categories=lines.category.nunique(),
        share_sale_season=ibis.cases((spend > 0, in_season / spend), else_=0.0),
    )


def _window(transactions: ibis.Table, as_of: date, since: date | None) -> ibis.Table:
    kept = transactions.filter(transactions.ordered_at < ibis.timestamp((as_of + timedelta(days=1)).isoformat()))
    return kept if since is None else kept.filter(kept.ordered_at >= ibis.timestamp(since.isoformat()))


def _purchase_days(lines: ibis.Table) -> ibis.Table:
    """Sum up a customer's day; `day` and `gross` are missing on a day of refunds alone."""
    lines = lines.mutate(on=lines.ordered_at.date())
    bought = lines.amount_minor >= 0
    days = lines.group_by("customer_id", "on").aggregate(
        net=lines.amount_minor.sum(), gross=lines.amount_minor.sum(where=bought)
    )
    return days.mutate(day=ibis.cases((days.gross.notnull(), days.on), else_=None))


def _with_times(summary: ibis.Table, as_of: date) -> ibis.Table:
    repeats = summary.n_purchases - 1
    repeat_spend = summary.spend_minor - summary.first_gross
    return summary.mutate(
        recency_days=_days_between(summary.last_on, ibis.date(as_of.isoformat())),
        x=repeats,
        t_x=_days_between(summary.first_on, summary.last_on) / WEEK_DAYS,
        T=_days_between(summary.first_on, ibis.date(as_of.isoformat())) / WEEK_DAYS,
        m=ibis.cases((repeats > 0, repeat_spend / repeats), else_=0.0),
    ).drop("first_gross")


def _days_between(start: ibis.Value, end: ibis.Value) -> ibis.Value:
    return end.delta(start, unit="day")


def _in_sale_season(moment: ibis.Value) -> ibis.Value:
    monthday = moment.month() * 100 + moment.day()
    spans = [monthday.between(m1 * 100 + d1, m2 * 100 + d2) for m1, d1, m2, d2 in SALE_SEASONS]
    return ibis.or_(*spans)
