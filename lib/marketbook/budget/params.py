"""Parameters of the budget notebooks."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Params


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
    history_weeks: int = Field(
        default=156,
        ge=78,
        le=520,
        title=mark("Weeks to learn from"),
        description=mark("Count of weeks up to the last there is; media before them are carried in."),
    )
    gross_margin: float = Field(
        default=0.6,
        gt=0,
        le=1,
        title=mark("Gross margin"),
        description=mark("Share of revenue that is left before marketing, 0 to 1; turns revenue into profit."),
    )
    saturation: Literal["logistic", "hill", "tanh", "michaelis_menten", "root"] = Field(
        default="logistic",
        title=mark("Form of saturation"),
        description=mark(
            "How response flattens as spend grows: logistic and tanh from the start, michaelis_menten more slowly, "
            "root without end, hill also S-shaped."
        ),
    )
    adstock: Literal["geometric", "delayed", "weibull_cdf", "weibull_pdf"] = Field(
        default="geometric",
        title=mark("Form of carry-over"),
        description=mark(
            "How the effect of a week's spend fades: geometric by the same share each week, weibull_cdf by a changing "
            "share, delayed and weibull_pdf after a peak that may come later."
        ),
    )
    adstock_weeks: int = Field(
        default=8,
        ge=1,
        le=26,
        title=mark("Weeks of carry-over"),
        description=mark("How many weeks a week's spend can work, its own included."),
    )
    use_lift_tests: bool = Field(
        default=True,
        title=mark("Use lift tests"),
        description=mark("Whether the lift tests inform the response curves."),
    )
    seed: int = Field(default=1, ge=0, title=mark("Seed"), description=mark("The same seed gives the same numbers."))

    @field_validator("bounds_percent")
    @classmethod
    def _bounds_in_order(cls, bounds: list[float]) -> list[float]:
        if not 0 <= bounds[0] <= bounds[1]:
            raise ValueError(_("the least must be >= 0 and not above the most"))
        return bounds
