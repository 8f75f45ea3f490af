"""Published values that the campaign methods must reproduce, each with its source."""

# synth-inference/synthdid 0.0.9, california_prop99: synthdid_estimate, sc_estimate, did_estimate.
PROP99 = {"synthetic_did": -15.6038278727, "synthetic_control": -19.6196634709, "did": -27.3491110836}
PROP99_YEARS = {1986: 0.366, 1987: 0.206, 1988: 0.427}
PROP99_NEVADA = 0.124

# R CausalImpact: average effect, its standard deviation, and how far the last printed digit or the Monte Carlo error
# of the published run reaches. `comparison` is the mean of 100,000 draws, whose own error is about 2.4; its tail
# probability is .1959. The rest are printed to two digits: Brodersen et al. (2015), package vignette 1.4.1, and the
# summaries in WillianFuks/tfcausalimpact notebooks/R.
IMPACT = {
    "vignette": (10.5, 0.37, 0.5, 0.01),
    "arma_data": (0.89, 0.30, 0.012, 0.01),
    "basque": (-0.76, 0.31, 0.02, 0.01),
    "comparison_data": (-640.2, 745.6, 3.0, 4.0),
    "google_data": (27.0, 4.5, 0.5, 0.1),
}
COMPARISON_TAIL = 0.1959

# tea-tasting 1.14.0 (PyPI) on the 2,000 users that `tests/campaign/conftest.py` draws: control, treatment, difference
# with interval, p-value; then the lift's interval by the delta method.
TEA_TASTING = {
    "mean": (93.50918708071048, 97.4169550898569, -0.24700327425532453, 8.06253929254817, 0.06524939360369568),
    "cuped": (93.38049712080183, 97.55581182414504, 1.2264902350182862, 7.124139171668123, 0.005540250960403487),
    "ratio": (41.35600178516296, 42.79228803490517, -0.4695834125850993, 3.3421559120695195, 0.1395791227169285),
}
TEA_TASTING_LIFTS = {
    "mean": (-0.002594517262156093, 0.08815005336281212),
    "cuped": (0.012930378728308378, 0.07749269670426617),
    "ratio": (-0.011100287638104667, 0.08268389058510128),
}

# Hillstrom (2008), MineThatData e-mail challenge: users by variant and the p-value of their split.
HILLSTROM_USERS = {"control": 21_306, "men": 21_307, "women": 21_387}
HILLSTROM_SPLIT = 0.90369296

# Benjamini and Hochberg (1995), table in section 3.2: of 15 p-values 4 stay below .05.
BENJAMINI_P_VALUES = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
)
BENJAMINI_REJECTED = 4
