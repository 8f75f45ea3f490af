"""What a response model is made of."""

from dataclasses import dataclass, field

from marketbook.budget.response.adstock import FORMS as ADSTOCKS
from marketbook.budget.response.adstock import Adstock, Geometric
from marketbook.budget.response.averaging import AVERAGED, Averaged
from marketbook.budget.response.priors import Priors
from marketbook.budget.response.saturation import FORMS as SATURATIONS
from marketbook.budget.response.saturation import Logistic, Saturation


@dataclass(frozen=True)
class ModelSettings:
    """What the model is made of.

    Attributes:
        adstock: How spend carries over.
        saturation: How response flattens.
        trend: Whether the base has a straight line over time.
        fourier_modes: Count of yearly waves.
        weekday_modes: Count of waves within the week, where the history is by day.
        priors: What is believed before the data.
    """

    adstock: Adstock = field(default_factory=Geometric)
    saturation: Saturation = field(default_factory=Logistic)
    trend: bool = True
    fourier_modes: int = 2
    weekday_modes: int = 3
    priors: Priors = field(default_factory=Priors)

    @classmethod
    def of(
        cls, *, saturation: str, adstock_weeks: int, adstock: str = "geometric", priors: Priors | None = None
    ) -> "ModelSettings":
        """Choose saturation and adstock by name and the length of the carry-over.

        Names are the keys of their `FORMS`; the saturation may be `averaged` over several.
        """
        carry: Adstock = ADSTOCKS[adstock](adstock_weeks)
        curve: Saturation = Averaged() if saturation == AVERAGED else SATURATIONS[saturation]()
        return cls(adstock=carry, saturation=curve, priors=priors or Priors())
