"""The collapsed density of several geos, whose effects differ around a national mean (partial pooling).

In each geo an effect is the national one plus a deviation; deviations are normal, and how far they spread is a
parameter of each channel. Given adstock, saturation, noise and these spreads everything is linear and normal: base and
deviations of a geo integrate out in closed form, geo by geo, and what they say of the national effects adds up.
National effects are positive; a geo's own may fall below 0 where its data say so.

A lift test of the whole country measures a sum over geos. Given the national effects, the geos' own are normal and so
is that sum; its mean is linear in the national effects. It enters exactly, then: as one more normal number.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marketbook.budget.inference.collapsed import Collapsed, LiftRow, Shape, System, log_prior
from marketbook.budget.response.priors import LogNormal

Array = npt.NDArray[np.float64]

POOLING = LogNormal(0.3, 0.8)
"""Prior of the spread between geos, as a share of the scale of the effect's own prior."""


@dataclass(frozen=True)
class NationalLift:
    """A lift test of all geos together, in the unit of revenue of all together.

    Attributes:
        rows: The test as it ran in each geo: the geo's part of the spend, in its own levels.
        lift: Revenue added a week.
        error: Its standard error.
    """

    rows: tuple[LiftRow, ...]
    lift: float
    error: float

    @property
    def channel(self) -> int:
        """Position of the channel."""
        return self.rows[0].channel


@dataclass(frozen=True)
class Pooled:
    """The density of adstock, saturation, spreads between geos and noise, in coordinates whose prior is normal.

    Attributes:
        parts: Each geo's density, in units of the geo; adstock, saturation and the effects' priors are alike in all.
        sizes: What a geo's unit is worth, as a share of all geos' together; for ranges of ROAS and national lift tests.
        lifts: Lift tests of all geos together; those of one geo stand in its part.
    """

    parts: tuple[Collapsed, ...]
    sizes: Array
    lifts: tuple[NationalLift, ...] = ()

    @property
    def channels(self) -> int:
        """Count of channels."""
        return self.parts[0].channels

    @property
    def dimensions(self) -> int:
        """Count of coordinates: those of one geo, and a spread for each channel, which stand before the noise."""
        return self.parts[0].dimensions + self.channels

    @property
    def numbers(self) -> int:
        """Count of normal numbers that a draw of the geos' effects uses up."""
        return len(self.parts) * self.channels + len(self.lifts)

    @property
    def spread(self) -> float:
        """Standard deviation of revenue, mean of all geos."""
        return float(np.mean([part.spread for part in self.parts]))

    def split(self, points: Array) -> tuple[Array, Array]:
        """Return the coordinates that a geo's density has, and the standard deviation of each effect between geos."""
        end = self.parts[0].dimensions - 1
        deviation = POOLING.value(points[:, end:-1]) * self.parts[0].beta_sd
        return np.column_stack([points[:, :end], points[:, -1]]), deviation

    def shape(self, points: Array) -> Shape:
        """Read adstock, saturation and noise from coordinates."""
        return self.parts[0].shape(self.split(points)[0])

    def log_density(self, points: Array, uniforms: Array) -> Array:
        """Return the log density of each point, up to a constant; national effects are drawn along `uniforms`."""
        system, shape, _deviation = self._system(points)
        return system.log_density(uniforms) + log_prior(points, shape.sigma, self.parts[0].noise_scale)

    def effects(self, points: Array, uniforms: Array, normal: Array) -> tuple[Array, Array]:
        """Draw national effects (draws x channels) and each geo's own (draws x geos x channels).

        Args:
            points: Coordinates.
            uniforms: Draws x channels.
            normal: Draws x `numbers`.
        """
        system, shape, deviation = self._system(points)
        mean = system.positive(uniforms)[0]
        return mean, self.geo_effects(shape, deviation, mean, normal)

    def geo_effects(self, shape: Shape, deviation: Array, mean: Array, normal: Array) -> Array:
        """Draw each geo's effects that go with national ones: draws x geos x channels.

        They are drawn geo by geo first; where there are national lift tests, what these miss is then divided among the
        geos by how far each may be off (Matheron's rule), which is an exact draw given the tests.
        """
        numbers = normal[:, : len(self.parts) * self.channels].reshape(len(mean), len(self.parts), self.channels)
        found, pulls, country = np.empty(numbers.shape), [], _Country.of(self, len(mean))
        reach = self.reach(shape)
        for geo, part in enumerate(self.parts):
            precision, linear, _rest = part.evidence(shape, part.features(shape))
            inner = _inner(precision, deviation)[0]
            left = deviation * (linear - np.einsum("ncd,nd->nc", precision, mean))
            root = np.linalg.cholesky(inner)
            drawn = np.linalg.solve(inner, left[..., None]) + np.linalg.solve(
                root.transpose(0, 2, 1), numbers[:, geo, :, None]
            )
            found[:, geo] = mean + deviation * drawn[..., 0]
            if self.lifts:
                solved = pooled(precision, linear, np.zeros(len(mean)), deviation)[3]
                pulls.append(country.add(reach[geo], deviation, solved))
        if self.lifts:
            self._meet(reach, found, pulls, country.spread, normal[:, numbers[0].size :])
        return found

    def reach(self, shape: Shape) -> list[Array]:
        """Return what each national lift test measures of the effects of each geo: draws x tests x channels."""
        weights = self.parts[0].adstock.weights(shape.adstock) if self.lifts else np.empty(0)
        found = [np.zeros((len(shape.sigma), len(self.lifts), self.channels)) for _part in self.parts]
        for place, lift in enumerate(self.lifts):
            for reach, part, size, row in zip(found, self.parts, self.sizes, lift.rows, strict=True):
                reach[:, place, lift.channel] = size * part.rise(shape, weights[:, lift.channel], row)
        return found

    def _meet(self, reach: list[Array], effects: Array, pulls: list[Array], spread: Array, normal: Array) -> None:
        """Move effects that were drawn geo by geo to where national lift tests want them, in place."""
        measured = np.sum([np.einsum("nkc,nc->nk", one, effects[:, geo]) for geo, one in enumerate(reach)], axis=0)
        errors = np.array([lift.error for lift in self.lifts]) * normal
        missed = np.linalg.solve(spread, (np.array([lift.lift for lift in self.lifts]) - measured - errors)[..., None])
        for geo, pull in enumerate(pulls):
            effects[:, geo] += (pull @ missed)[..., 0]

    def _system(self, points: Array) -> tuple[System, Shape, Array]:
        """Integrate base and deviations of every geo out, and add up what they say of the national effects."""
        place, deviation = self.split(points)
        shape = self.parts[0].shape(place)
        count = len(points)
        precision = np.zeros((count, self.channels, self.channels))
        linear, constant = np.zeros((count, self.channels)), np.zeros(count)
        height, country, reach = np.zeros((count, self.channels)), _Country.of(self, count), self.reach(shape)
        for geo, (part, size) in enumerate(zip(self.parts, self.sizes, strict=True)):
            features = part.features(shape)
            height += size * features.sum(axis=2)
            *one, solved = pooled(*part.evidence(shape, features), deviation)
            precision, linear, constant = precision + one[0], linear + one[1], constant + one[2]
            if self.lifts:
                country.add(reach[geo], deviation, solved)
        if self.lifts:
            one = list(country.evidence())
            precision, linear, constant = precision + one[0], linear + one[1], constant + one[2]
        return System.of(precision, linear, constant, *self.parts[0].effect_prior(height)), shape, deviation


@dataclass
class _Country:
    """What national lift tests should measure given the national effects, added up geo by geo.

    Attributes:
        lift: What was measured: tests.
        base: What the geos' own data add to it, whatever the national effects: draws x tests.
        slope: How it follows the national effects: draws x tests x channels.
        spread: Its covariance, from the tests' errors and the geos' deviations: draws x tests x tests.
    """

    lift: Array
    base: Array
    slope: Array
    spread: Array

    @classmethod
    def of(cls, density: Pooled, count: int) -> "_Country":
        tests = len(density.lifts)
        errors = np.diag([lift.error**2 for lift in density.lifts]).reshape(tests, tests)
        slope, spread = np.zeros((count, tests, density.channels)), np.tile(errors, (count, 1, 1))
        return cls(np.array([lift.lift for lift in density.lifts]), np.zeros((count, tests)), slope, spread)

    def add(self, reach: Array, deviation: Array, solved: Array) -> Array:
        """Add a geo, and return the covariance of its effects with the tests: draws x channels x tests.

        Args:
            reach: What each test measures of the geo's effects: draws x tests x channels.
            deviation: Standard deviation of the geo's effects around the national ones: draws x channels.
            solved: What `pooled` solved for the geo; it holds the inverse of the deviations' precision, less 1.
        """
        right = deviation[..., None] * reach.transpose(0, 2, 1)
        inverted = right - solved[..., :-1] @ (deviation[..., None] * right)
        told = right.transpose(0, 2, 1) @ solved
        self.base += told[..., -1]
        self.slope += reach - told[..., :-1]
        self.spread += right.transpose(0, 2, 1) @ inverted
        return deviation[..., None] * inverted

    def evidence(self) -> tuple[Array, Array, Array]:
        """Return what the tests say of the national effects, like `Collapsed.evidence`."""
        rest = self.lift - self.base
        solved = np.linalg.solve(self.spread, np.concatenate([self.slope, rest[..., None]], axis=2))
        precision = self.slope.transpose(0, 2, 1) @ solved[..., :-1]
        linear = np.einsum("nkc,nk->nc", self.slope, solved[..., -1])
        square = np.einsum("nk,nk->n", rest, solved[..., -1])
        return precision, linear, -0.5 * (square + np.linalg.slogdet(self.spread)[1])


def pooled(precision: Array, linear: Array, constant: Array, deviation: Array) -> tuple[Array, Array, Array, Array]:
    """Integrate a geo's deviations out: turn what it says of its own effects into what it says of the national ones.

    Args:
        precision: Of the geo's effects: draws x channels x channels.
        linear: Precision times mean: draws x channels.
        constant: The rest of the log density.
        deviation: Standard deviation of the geo's effects around the national ones: draws x channels.

    Returns:
        Precision, linear part and constant of the national effects; and the two, in units of the deviations, over the
        precision of these: draws x channels x (channels + 1).
    """
    inner, scaled = _inner(precision, deviation)
    right = np.concatenate([scaled, (deviation * linear)[..., None]], axis=2)
    solved = np.linalg.solve(inner, right)
    both = scaled.transpose(0, 2, 1) @ solved
    square = np.einsum("nc,nc->n", deviation * linear, solved[..., -1])
    determinant = np.linalg.slogdet(inner)[1]
    return precision - both[..., :-1], linear - both[..., -1], constant + 0.5 * (square - determinant), solved


def _inner(precision: Array, deviation: Array) -> tuple[Array, Array]:
    """Return the precision of deviations in units of their spread, and the precision with its rows in these units."""
    scaled = deviation[..., None] * precision
    return np.eye(deviation.shape[1]) + scaled * deviation[:, None, :], scaled
