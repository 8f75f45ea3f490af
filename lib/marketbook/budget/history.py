"""The history that a response model learns from, and the checks at its door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]

WEEK, DAY = 7, 1
"""Days of a period: a history is by week or by day."""

COLLINEAR = 0.98
"""Two channels whose spend is correlated more than this cannot be told apart."""

SUMS_UP = 0.995
"""A channel that the others predict better than this (multiple correlation) cannot be told from them."""

FAR = 20
"""A lift test at more than this many times a channel's highest week was measured in other units."""

LIFT_COLUMNS = ("channel", "weeks", "spend", "added_spend", "lift", "lift_se")


@dataclass(frozen=True)
class History:
    """Weekly or daily sales and media of one company; amounts in major units of one currency.

    Which of the two is told by the dates of revenue; in a daily history, what is said of weeks holds for days.

    Attributes:
        revenue: One amount a week, indexed by the week's first day.
        spend: Weeks x channels; may begin before the first week of revenue, which then is carried in.
        controls: Weeks x controls: what else moved sales, by how much (a price above its usual level, say).
        events: Weeks x events, 1 where the event was on.
        lift_tests: One row for each test: `channel`, `weeks` (its length; missing: until the effect is full),
            `spend` and `added_spend` a week, `lift` (revenue added a week) and its standard error `lift_se`.
        currency: ISO code.
        currencies: ISO code of what is not in `currency`, by name (`revenue` or a channel); must be empty for a fit.
    """

    revenue: pd.Series
    spend: pd.DataFrame
    controls: pd.DataFrame
    events: pd.DataFrame
    lift_tests: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LIFT_COLUMNS)))
    currency: str = "CNY"
    currencies: Mapping[str, str] = field(default_factory=dict)

    @property
    def channels(self) -> list[str]:
        """The channels' names."""
        return [str(name) for name in self.spend.columns]

    @property
    def weeks(self) -> pd.DatetimeIndex:
        """The weeks of revenue."""
        return pd.DatetimeIndex(self.revenue.index)

    @property
    def period_days(self) -> int:
        """Days of each period: the most common distance of two dates; 7 of a weekly history, 1 of a daily one."""
        return _spacing(self.weeks)

    @property
    def periods_a_year(self) -> int:
        """Count of periods that make a year: 52 weeks, or 364 days, which are whole weeks."""
        return 52 * WEEK // self.period_days

    @property
    def week_starts(self) -> pd.DatetimeIndex:
        """First day of each whole week, counted back from the last day; of a weekly history, its weeks."""
        each = WEEK // self.period_days
        return self.weeks[len(self.weeks) % each :: each]

    def in_weeks(self, amounts: Array) -> Array:
        """Add up periods (last axis, up to the last one) to whole weeks: a daily history is told in weeks, too."""
        each = WEEK // self.period_days
        whole = amounts[..., amounts.shape[-1] % each :]
        found: Array = whole.reshape(*whole.shape[:-1], -1, each).sum(axis=-1) if each > 1 else amounts
        return found

    @property
    def media(self) -> pd.DataFrame:
        """Spend in the weeks of revenue."""
        return self.spend.loc[self.spend.index >= self.weeks[0]]

    @property
    def carry_in(self) -> pd.DataFrame:
        """Spend in the weeks before the first week of revenue."""
        return self.spend.loc[self.spend.index < self.weeks[0]]

    def until(self, count: int) -> "History":
        """Return the first `count` weeks alone; lift tests stay, they are what was known besides."""
        weeks = self.weeks[:count]
        return History(
            revenue=self.revenue.iloc[:count],
            spend=self.spend.loc[: weeks[-1]],
            controls=self.controls.iloc[:count],
            events=self.events.iloc[:count],
            lift_tests=self.lift_tests,
            currency=self.currency,
            currencies=self.currencies,
        )

    def last(self, count: int) -> "History":
        """Return the last `count` weeks alone; spend before them is carried in."""
        return replace(
            self,
            revenue=self.revenue.iloc[-count:],
            controls=self.controls.iloc[-count:],
            events=self.events.iloc[-count:],
        )


def check_history(history: History, *, parameters: int, pooled: bool = False) -> None:
    """Check that a response model can be fitted; what is wrong is named before the fit.

    Args:
        history: Sales and media.
        parameters: Count of parameters that the model has.
        pooled: Whether it is one of several geos: then a channel may be silent here that others use.

    Raises:
        DataError: Dates are neither by week nor by day, missing or given twice; amounts are text, missing, negative or
            in two currencies; a channel appears twice, was never used, never varied or follows from others; revenue
            never varied; a lift test is incomplete; or there are fewer weeks than parameters.
    """
    _check_spacing(history)
    _check_dates(history.weeks)
    _check_dates(pd.DatetimeIndex(history.spend.index))
    _check_currencies(history)
    _check_names(history.spend)
    _check_numbers(history)
    _check_values(history)
    _check_revenue(history.revenue)
    if not pooled:
        check_channels(history.media)
    check_lift_tests(history)
    if len(history.weeks) < parameters:
        raise DataError(
            _(
                "History: {found} weeks for a model of {parameters} parameters; give at least {parameters} weeks."
            ).format(found=len(history.weeks), parameters=parameters)
        )


def _spacing(dates: pd.DatetimeIndex) -> int:
    gaps = np.diff(np.sort(dates.unique().to_numpy()).astype("datetime64[D]")).astype(int)
    return int(np.bincount(gaps).argmax()) if len(gaps) else WEEK


def _check_spacing(history: History) -> None:
    """Check that revenue and spend are both by week or both by day."""
    found = {"revenue": history.weeks, "spend": pd.DatetimeIndex(history.spend.index)}
    spacing = {name: _spacing(dates) for name, dates in found.items() if len(dates) > 1}
    for name, days in spacing.items():
        if days not in (DAY, WEEK):
            raise DataError(
                _("{name}: dates are {days} days apart; must be 1 (by day) or 7 (by week).").format(
                    name=name, days=days
                )
            )
    if len(set(spacing.values())) > 1:
        raise DataError(
            _("Revenue is given every {revenue} day(s), spend every {spend}; give both by day or both by week.").format(
                **spacing
            )
        )


def _check_dates(dates: pd.DatetimeIndex) -> None:
    if len(dates) < 2:
        raise DataError(_("History: {found} week(s); a response model needs many more.").format(found=len(dates)))
    daily = _spacing(dates) == DAY
    twice = dates[dates.duplicated()]
    if len(twice):
        said = (
            _("Days that appear twice: {weeks}; each day must stand once.")
            if daily
            else _("Weeks that appear twice: {weeks}; each week must stand once.")
        )
        raise DataError(said.format(weeks=_days(twice.unique())))
    if not daily:
        _check_weeks(dates)
    missing = pd.date_range(dates.min(), dates.max(), freq=f"{DAY if daily else WEEK}D").difference(dates)
    if len(missing):
        said = (
            _("Days missing between {first} and {last}: {weeks}. Give every day; no spend is 0.")
            if daily
            else _("Weeks missing between {first} and {last}: {weeks}. Give every week; no spend is 0.")
        )
        raise DataError(
            said.format(first=f"{dates.min():%Y-%m-%d}", last=f"{dates.max():%Y-%m-%d}", weeks=_days(missing))
        )
    if not dates.is_monotonic_increasing:
        raise DataError(_("Weeks are not in order; sort them by date."))


def _check_weeks(weeks: pd.DatetimeIndex) -> None:
    off = weeks[(weeks - weeks.min()).days % WEEK != 0]
    if len(off):
        raise DataError(
            _("Weeks that are not whole weeks after {first}: {weeks}; add days up to weeks that begin alike.").format(
                first=f"{weeks.min():%Y-%m-%d}", weeks=_days(off)
            )
        )


def _check_currencies(history: History) -> None:
    others = {name: code for name, code in history.currencies.items() if code != history.currency}
    if others:
        raise DataError(
            _("Two currencies: {others}; all else is in {currency}. Convert all amounts to one currency.").format(
                others=", ".join(f"{name} ({code})" for name, code in others.items()), currency=history.currency
            )
        )


def _check_names(spend: pd.DataFrame) -> None:
    twice = spend.columns[spend.columns.duplicated()]
    if len(twice):
        raise DataError(
            _("Channels that appear twice: {channels}; each must stand once.").format(
                channels=", ".join(str(name) for name in twice.unique())
            )
        )


def _check_numbers(history: History) -> None:
    for name, frame in _frames(history).items():
        for column in frame.columns:
            given = frame[column]
            read = pd.to_numeric(given, errors="coerce")
            wrong = given[read.isna() & given.notna()]
            if len(wrong):
                raise DataError(
                    _(
                        "{name}, {column}: {count} of {total} values are no numbers, the first '{value}' in the week "
                        "of {week}; give plain numbers."
                    ).format(
                        name=name,
                        column=column,
                        count=len(wrong),
                        total=len(given),
                        value=wrong.iloc[0],
                        week=f"{wrong.index[0]:%Y-%m-%d}",
                    )
                )


def _frames(history: History) -> dict[str, pd.DataFrame]:
    return {
        "revenue": history.revenue.to_frame("revenue"),
        "spend": history.spend,
        "controls": history.controls,
        "events": history.events,
    }


def _check_revenue(revenue: pd.Series) -> None:
    if revenue.max() - revenue.min() < 1e-6 * abs(revenue.max()) or not revenue.any():
        raise DataError(_("Revenue is the same in all weeks; nothing can be learned from it."))


def _check_values(history: History) -> None:
    frames = _frames(history)
    for name, frame in frames.items():
        bad = ~np.isfinite(frame.to_numpy(dtype=float))
        if bad.any():
            column = frame.columns[bad.any(axis=0)][0]
            raise DataError(
                _("{name}, {column}: {count} of {total} values are missing; give every week a number.").format(
                    name=name, column=column, count=int(bad.sum()), total=bad.size
                )
            )
    for name in ("revenue", "spend"):
        frame = frames[name].astype(float)
        negative = (frame < 0).sum()
        if negative.any():
            raise DataError(
                _("{name}, {column}: {count} of {total} weeks are negative; must be >= 0.").format(
                    name=name, column=negative.idxmax(), count=int(negative.max()), total=len(frame)
                )
            )
    if history.media.index[0] != history.weeks[0] or len(history.media) != len(history.weeks):
        raise DataError(_("Spend and revenue do not cover the same weeks; give both for every week."))
    for name in ("controls", "events"):
        if not frames[name].index.equals(history.revenue.index):
            raise DataError(
                _("{name} and revenue do not cover the same weeks; give both for every week.").format(name=name)
            )


def check_channels(media: pd.DataFrame) -> None:
    """Check that every channel was used, varied and can be told from the others.

    Args:
        media: Spend in currency, weeks x channels; of several geos, one below the other.

    Raises:
        DataError: One was not, did not or cannot.
    """
    unused = [str(c) for c in media.columns if not media[c].any()]
    if unused:
        raise DataError(
            _("Channels without any spend: {channels}; leave them out, nothing can be learned.").format(
                channels=", ".join(unused)
            )
        )
    constant = [str(c) for c in media.columns if media[c].max() - media[c].min() < 1e-6 * media[c].max()]
    if constant:
        raise DataError(
            _("Channels whose spend never varied: {channels}; their effect cannot be told from the base.").format(
                channels=", ".join(constant)
            )
        )
    pairs = np.triu(np.abs(np.corrcoef(media.to_numpy(dtype=float), rowvar=False)), 1) if media.shape[1] > 1 else None
    if pairs is not None and pairs.max() > COLLINEAR:
        first, second = divmod(int(pairs.argmax()), len(pairs))
        raise DataError(
            _(
                "Spend on {first} and {second} moves together (correlation {found:.3f}; allowed is up to {limit}); "
                "add them up as one channel."
            ).format(
                first=media.columns[first], second=media.columns[second], found=float(pairs.max()), limit=COLLINEAR
            )
        )
    _check_sums(media)


def _check_sums(media: pd.DataFrame) -> None:
    """Find a channel that is about a sum of others, such as a total that stands beside its parts."""
    weeks, channels = media.shape
    if channels < 3 or weeks <= channels + 1:
        return
    values = media.to_numpy(dtype=float)
    unique = np.diag(np.linalg.inv(np.corrcoef(values, rowvar=False) + 1e-9 * np.eye(channels)))
    left = np.clip(1.0 / np.maximum(unique, 1e-12), 0.0, 1.0) * (weeks - 1) / (weeks - channels)
    if left.min() < 1.0 - SUMS_UP**2:
        worst = str(media.columns[int(left.argmin())])
        raise DataError(
            _(
                "Spend on {channel} follows from that on the other channels (multiple correlation {found:.3f}; allowed "
                "is up to {limit}); leave out a total that stands beside its parts, or add channels up."
            ).format(channel=worst, found=float(np.sqrt(1.0 - left.min())), limit=SUMS_UP)
        )


def check_lift_tests(history: History) -> None:
    """Check that a history's lift tests are complete, of its channels, and in its units.

    Raises:
        DataError: An amount is missing, a channel is unknown, a standard error is not positive, or a test's spend is
            far from what was ever spent.
    """
    tests = history.lift_tests
    if tests.empty:
        return
    empty = tests[["spend", "added_spend", "lift", "lift_se"]].apply(pd.to_numeric, errors="coerce").isna().any(axis=1)
    if empty.any():
        raise DataError(
            _("Lift tests: {count} of {total} lack an amount or a standard error; give plain numbers.").format(
                count=int(empty.sum()), total=len(tests)
            )
        )
    unknown = sorted(set(tests["channel"]) - set(history.channels))
    if unknown:
        raise DataError(
            _("Lift tests of channels without spend: {unknown}; known are {channels}.").format(
                unknown=", ".join(unknown), channels=", ".join(history.channels)
            )
        )
    if (tests["lift_se"] <= 0).any():
        raise DataError(_("Lift tests: a standard error is 0 or negative; must be > 0."))
    highest = tests["channel"].map(history.media.max())
    far = tests[(tests["spend"] + tests["added_spend"]).abs() > FAR * highest]
    if len(far):
        raise DataError(
            _(
                "Lift tests: {channel} was tested at {spend}, more than {limit} times its highest week; amounts must "
                "be those of a week of the whole country, in {currency}."
            ).format(
                channel=far["channel"].iloc[0],
                spend=f"{far['spend'].iloc[0] + far['added_spend'].iloc[0]:,.0f}",
                limit=FAR,
                currency=history.currency,
            )
        )


def _days(days: Sequence[pd.Timestamp] | pd.DatetimeIndex) -> str:
    shown = ", ".join(f"{day:%Y-%m-%d}" for day in days[:5])
    return shown if len(days) <= 5 else _("{shown} and {more} more").format(shown=shown, more=len(days) - 5)
