"""Survey analysis: weights, estimates with their design's standard errors, and what respondents said."""
