import numpy as np
import pytest
from scipy import stats

from marketbook.budget.response.priors import Beta, Gamma, HalfNormal, LogNormal, Prior, TruncatedNormal
from marketbook.kit.errors import ParamsError

NORMAL = np.array([-3.0, -0.5, 0.0, 1.2, 3.0])


@pytest.mark.parametrize(
    ("prior", "same"),
    [
        (Beta(1.0, 3.0), stats.beta(1, 3)),
        (Beta(2.0, 2.0), stats.beta(2, 2)),
        (Gamma(3.0, 1.0), stats.gamma(3)),
        (LogNormal(0.5, 0.7), stats.lognorm(0.7, scale=0.5)),
        (HalfNormal(0.4), stats.halfnorm(scale=0.4)),
        (TruncatedNormal(1.0, 2.0), stats.truncnorm(-0.5, np.inf, 1.0, 2.0)),
    ],
)
def test_a_standard_normal_number_stands_for_the_same_quantile(prior: Prior, same: stats.rv_continuous) -> None:
    assert prior.value(NORMAL) == pytest.approx(same.ppf(stats.norm.cdf(NORMAL)), rel=1e-8)


@pytest.mark.parametrize(
    "prior", [Beta(1.0, 3.0), Beta(2.0, 2.0), Gamma(2.0, 0.5), LogNormal(1.0, 0.3), HalfNormal(0.4)]
)
def test_even_absurd_numbers_stand_for_usable_parameters(prior: Prior) -> None:
    found = prior.value(np.array([-50.0, 50.0]))
    assert np.isfinite(found).all()
    assert (found > 0).all()


@pytest.mark.parametrize(
    "prior",
    [Beta(1.0, 3.0), Beta(2.0, 2.0), Gamma(2.0, 0.5), LogNormal(1.0, 0.3), HalfNormal(2.0), TruncatedNormal(1.0, 2.0)],
)
def test_the_slope_is_the_derivative_of_the_value(prior: Prior) -> None:
    rise = (prior.value(NORMAL + 1e-5) - prior.value(NORMAL - 1e-5)) / 2e-5
    assert prior.slope(NORMAL, prior.value(NORMAL)) == pytest.approx(rise, rel=1e-5)
    assert prior.slope(np.array([-50.0, 50.0]), prior.value(np.array([-50.0, 50.0]))).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("low", "high"), [(1.0, 4.0), (0.2, 8.0), (2.9, 3.1), (0.0, 5.0)])
def test_a_range_holds_nine_tenths_and_leaves_as_much_on_both_sides(low: float, high: float) -> None:
    prior = TruncatedNormal.between(low, high)
    same = stats.truncnorm(-prior.mean / prior.spread, np.inf, prior.mean, prior.spread)
    assert same.cdf(high) == pytest.approx(0.95, abs=1e-6)
    assert same.cdf(low) == pytest.approx(0.05 if low else 0.0, abs=1e-6)


@pytest.mark.parametrize(("low", "high"), [(4.0, 1.0), (-1.0, 2.0), (0.1, 100.0)])
def test_a_range_that_no_positive_normal_number_has_is_refused(low: float, high: float) -> None:
    with pytest.raises(ParamsError, match=f"Range {low} to {high}"):
        TruncatedNormal.between(low, high)
