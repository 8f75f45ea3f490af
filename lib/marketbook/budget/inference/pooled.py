"""The collapsed density of several geos, whose effects differ around a national mean (partial pooling).

In each geo an effect is the national one plus a deviation; deviations are normal, and how far they spread is a
parameter of each channel. Given adstock, saturation, noise and these spreads everything is linear and normal: base and
deviations of a geo integrate out in closed form, geo by geo, and what they say of the national effects adds up.
National effects are positive; a geo's own may fall below 0 where its data say so.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marketbook.budget.inference.collapsed import Collapsed, Shape, System, log_prior
from marketbook.budget.response.priors import LogNormal

Array = npt.NDArray[np.float64]

POOLING = LogNormal(0.3, 0.8)
"""Prior of the spread between geos, as a share of the scale of the effect's own prior."""


@dataclass(frozen=True)
class Pooled:
    """The density of adstock, saturation, spreads between geos and noise, in coordinates whose prior is normal.

    Attributes:
        parts: Each geo's density, in units of the geo; adstock, saturation and the effects' priors are alike in all.
        sizes: What a geo's unit is worth, as a share of all geos' together; needed for ranges of ROAS only.
    """

    parts: tuple[Collapsed, ...]
    sizes: Array

    @property
    def channels(self) -> int:
        """Count of channels."""
        return self.parts[0].channels

    @property
    def dimensions(self) -> int:
        """Count of coordinates: those of one geo, and a spread for each channel, which stand before the noise."""
        return self.parts[0].dimensions + self.channels

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
            normal: Draws x geos x channels.
        """
        system, shape, deviation = self._system(points)
        mean = system.positive(uniforms)[0]
        return mean, self.geo_effects(shape, deviation, mean, normal)

    def geo_effects(self, shape: Shape, deviation: Array, mean: Array, normal: Array) -> Array:
        """Draw each geo's effects that go with national ones: draws x geos x channels."""
        found = np.empty(normal.shape)
        for geo, part in enumerate(self.parts):
            precision, linear, _rest = part.evidence(shape, part.features(shape))
            inner = _inner(precision, deviation)[0]
            left = deviation * (linear - np.einsum("ncd,nd->nc", precision, mean))
            root = np.linalg.cholesky(inner)
            drawn = np.linalg.solve(inner, left[..., None]) + np.linalg.solve(
                root.transpose(0, 2, 1), normal[:, geo, :, None]
            )
            found[:, geo] = mean + deviation * drawn[..., 0]
        return found

    def _system(self, points: Array) -> tuple[System, Shape, Array]:
        """Integrate base and deviations of every geo out, and add up what they say of the national effects."""
        place, deviation = self.split(points)
        shape = self.parts[0].shape(place)
        count = len(points)
        precision = np.zeros((count, self.channels, self.channels))
        linear, constant = np.zeros((count, self.channels)), np.zeros(count)
        height = np.zeros((count, self.channels))
        for part, size in zip(self.parts, self.sizes, strict=True):
            features = part.features(shape)
            height += size * features.sum(axis=2)
            one = pooled(*part.evidence(shape, features), deviation)
            precision, linear, constant = precision + one[0], linear + one[1], constant + one[2]
        return System.of(precision, linear, constant, *self.parts[0].effect_prior(height)), shape, deviation


def pooled(precision: Array, linear: Array, constant: Array, deviation: Array) -> tuple[Array, Array, Array]:
    """Integrate a geo's deviations out: turn what it says of its own effects into what it says of the national ones.

    Args:
        precision: Of the geo's effects: draws x channels x channels.
        linear: Precision times mean: draws x channels.
        constant: The rest of the log density.
        deviation: Standard deviation of the geo's effects around the national ones: draws x channels.
    """
    inner, scaled = _inner(precision, deviation)
    right = np.concatenate([scaled, (deviation * linear)[..., None]], axis=2)
    solved = np.linalg.solve(inner, right)
    both = scaled.transpose(0, 2, 1) @ solved
    square = np.einsum("nc,nc->n", deviation * linear, solved[..., -1])
    determinant = np.linalg.slogdet(inner)[1]
    return precision - both[..., :-1], linear - both[..., -1], constant + 0.5 * (square - determinant)


def _inner(precision: Array, deviation: Array) -> tuple[Array, Array]:
    """Return the precision of deviations in units of their spread, and the precision with its rows in these units."""
    scaled = deviation[..., None] * precision
    return np.eye(deviation.shape[1]) + scaled * deviation[:, None, :], scaled
