"""The planner: a screen on which a split is looked for by sliders, kept as a scenario, and proposed."""
