"""Survey analysis: weights, estimates with their design's standard errors, and what respondents said.

`check` marks interviews not to be trusted, `SurveyDesign` describes the sample, `rake` weights it to the population;
`follow`, `compare`, `recommend` and `crosstab` are the findings. `data` reads what they need.
"""

from marketbook.survey.answers import Choices, Scores
from marketbook.survey.comparison import Comparison, compare
from marketbook.survey.crosstab import Crosstab, crosstab
from marketbook.survey.design import SurveyDesign
from marketbook.survey.estimates import Estimate, Estimates
from marketbook.survey.quality import Quality, check
from marketbook.survey.recommendation import Recommendation, recommend
from marketbook.survey.trend import Trend, follow
from marketbook.survey.weights import RakedWeights, rake

__all__ = [
    "Choices",
    "Comparison",
    "Crosstab",
    "Estimate",
    "Estimates",
    "Quality",
    "RakedWeights",
    "Recommendation",
    "Scores",
    "SurveyDesign",
    "Trend",
    "check",
    "compare",
    "crosstab",
    "follow",
    "rake",
    "recommend",
]
