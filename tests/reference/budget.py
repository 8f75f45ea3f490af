"""Published values that the budget methods must reproduce, each with its source."""

# PyMC-Marketing 0.19.2, example notebook of the media mix model: what `mmm_example.csv` was simulated with, by channel.
EXAMPLE_CARRY = (0.4, 0.2)
EXAMPLE_SATURATION = (4.0, 3.0)
EXAMPLE_EFFECT = (3000.0, 2000.0)

# The same notebook's priors: beta half-normal with twice the spend share, intercept N(0.5, 0.2), controls N(0, 0.05),
# Fourier Laplace(0, 0.2) (here normal of the same variance), adstock Beta(1, 3), saturation Gamma(3, 1), noise 6.
EXAMPLE_FOURIER_SD = 0.2 * 2**0.5

# PyMC-Marketing 0.19.2, ROAS notebook: `mmm_roas_data.csv` holds its adstock (4 weeks) and saturation as columns.
ROAS_CARRY = {"x1": 0.3, "x2": 0.5}
ROAS_SATURATION = {"x1": 1.0, "x2": 2.5}
ROAS_WEEKS = 4

# PyMC-Marketing 1.3.0, `pymc_marketing.mmm.transformers`, evaluated: adstock of 100, 0, 0, 0, 50, 0, 0, 0, 0, 0 over 6
# weeks, normalised, with two parameters each (alpha and theta, or scale `lam` and shape `k`).
ADSTOCK_SPEND = (100.0, 0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 0.0, 0.0)
ADSTOCKS = {
    "delayed": (
        (0.6, 1.5),
        (
            13.0018685959,
            36.1163016553,
            36.1163016553,
            13.0018685959,
            8.185976468,
            18.1367681551,
            18.0581508277,
            6.500934298,
            0.842521085,
            0.0393086637,
        ),
    ),
    "weibull_pdf": (
        (2.0, 1.7),
        (
            42.1995718044,
            34.2501591979,
            16.7056306402,
            5.6107271154,
            22.3336971444,
            17.1250795989,
            8.3528153201,
            2.8053635577,
            0.6169556211,
            0.0,
        ),
    ),
    "weibull_cdf": (
        (2.0, 1.7),
        (
            48.9281232094,
            35.9657193527,
            13.2310487368,
            1.8044654253,
            24.5340976525,
            17.9834669043,
            6.6155243684,
            0.9022327127,
            0.0350180239,
            0.0003036139,
        ),
    ),
}

# The same: saturation at the levels 0.1, 0.5 and 1 (tanh with b = 1, Michaelis-Menten with alpha = 1).
SATURATION_LEVELS = (0.1, 0.5, 1.0)
SATURATIONS = {
    "tanh": (0.4, (0.2449186624, 0.84828364, 0.9866142982)),
    "michaelis_menten": (0.4, (0.2, 0.5555555556, 0.7142857143)),
    "root": (0.3, (0.5011872336, 0.8122523964, 1.0)),
}

# Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling, JMLR 25(72): the limit of k-hat.
K_HAT_LIMIT = 0.7

# ArviZ 1.3.0, `rhat` and `ess` (rank-normalised, bulk) of 4 chains x 200 draws of an autoregression whose chains stand
# apart: carry-over, distance, R-hat, effective sample size (`tests/budget/test_convergence.py` says how they are made).
CONVERGENCE = (
    (0.0, 0.0, 0.9973436118251756, 882.0638146130411),
    (0.7, 0.0, 1.011173503068284, 148.44611834455273),
    (0.3, 0.5, 1.1670794880424598, 17.587342363924847),
    (-0.4, 0.0, 1.0069582004685165, 1437.4773678763531),
)
