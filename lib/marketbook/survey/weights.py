"""Weights: rake a sample to the population's margins, and say what the weighting costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.survey.calibration import Calibration
from marketbook.survey.data import VARIABLES
from marketbook.survey.design import SurveyDesign
from marketbook.survey.groups import Codes, Floats, sums
from marketbook.survey.raking import Fit, Margin, fit


@dataclass(frozen=True, eq=False)
class RakedWeights(Result):
    """A sample fitted to the population's margins.

    Attributes:
        design: The design with the fitted weights; its standard errors credit the fit.
        margins: One row per category (and part): variable, category, n, shares before, after and in the population.
        parts: One row per part of the sample raked on its own (one row without parts): n, n_effective,
            design_effect, weight_low, weight_high (in multiples of the mean weight).
        rounds: Passes over the margins until they held.
        gap: The largest difference left between a weighted share and its target.
        bounds: Lowest and highest weight allowed, in multiples of the mean weight.
        shown: The part that text, table and numbers report.
    """

    design: SurveyDesign = field(repr=False)
    margins: pd.DataFrame = field(repr=False)
    parts: pd.DataFrame
    rounds: int
    gap: float
    bounds: tuple[float, float] | None
    shown: str | None = None

    titles: ClassVar[Mapping[str, str]] = {
        "variable": mark("Characteristic"),
        "category": mark("Group"),
        "n": mark("Respondents"),
        "share_before": mark("Sample as it came"),
        "share_after": mark("After weighting"),
        "share_population": mark("Population"),
        "n_effective": mark("Effective sample size"),
        "design_effect": mark("Design effect"),
        "weight_high": mark("Largest weight"),
        "state": mark("Shares of"),
        "share": mark("Share"),
    }

    def showing(self, part: str) -> Self:
        """Report one part (a wave) in place of the first."""
        return replace(self, shown=part)

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Does the sample stand for the market?")

    @property
    def text(self) -> str:
        """The finding."""
        found = self.numbers()
        return _(
            "Weighted to the population, the {n} respondents say as much as {n_effective} chosen purely by chance "
            "would (design effect {design_effect})."
        ).format(**{name: by_name(name, found[name]) for name in ("n", "n_effective", "design_effect")})

    @property
    def table(self) -> pd.DataFrame:
        """The margins before, after and in the population."""
        columns = ["variable", "category", "n", "share_before", "share_after", "share_population"]
        found = self.margins.loc[self.margins["part"] == self._part, columns].reset_index(drop=True)
        return found.assign(variable=[_(VARIABLES.get(name, name)) for name in found["variable"]])

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        found = [_("Weighting mends who took part, not who kept silent within a group.")]
        if self.gap > 1e-6:
            found.append(
                _("With weights bounded, a weighted share still misses its target by up to {gap}.").format(
                    gap=by_name("share_gap", self.gap)
                )
            )
        return found

    def chart(self) -> Chart:
        """Draw each group's share before and after weighting."""
        table = self.table
        states = {"share_before": _("Sample as it came"), "share_after": _("After weighting")}
        tall = table.melt("category", list(states), var_name="state", value_name="share")
        tall["state"] = tall["state"].map(states)
        return Chart(
            kind="bar",
            data=tall,
            x="share",
            y="category",
            color="state",
            title=_("The sample before and after weighting"),
            titles={name: _(self.titles[name]) for name in ("share", "category", "state")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """Sample size, effective size and design effect."""
        part = self.parts[self.parts["part"] == self._part]
        return {name: part[name].item() for name in ("n_effective", "n", "design_effect", "weight_high")}

    @property
    def _part(self) -> str:
        return str(self.parts["part"].iloc[0]) if self.shown is None else self.shown


def rake(
    design: SurveyDesign,
    frame: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    within: str | None = None,
    bounds: Sequence[float] | None = None,
    tolerance: float = 1e-8,
) -> RakedWeights:
    """Fit the design's weights to the population's margins by iterative proportional fitting.

    One margin is post-stratification. With bounds, weights are cut to them between the passes.

    Args:
        design: The sample's design; its weights are the start.
        frame: One row per respondent, with a column for each margin.
        targets: One row per category: `variable`, `category`, and `share` (sums to 1 for each variable; the weights
            keep their sum) or `count` (the weights sum to it).
        within: Column of parts to rake each on its own (`wave`).
        bounds: Lowest and highest weight, in multiples of the part's mean weight.
        tolerance: Largest difference allowed between a weighted share and its target.

    Returns:
        The fitted design, the margins before and after, and the effective sample size.

    Raises:
        DataError: Categories of sample and targets differ, shares do not sum to 1, bounds exclude the mean, or the
            margins cannot all hold.

    References:
        Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444; Kish (1965), Survey Sampling, 11.7.
    """
    _check_bounds(bounds)
    parts, names = _parts(frame, within)
    blocks = [rows for _name, rows in targets.groupby("variable", sort=False)]
    if not blocks:
        raise DataError(_("There are no population targets to weight to."))
    sizes = sums(parts, design.weights)
    margins = [_margin(frame, rows, parts, sizes) for rows in blocks]
    mean = (margins[0].goals.reshape(len(names), -1).sum(axis=1) / np.bincount(parts))[parts]
    limits = None if bounds is None else (bounds[0] * mean, bounds[1] * mean)
    found = fit(design.weights, margins, limits, tolerance)
    if bounds is None and found.gap > tolerance:
        raise DataError(
            _("The margins cannot all hold: after {rounds} passes a share is still {gap} off its target.").format(
                rounds=found.rounds, gap=by_name("share_gap", found.gap)
            )
        )
    calibration = Calibration(tuple(margin.codes for margin in margins), design.weights)
    return RakedWeights(
        design=design.calibrated(found.weights, calibration),
        margins=pd.concat([_report(*pair, names, design, found) for pair in zip(blocks, margins, strict=True)]),
        parts=efficiency(found.weights, parts, names),
        rounds=found.rounds,
        gap=found.gap,
        bounds=None if bounds is None else (bounds[0], bounds[1]),
    )


def efficiency(weights: Floats, parts: Codes, names: Sequence[str]) -> pd.DataFrame:
    """Say what unequal weights cost: Kish's effective sample size and design effect.

    Args:
        weights: One per respondent.
        parts: Number of each respondent's part, 0 and up.
        names: The parts' names.

    Returns:
        One row per part: part, n, n_effective, design_effect, weight_low, weight_high (multiples of the mean).

    References:
        Kish (1965), Survey Sampling, section 11.7.
    """
    n = np.bincount(parts)
    total = sums(parts, weights)
    effective = total**2 / sums(parts, weights**2)
    ends = pd.Series(weights / (total / n)[parts]).groupby(parts).agg(["min", "max"])
    return pd.DataFrame(
        {
            "part": list(names),
            "n": n,
            "n_effective": effective,
            "design_effect": n / effective,
            "weight_low": ends["min"].to_numpy(),
            "weight_high": ends["max"].to_numpy(),
        }
    )


def _parts(frame: pd.DataFrame, within: str | None) -> tuple[Codes, list[str]]:
    if within is None:
        return np.zeros(len(frame), dtype=np.int64), [""]
    codes, names = pd.factorize(frame[within], sort=True)
    return codes.astype(np.int64), [str(name) for name in names]


def _margin(frame: pd.DataFrame, rows: pd.DataFrame, parts: Codes, sizes: Floats) -> Margin:
    variable = str(rows["variable"].iloc[0])
    if variable not in frame.columns:
        raise DataError(_("{variable}: the sample has no such column to weight by.").format(variable=variable))
    category = pd.Index(rows["category"]).get_indexer(frame[variable])
    _check_known(variable, frame[variable], category, rows)
    shares = _shares(variable, rows)
    codes = parts * len(rows) + category
    _check_met(variable, codes, rows, np.tile(shares, len(sizes)))
    whole = np.full(len(sizes), float(rows["count"].sum())) if "count" in rows else sizes
    return Margin(codes, np.outer(whole, shares).ravel(), np.tile(shares, len(sizes)))


def _shares(variable: str, rows: pd.DataFrame) -> Floats:
    if "count" in rows:
        return (rows["count"] / rows["count"].sum()).to_numpy(float)
    found = rows["share"].to_numpy(float)
    if abs(found.sum() - 1) > 0.001 or (found < 0).any():
        raise DataError(
            _("{variable}: the population's shares sum to {found}; they must be >= 0 and sum to 1.").format(
                variable=variable, found=f"{found.sum():.4f}"
            )
        )
    shares: Floats = found / found.sum()
    return shares


def _check_known(variable: str, values: pd.Series, category: Codes, rows: pd.DataFrame) -> None:
    unknown = values[category < 0]
    if len(unknown):
        raise DataError(
            _("{variable}: {n} respondents are {found}, which has no target; targets are {known}.").format(
                variable=variable,
                n=len(unknown),
                found=", ".join(map(repr, unknown.unique()[:5])),
                known=", ".join(map(repr, rows["category"])),
            )
        )


def _check_met(variable: str, codes: Codes, rows: pd.DataFrame, shares: Floats) -> None:
    empty = (np.bincount(codes, minlength=len(shares)) == 0) & (shares > 0)
    if empty.any():
        missing = sorted({str(rows["category"].iloc[code % len(rows)]) for code in np.flatnonzero(empty)})
        raise DataError(
            _("{variable}: no respondent is {missing}; merge it with a similar group or leave the margin out.").format(
                variable=variable, missing=", ".join(missing)
            )
        )


def _check_bounds(bounds: Sequence[float] | None) -> None:
    if bounds is not None and not 0 <= bounds[0] < 1 < bounds[1]:
        raise DataError(
            _("bounds: found {low} and {high}; the lowest weight must be in 0 to 1 and the highest above 1.").format(
                low=bounds[0], high=bounds[1]
            )
        )


def _report(rows: pd.DataFrame, margin: Margin, names: Sequence[str], design: SurveyDesign, found: Fit) -> pd.DataFrame:
    size = len(margin.shares)
    shares = {}
    for state, weights in (("share_before", design.weights), ("share_after", found.weights)):
        found_sums = sums(margin.codes, weights, size).reshape(len(names), -1)
        shares[state] = (found_sums / found_sums.sum(axis=1, keepdims=True)).ravel()
    return pd.DataFrame(
        {
            "part": np.repeat(list(names), len(rows)),
            "variable": np.tile(rows["variable"], len(names)),
            "category": np.tile(rows["category"], len(names)),
            "n": np.bincount(margin.codes, minlength=size),
            **shares,
            "share_population": margin.shares,
        }
    )
