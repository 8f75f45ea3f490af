"""Parameters of the budget notebooks."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, field_validator

from marketbook.kit.forms.fields import Labels
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Params

HistoryWeeks = Annotated[
    int,
    Field(
        ge=78,
        le=520,
        title=mark("Weeks to learn from"),
        description=mark("Count of weeks up to the last there is; media before them are carried in."),
    ),
]
SaturationForm = Annotated[
    Literal["logistic", "hill", "tanh", "michaelis_menten", "root"],
    Field(
        title=mark("Form of saturation"),
        description=mark(
            "How response flattens as spend grows: logistic and tanh from the start, michaelis_menten more slowly, "
            "root without end, hill also S-shaped."
        ),
    ),
]
AveragedForm = Annotated[
    Literal["averaged", "logistic", "hill", "tanh", "michaelis_menten", "root"],
    Field(
        title=mark("Form of saturation"),
        description=mark(
            "How response flattens as spend grows. averaged: logistic, hill and root, each as far as the data speak "
            "for it; or one alone: logistic and tanh flatten from the start, michaelis_menten more slowly, root "
            "without end, hill also S-shaped."
        ),
    ),
]
AdstockForm = Annotated[
    Literal["geometric", "delayed", "weibull_cdf", "weibull_pdf"],
    Field(
        title=mark("Form of carry-over"),
        description=mark(
            "How the effect of a week's spend fades: geometric by the same share each week, weibull_cdf by a changing "
            "share, delayed and weibull_pdf after a peak that may come later."
        ),
    ),
]
AdstockWeeks = Annotated[
    int,
    Field(
        ge=1,
        le=26,
        title=mark("Weeks of carry-over"),
        description=mark("How many weeks a week's spend can work, its own included."),
    ),
]
UseLiftTests = Annotated[
    bool,
    Field(
        title=mark("Use lift tests"),
        description=mark("Whether the lift tests inform the response curves."),
    ),
]
Seed = Annotated[
    int,
    Field(ge=0, title=mark("Seed"), description=mark("The same seed gives the same numbers.")),
]

GEO_WEEKS = 104
"""Most weeks that a report's part by geo learns from."""

DETAILS = {
    "by_week": mark("weeks of the whole country"),
    "by_geo": mark("weeks of the country and of its geos"),
    "by_day": mark("days of the whole country"),
}
"""What the levels of detail are called."""

_NUMBER = r"\d+(\.\d+)?"
_LIMIT = rf"[^=]+=\s*({_NUMBER}%\s*-\s*{_NUMBER}%|{_NUMBER}\s*-\s*{_NUMBER})"
_TARGET = rf"(roas|last_yuan|order_cost)\s*=\s*{_NUMBER}"
_RANGE = re.compile(r"(?P<channel>[^=]+)=\s*(?P<low>\d+(\.\d+)?)\s*-\s*(?P<high>\d+(\.\d+)?)\s*")


class AllocateBudget(Params):
    """What `budget/allocate-budget` can be asked."""

    needs: ClassVar[tuple[str, ...]] = ("media_weeks", "sales_weeks", "lift_tests")

    horizon_weeks: int = Field(
        default=52,
        ge=1,
        le=52,
        title=mark("Weeks to plan"),
        description=mark("Weeks that the plan covers; spend keeps the weekly pattern of the last year."),
    )
    total: float | None = Field(
        default=None,
        gt=0,
        title=mark("Total to spend (yuan)"),
        description=mark("For all channels and the whole horizon, not per week; empty: as much as last year."),
    )
    bounds_percent: list[float] = Field(
        default=[70, 130],
        min_length=2,
        max_length=2,
        title=mark("Least and most per channel (%)"),
        description=mark("Percent of today's spend that every channel keeps at least, and that none exceeds."),
    )
    limits: list[Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^{_LIMIT}$")]] = Field(
        default=[],
        max_length=50,
        title=mark("Other limits"),
        description=mark(
            "Of single channels, or of channels together joined by +, in percent of today's spend or in yuan: "
            "抖音=50%-200%, 抖音+小红书=5000000-8000000."
        ),
    )
    worst_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        title=mark("Share of cases that counts"),
        description=mark("1: all cases; 0.1: the worst tenth of what the data allow, for a careful plan."),
    )
    target: Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^({_TARGET})?$")] = Field(
        default="",
        title=mark("Target"),
        description=mark(
            "Spend as much as meets it: roas=2 (revenue for each yuan), last_yuan=1.5 (what the last yuan brings) or "
            "order_cost=40 (yuan for an order); then the total is the most. Empty: none."
        ),
    )
    gross_margin: float = Field(
        default=0.6,
        gt=0,
        le=1,
        title=mark("Gross margin"),
        description=mark("Share of revenue that is left before marketing, 0 to 1; turns revenue into profit."),
    )
    saturation: AveragedForm = "averaged"
    adstock: AdstockForm = "geometric"
    seed: Seed = 1

    @field_validator("bounds_percent")
    @classmethod
    def _bounds_in_order(cls, bounds: list[float]) -> list[float]:
        if not 0 <= bounds[0] <= bounds[1]:
            raise ValueError(_("the least must be >= 0 and not above the most"))
        return bounds


class ModelResponse(Params):
    """What `budget/model-response` can be asked."""

    needs: ClassVar[tuple[str, ...]] = ("media_weeks", "sales_weeks", "lift_tests")

    detail: Annotated[Literal["by_week", "by_geo", "by_day"], Labels(DETAILS)] = Field(
        default="by_geo",
        title=mark("Level of detail"),
        description=mark(
            "What the report learns from: weeks of the whole country; beside them weeks of each geo, where sales and "
            "media by geo are there; or days of the whole country, which takes far longer."
        ),
    )
    history_weeks: HistoryWeeks = 156
    saturation: SaturationForm = "logistic"
    adstock: AdstockForm = "geometric"
    adstock_weeks: AdstockWeeks = 8
    use_lift_tests: UseLiftTests = True
    media_share: float = Field(
        default=0.3,
        gt=0,
        lt=1,
        title=mark("Share of revenue by media"),
        description=mark("What all channels together are believed to bring before the data, 0 to 1; a wide belief."),
    )
    roas: list[str] = Field(
        default=[],
        title=mark("Ranges of return"),
        description=mark(
            "What a yuan in a channel is believed to bring (5% to 95%), like 抖音=1.5-6; it replaces the share above."
        ),
    )
    holidays_of: str = Field(
        default="",
        pattern="^([A-Z]{2})?$",
        title=mark("Holidays of"),
        description=mark("Code of the country (CN, US) whose holidays are added to those recorded; empty: none."),
    )
    seed: Seed = 1

    @field_validator("roas")
    @classmethod
    def _ranges_can_be_read(cls, ranges: list[str]) -> list[str]:
        for given in ranges:
            if not _RANGE.fullmatch(given):
                raise ValueError(_("'{given}' must be a channel and a range, like 抖音=1.5-6").format(given=given))
        return ranges

    @property
    def period(self) -> Literal["week", "day"]:
        """Whether to learn from weeks or from days."""
        return "day" if self.detail == "by_day" else "week"

    @property
    def adstock_periods(self) -> int:
        """Weeks of carry-over, in weeks or in days."""
        return self.adstock_weeks * (1 if self.period == "week" else 7)

    @property
    def geo_weeks(self) -> int:
        """Weeks that the part by geo learns from: not all, to save time; 0: there is no such part."""
        return min(self.history_weeks, GEO_WEEKS) if self.detail == "by_geo" else 0

    @property
    def roas_ranges(self) -> dict[str, tuple[float, float]]:
        """The 5 and 95 % ends of a channel's return, by channel."""
        found = [match for given in self.roas if (match := _RANGE.fullmatch(given))]
        return {match["channel"].strip(): (float(match["low"]), float(match["high"])) for match in found}


class CompareScenarios(Params):
    """What `budget/compare-scenarios` can be asked."""

    needs: ClassVar[tuple[str, ...]] = ("media_weeks",)
    views: ClassVar[tuple[str, ...]] = ("scenarios",)

    scenarios: list[int] = Field(
        default=[],
        max_length=8,
        title=mark("Scenarios"),
        description=mark("Their numbers, as the planner lists them; empty: the last three."),
    )
