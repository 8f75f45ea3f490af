"""The no-U-turn sampler, for densities that importance sampling cannot cover.

Chains are generators that ask for the density and its gradient at one point after another; what several chains ask for
is answered at once, in one batch. Each chain has random numbers of its own, so the same seed gives the same draws.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Gradient = Callable[[Array], tuple[Array, Array]]
"""Log density (N) and its gradient (N x D) at N points of D numbers, up to a constant."""
Answer = tuple[float, Array]
Asking = Generator[Array, Answer, "_Tree"]

CHAINS = 4
_WARM_UP = 75
"""Draws that find the step's length, and are left out."""
_TARGET = 0.8
_FIRST_STEP = 0.5
_DEPTH = 8
_DIVERGED = 1000.0
_ASTRAY = 1e3


@dataclass(frozen=True)
class Chains:
    """Draws of several chains.

    Attributes:
        points: Chains x draws x dimensions.
        diverged: Share of draws whose path went astray: there the density bends too sharply to be followed.
    """

    points: Array
    diverged: float


@dataclass(frozen=True)
class _State:
    point: Array
    momentum: Array
    height: float
    slope: Array

    def energy(self) -> float:
        return 0.5 * float(np.sum(self.momentum**2)) - self.height


@dataclass(frozen=True)
class _Tree:
    """A piece of a path: its ends, the draw that stands for it, and what tells whether it turned back."""

    left: _State
    right: _State
    drawn: _State
    log_weight: float
    momentum: Array
    accepted: float
    steps: int
    goes_on: bool
    diverged: bool

    def turned(self) -> bool:
        return float(self.momentum @ self.left.momentum) <= 0 or float(self.momentum @ self.right.momentum) <= 0


@dataclass
class _StepLength:
    """Dual averaging of the logarithm of the step's length (Hoffman and Gelman 2014, section 3.2)."""

    start: float
    count: int = 0
    error: float = 0.0
    log_step: float = 0.0
    log_mean: float = 0.0

    def __post_init__(self) -> None:
        self.log_step = np.log(self.start)

    def learn(self, accepted: float) -> None:
        self.count += 1
        weight = 1.0 / (self.count + 10.0)
        self.error = (1.0 - weight) * self.error + weight * (_TARGET - accepted)
        self.log_step = float(np.log(10.0 * self.start) - np.sqrt(self.count) / 0.05 * self.error)
        kept = self.count**-0.75
        self.log_mean = kept * self.log_step + (1.0 - kept) * self.log_mean


def sample(
    gradient: Gradient, starts: Array, *, draws: int, seeds: np.random.SeedSequence, warm_up: bool = True
) -> Chains:
    """Draw from a density by the no-U-turn sampler.

    Args:
        gradient: Log density and gradient, in coordinates of about unit spread.
        starts: Where each chain begins: chains x dimensions.
        draws: Draws of each chain, after its warm-up.
        seeds: Source of each chain's random numbers.
        warm_up: Whether steps are learned first; False keeps steps of 0.5 (for tests).

    Returns:
        Draws of all chains.

    References:
        Hoffman and Gelman (2014), The no-U-turn sampler. JMLR 15.
        Betancourt (2018), A conceptual introduction to Hamiltonian Monte Carlo, appendix A: multinomial sampling.
    """
    rngs = [np.random.default_rng(seed) for seed in seeds.spawn(len(starts))]
    chains = [_chain(start, draws, rng, warm_up=warm_up) for start, rng in zip(starts, rngs, strict=True)]
    asked = {place: next(chain) for place, chain in enumerate(chains)}
    done: dict[int, tuple[Array, int]] = {}
    while asked:
        heights, slopes = gradient(np.stack(list(asked.values())))
        for row, place in enumerate(list(asked)):
            try:
                asked[place] = chains[place].send((float(heights[row]), slopes[row]))
            except StopIteration as stop:
                del asked[place]
                done[place] = stop.value
    points = np.stack([done[place][0] for place in range(len(starts))])
    return Chains(points, sum(astray for _points, astray in done.values()) / (draws * len(starts)))


def _chain(
    start: Array, draws: int, rng: np.random.Generator, *, warm_up: bool
) -> Generator[Array, Answer, tuple[Array, int]]:
    height, slope = yield start
    state = _State(start, np.zeros_like(start), height, slope)
    learned = _StepLength(_FIRST_STEP)
    for _turn in range(_WARM_UP if warm_up else 0):
        tree = yield from _path(state, float(np.exp(learned.log_step)), rng)
        state = tree.drawn
        learned.learn(tree.accepted / tree.steps)
    step = float(np.exp(learned.log_mean)) if warm_up else _FIRST_STEP
    points, astray = np.empty((draws, len(start))), 0
    for turn in range(draws):
        tree = yield from _path(state, step, rng)
        state = tree.drawn
        points[turn] = state.point
        astray += tree.diverged
    return points, astray


def _path(state: _State, step: float, rng: np.random.Generator) -> Asking:
    """Follow the density to both sides until the path turns back, and draw one of its points."""
    momentum = rng.standard_normal(len(state.point))
    state = _State(state.point, momentum, state.height, state.slope)
    energy = state.energy()
    tree = _Tree(state, state, state, 0.0, momentum, 0.0, 0, True, False)
    for depth in range(_DEPTH):
        onward = rng.random() < 0.5
        end = tree.right if onward else tree.left
        piece = yield from _grow(end, depth, step if onward else -step, energy, rng)
        taken = piece.goes_on and np.log(rng.random()) < piece.log_weight - tree.log_weight
        tree = _joined(tree, piece, piece.drawn if taken else tree.drawn, onward=onward)
        if not tree.goes_on:
            break
    return tree


def _grow(end: _State, depth: int, step: float, energy: float, rng: np.random.Generator) -> Asking:
    """Add 2^depth steps to an end of the path."""
    if depth == 0:
        return (yield from _one(end, step, energy))
    first = yield from _grow(end, depth - 1, step, energy, rng)
    if not first.goes_on:
        return first
    onward = step > 0
    second = yield from _grow(first.right if onward else first.left, depth - 1, step, energy, rng)
    total = np.logaddexp(first.log_weight, second.log_weight)
    taken = np.log(rng.random()) < second.log_weight - total
    return _joined(first, second, second.drawn if taken else first.drawn, onward=onward)


def _one(end: _State, step: float, energy: float) -> Asking:
    half = end.momentum + 0.5 * step * end.slope
    point = end.point + step * half
    if np.abs(point).max() > _ASTRAY:
        return _Tree(end, end, end, -np.inf, end.momentum, 0.0, 1, goes_on=False, diverged=True)
    height, slope = yield point
    state = _State(point, half + 0.5 * step * slope, height, slope)
    rise = energy - state.energy()
    rise = rise if np.isfinite(rise) else -np.inf
    diverged = rise < -_DIVERGED
    return _Tree(state, state, state, rise, state.momentum, min(1.0, float(np.exp(min(rise, 0.0)))), 1,
                 not diverged, diverged)  # fmt: skip


def _joined(tree: _Tree, piece: _Tree, drawn: _State, *, onward: bool) -> _Tree:
    left, right = (tree, piece) if onward else (piece, tree)
    whole = _Tree(
        left=left.left,
        right=right.right,
        drawn=drawn,
        log_weight=float(np.logaddexp(tree.log_weight, piece.log_weight)),
        momentum=tree.momentum + piece.momentum,
        accepted=tree.accepted + piece.accepted,
        steps=tree.steps + piece.steps,
        goes_on=piece.goes_on,
        diverged=piece.diverged,
    )
    turned = whole.turned() or _turned_between(left, right)
    return replace(whole, goes_on=piece.goes_on and not turned)


def _turned_between(left: _Tree, right: _Tree) -> bool:
    """Whether the path turns between its halves, which its ends may not show."""
    early = left.momentum + right.left.momentum
    late = left.right.momentum + right.momentum
    return (
        float(early @ left.left.momentum) <= 0
        or float(early @ right.left.momentum) <= 0
        or float(late @ left.right.momentum) <= 0
        or float(late @ right.right.momentum) <= 0
    )
