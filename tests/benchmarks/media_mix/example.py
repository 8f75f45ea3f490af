"""The example that all sides fit: its columns, and what its parameters are called."""

CHANNELS = ("x1", "x2")
CONTROLS = ("event_1", "event_2", "t")
WEEKS = 8
WAVES = 2

NAMES = (
    *(f"adstock_alpha {c}" for c in CHANNELS),
    *(f"saturation_lam {c}" for c in CHANNELS),
    *(f"saturation_beta {c}" for c in CHANNELS),
    "intercept",
    *(f"gamma_fourier {wave}_{mode}" for mode in range(1, WAVES + 1) for wave in ("sin", "cos")),
    *(f"gamma_control {c}" for c in CONTROLS),
    "y_sigma",
)
"""Parameters in the order in which every side gives its draws."""
