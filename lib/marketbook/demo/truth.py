"""What is really so in the demo company, kept as `demo-truth.json` beside the data: methods are held to it."""

import math
from typing import Self

from pydantic import BaseModel, ConfigDict

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.kit.language import gettext as _

FILE = "demo-truth.json"


class Part(BaseModel):
    """A part of the truth."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SegmentTruth(Part):
    """One latent type of customer.

    Attributes:
        name, english: What it is called.
        customers: How many there are.
        orders_2025: Orders expected in 2025 of one customer of the type who lived the whole year.
        lifetime_years: Mean years until such a customer stops buying.
        basket: Size of their basket, 1 = the average type.
        sale_factor: Times more likely to order in the weeks of 618 and Double 11 than in others.
    """

    name: str
    english: str
    customers: int
    orders_2025: float
    lifetime_years: float
    basket: float
    sale_factor: float


class MediumTruth(Part):
    """One channel's true response at this size.

    Revenue of a week = ceiling_minor * (1 - e^-z) / (1 + e^-z), z = bend * adstocked spend / reference_minor, where the
    adstock weighs the last 8 weeks by carry^k, weights summing to 1, nothing spent before the first week.
    """

    channel: str
    carry: float
    bend: float
    reference_minor: int
    ceiling_minor: int
    contribution_minor: int
    contribution_2025_minor: int
    roas: float
    roas_2025: float

    def revenue(self, spend_minor: float) -> float:
        """Return the weekly revenue in fen that the same spend in fen brings week after week."""
        return self.ceiling_minor * math.tanh(self.bend * spend_minor / self.reference_minor / 2)


class RegionTruth(Part):
    """What media truly brought in one region in 2025.

    Attributes:
        share: Of the country's sales.
        contribution_2025_minor: By channel.
        roas_2025: Of all media.
    """

    region: str
    share: float
    contribution_2025_minor: dict[str, int]
    roas_2025: float


class SalesTruth(Part):
    """How weekly revenue came about: lists with one whole number of fen per week, which sum to the expected revenue.

    Attributes:
        base_minor: Level and straight trend.
        season_minor: Two yearly sine pairs.
        holiday_minor: Holidays and sales; `holiday_effects_minor` by name.
        price_minor: Effect of the price index.
        media_minor: All channels together; `media_by_channel_minor` apart.
        campaign_minor: Campaigns of 2025: geo, national and the experiments' treatments.
        noise_minor: Noise, its standard deviation `noise_sd_minor`.
        price_per_point_minor: Weekly revenue for each 0.01 that the price index is above 1.
        trend_minor: Weekly growth of the base.
    """

    base_minor: list[int]
    season_minor: list[int]
    holiday_minor: list[int]
    price_minor: list[int]
    media_minor: list[int]
    media_by_channel_minor: dict[str, list[int]]
    campaign_minor: list[int]
    noise_minor: list[int]
    noise_sd_minor: int
    holiday_effects_minor: dict[str, int]
    price_per_point_minor: int
    trend_minor: int


class CampaignTruth(Part):
    """One campaign's true effect.

    Attributes:
        relative_lift: Orders and revenue of the treated, as a share more than without it.
        revenue_minor: Revenue it brought in expectation, over its weeks.
        sample_ratio_mismatch: Whether users were lost from the treatment, so that the groups cannot be compared.
    """

    campaign: str
    relative_lift: float
    revenue_minor: int
    sample_ratio_mismatch: bool = False


class JourneyTruth(Part):
    """The Markov chain of journeys: chances per mille from each state to the next."""

    states: list[str]
    transitions: list[list[int]]
    removal_effects: dict[str, float]


class WaveTruth(Part):
    """The population's true values in one wave. NPS, image and purchase intention are of those aware of us."""

    wave: str
    awareness: dict[str, float]
    nps: float
    intention_top2: float


class SurveyTruth(Part):
    """What holds in the survey's population, and what was planted in the sample."""

    waves: list[WaveTruth]
    straight_liner_share: float
    speeder_share: float
    maxdiff_utilities: dict[str, float]
    fair_price: float
    inconsistent_price_share: float
    themes: dict[str, float]


class Truth(Part):
    """Everything true of the demo company.

    Attributes:
        customer_types: The type of each customer in the order of `customers`: one digit, an index into `segments`.
        regions: None in a company made before there were any.
    """

    seed: int
    size: float
    segments: list[SegmentTruth]
    customer_types: str
    media: list[MediumTruth]
    sales: SalesTruth
    campaigns: list[CampaignTruth]
    journeys: JourneyTruth
    survey: SurveyTruth
    regions: list[RegionTruth] = []

    @classmethod
    def read(cls, facts: Facts) -> Self:
        """Read the truth kept beside the data.

        Raises:
            DataError: The folder holds no demo company.
        """
        file = facts.path / FILE
        if not file.exists():
            raise DataError(
                _("{file} is not there: this is not the demo company. 'marketbook demo' makes it.").format(file=file)
            )
        return cls.model_validate_json(file.read_text("utf-8"))

    def write(self, facts: Facts) -> None:
        """Keep the truth beside the data."""
        facts.path.mkdir(parents=True, exist_ok=True)
        fresh = facts.path / f".{FILE}"
        fresh.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        fresh.replace(facts.path / FILE)
