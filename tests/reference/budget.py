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

# Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling, JMLR 25(72): the limit of k-hat.
K_HAT_LIMIT = 0.7
