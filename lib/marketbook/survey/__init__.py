"""Survey analysis: weights, estimates with their design's standard errors, and what respondents said.

`check` marks interviews not to be trusted, `SurveyDesign` describes the sample, `rake` weights it to the population;
`follow`, `compare`, `recommend` and `crosstab` are the findings. `data` reads what they need.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
