"""Simulated companies: weekly history as they would have it, and what is true of them, which no side sees.

Channels, weeks, carry-over, saturation, seasons, prices, sales and lift tests are drawn anew for each company. Some
forms are not among ours: a fast fading with a slow one beside it, the logarithm, and one less an exponential; and
effects may last longer than the weeks that the models look back. Spend follows the season, sales and the unseen part of
demand, as it does where people plan who know their trade; the base wanders (an autoregression), which no side models.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

YEAR = 52
LAGS = 13
LEVEL = 1_000_000.0
"""Revenue of an average week."""


@dataclass(frozen=True)
class Medium:
    """What is true of a channel: `ceiling` times the curve of adstocked spend over `reference`."""

    weights: Array
    curve: str
    bend: float
    reference: float
    ceiling: float

    def revenue(self, spend: Array) -> Array:
        """Return revenue brought in each week; before the first nothing was spent."""
        level = np.convolve(spend, self.weights)[: len(spend)] / self.reference
        return self.ceiling * CURVES[self.curve](level, self.bend)


@dataclass(frozen=True)
class Company:
    """A company: what it knows, and what is true.

    Attributes:
        spend: Weeks x channels.
        revenue: One amount a week.
        price: Price index less 1.
        events: Weeks x sales, 1 where the sale was on.
        lift_tests: Tests x (channel, weekly spend before, added, weekly revenue added, its standard error).
        margin: Share of revenue left before marketing.
        media: What is true of each channel.
        base: Revenue without media of the year ahead.
    """

    spend: Array
    revenue: Array
    price: Array
    events: Array
    lift_tests: Array
    margin: float
    media: tuple[Medium, ...]
    base: Array

    @property
    def today(self) -> Array:
        """Last year's spend by channel."""
        found: Array = self.spend[-YEAR:].sum(axis=0)
        return found

    def profit(self, amounts: Array) -> float:
        """Return the true profit of the year ahead under amounts by channel, spread as last year's were."""
        return self.profit_of(self.spend[-YEAR:] / self.today * amounts)

    def profit_of(self, plan: Array) -> float:
        """Return the true profit of the year ahead under a plan: weeks x channels."""
        whole = np.concatenate([self.spend, plan])
        brought = [medium.revenue(whole[:, place])[-YEAR:].sum() for place, medium in enumerate(self.media)]
        return self.margin * float(self.base.sum() + np.sum(brought)) - float(plan.sum())


CURVES = {
    "logistic": lambda level, bend: np.tanh(0.5 * (1 + bend) * level),
    "hill": lambda level, bend: level ** (0.7 + bend) / (1 + level ** (0.7 + bend)),
    "michaelis_menten": lambda level, _bend: level / (1 + level),
    "root": lambda level, bend: level ** (0.3 + 0.5 * bend),
    "logarithm": lambda level, bend: np.log1p((0.5 + 2 * bend) * level),
    "exponential": lambda level, bend: 1 - np.exp(-(0.5 + bend) * level),
}
"""Curves of the level; `bend`, 0 to 1, shapes them."""


def company(number: int) -> Company:
    """Draw the company of a number; the same number gives the same company."""
    rng = np.random.default_rng([20261125, number])
    channels, weeks = int(rng.integers(3, 7)), int(rng.choice([104, 130, 156]))
    season, wander, events = _season(rng, weeks + YEAR), _wander(rng, weeks + YEAR), _events(rng, weeks + YEAR)
    lifts = rng.uniform(0.15, 0.4, events.shape[1])
    price = _noise(rng, weeks + YEAR, 0.03, 0.8)
    demand = season * (1 + wander) * (1 + events @ lifts)
    spend = _spend(rng, season, wander, events, channels)[:weeks]
    media = tuple(_medium(rng, spend[:, place]) for place in range(channels))
    brought = sum(medium.revenue(spend[:, place]) for place, medium in enumerate(media))
    growth = 1 + rng.uniform(-0.05, 0.15) * np.arange(weeks + YEAR) / YEAR
    base = (LEVEL - float(np.mean(brought))) * growth * demand * (1 - rng.uniform(0.8, 2.0) * price)
    noise = rng.normal(0, rng.uniform(0.01, 0.03) * LEVEL, weeks)
    return Company(
        spend=spend,
        revenue=base[:weeks] + brought + noise,
        price=price[:weeks],
        events=events[:weeks],
        lift_tests=_lift_tests(rng, spend, media),
        margin=float(rng.uniform(0.35, 0.7)),
        media=media,
        base=base[weeks:],
    )


def _season(rng: np.random.Generator, weeks: int) -> Array:
    year = 2 * np.pi * np.arange(weeks) / 52.18
    first, second = rng.uniform(0.03, 0.15), rng.uniform(0.0, 0.06)
    return 1 + first * np.sin(year + rng.uniform(0, 6.3)) + second * np.sin(2 * year + rng.uniform(0, 6.3))


def _noise(rng: np.random.Generator, weeks: int, spread: float, keep: float) -> Array:
    """An autoregression of a given standard deviation."""
    found = np.zeros(weeks)
    found[0] = rng.normal(0, spread)
    for week in range(1, weeks):
        found[week] = keep * found[week - 1] + rng.normal(0, spread * np.sqrt(1 - keep**2))
    return found


def _wander(rng: np.random.Generator, weeks: int) -> Array:
    return _noise(rng, weeks, rng.uniform(0.01, 0.04), rng.uniform(0.5, 0.9))


def _events(rng: np.random.Generator, weeks: int) -> Array:
    """Two sales of two weeks a year."""
    found = np.zeros((weeks, 2))
    for sale, start in enumerate((rng.integers(18, 26), rng.integers(42, 46))):
        found[np.arange(weeks) % YEAR == start, sale] = 1
        found[np.arange(weeks) % YEAR == start + 1, sale] = 1
    return found


def _spend(rng: np.random.Generator, season: Array, wander: Array, events: Array, channels: int) -> Array:
    weeks = len(season)
    total = rng.uniform(0.08, 0.2) * LEVEL * rng.dirichlet(np.full(channels, 3.0))
    columns = []
    for amount in total:
        follows = season ** rng.uniform(0, 2.5) * np.exp(rng.uniform(0, 2) * wander)
        raised = 1 + events @ rng.uniform(0, 0.8, events.shape[1])
        own = np.exp(_noise(rng, weeks, rng.uniform(0.2, 0.6), rng.uniform(0.2, 0.8)))
        growing = 1 + rng.uniform(-0.1, 0.2) * np.arange(weeks) / YEAR
        columns.append(amount * follows * raised * own * growing * _flights(rng, weeks))
    return np.column_stack(columns)


def _flights(rng: np.random.Generator, weeks: int) -> Array:
    """A third of the channels are on for some weeks and off for some."""
    if rng.random() > 1 / 3:
        return np.ones(weeks)
    on, off = int(rng.integers(3, 9)), int(rng.integers(2, 6))
    return ((np.arange(weeks) + rng.integers(0, 9)) % (on + off) < on).astype(float)


def _medium(rng: np.random.Generator, spend: Array) -> Medium:
    """A channel whose return in the last year is drawn; the curve is scaled to it."""
    weights, curve = _weights(rng), str(rng.choice(list(CURVES)))
    bend, room = float(rng.uniform(0, 1)), float(np.exp(rng.normal(0.3, 0.5)))
    returned = 2.0 * float(np.exp(rng.normal(0, 0.5)))
    plain = Medium(weights, curve, bend, room * float(spend.mean()), 1.0)
    ceiling = returned * float(spend[-YEAR:].sum()) / float(plain.revenue(spend)[-YEAR:].sum())
    return Medium(weights, curve, bend, plain.reference, ceiling)


def _weights(rng: np.random.Generator) -> Array:
    lag = np.arange(LAGS, dtype=float)
    kind = rng.choice(["geometric", "delayed", "weibull", "two speeds", "none"])
    if kind == "geometric":
        found = rng.uniform(0.1, 0.8) ** lag
    elif kind == "delayed":
        found = rng.uniform(0.3, 0.8) ** ((lag - rng.uniform(0.5, 3.0)) ** 2)
    elif kind == "weibull":
        shape, scale = rng.uniform(1.0, 2.0), rng.uniform(1.0, 4.0)
        found = (lag + 1) ** (shape - 1) * np.exp(-(((lag + 1) / scale) ** shape))
    elif kind == "two speeds":
        found = rng.uniform(0.1, 0.4) ** lag + rng.uniform(0.1, 0.3) * rng.uniform(0.8, 0.95) ** lag
    else:
        found = (lag == 0).astype(float)
    return found / found.sum()


def _lift_tests(rng: np.random.Generator, spend: Array, media: tuple[Medium, ...]) -> Array:
    """Half of the companies tested one or two channels, each to a standard error of 15 to 35 % of the lift."""
    if rng.random() > 0.5:
        return np.empty((0, 5))
    rows = []
    for place in rng.choice(len(media), int(rng.integers(1, 3)), replace=False):
        before = float(spend[-YEAR:, place].mean())
        added = before * float(rng.choice([-0.5, 0.4, 0.8]))
        rise = _steady(media[place], before + added) - _steady(media[place], before)
        error = abs(rise) * float(rng.uniform(0.15, 0.35))
        rows.append([place, before, added, rng.normal(rise, error), error])
    return np.array(rows)


def _steady(medium: Medium, spend: float) -> float:
    return float(medium.revenue(np.full(LAGS, spend))[-1])
