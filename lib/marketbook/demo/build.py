"""Making the demo company: every chapter in turn, from one seed.

A new chapter (plans, budgets, claims, people, ..) is a module of its own, a name at the end of `draws.CHAPTERS`, a part
of `truth.Truth`, and one line in `make`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

import marketbook.budget.data as budget_data
import marketbook.campaign.data as campaign_data
import marketbook.segmentation.data as segmentation_data
import marketbook.survey.data as survey_data
from marketbook.demo import (
    answers,
    campaigns,
    customers,
    journeys,
    media,
    orders,
    questionnaire,
    regions,
    sales,
    survey,
)
from marketbook.demo.draws import generators, whole
from marketbook.demo.labels import labels
from marketbook.demo.truth import CampaignTruth, JourneyTruth, RegionTruth, SalesTruth, SegmentTruth, SurveyTruth, Truth
from marketbook.kit.errors import DataError
from marketbook.kit.facts import LABELS, Dataset, Facts
from marketbook.kit.language import gettext as _

DATASETS: tuple[Dataset, ...] = (
    *survey_data.DATASETS,
    *segmentation_data.DATASETS,
    *(dataset for dataset in budget_data.DATASETS if dataset not in budget_data.BY_DAY),
    *campaign_data.DATASETS,
    LABELS,
)
FULL = 1.0
FEWEST_RESPONDENTS = 200
Streams = dict[str, np.random.Generator]


def make(facts: Facts, *, size: float = FULL, seed: int = 2026) -> Truth:
    """Write every dataset of the demo company, and its truth beside them.

    Args:
        facts: The folder; what is there under the same names is replaced.
        size: 1 is 500,000 transactions of 60,000 customers; money, users and respondents grow with it.
        seed: The same seed and size give the same rows on every machine.

    Returns:
        The true parameters.

    Raises:
        DataError: The size is not from 0.01 to 20.
    """
    if not 0.01 <= size <= 20:
        raise DataError(_("size: {size} is not possible; it must be from 0.01 to 20.").format(size=size))
    streams = generators(seed)
    plan = media.plan(streams["media"], size)
    segments, types, sold, campaign_truths, by_region = _make_sales(facts, streams, plan, size)
    _make_media(facts, streams, plan)
    found = Truth(
        seed=seed,
        size=size,
        segments=segments,
        customer_types=types,
        media=media.truths(plan),
        sales=sold,
        campaigns=campaign_truths,
        journeys=_make_journeys(facts, streams, size),
        survey=_make_survey(facts, streams, plan, size),
        regions=by_region,
    )
    facts.write(LABELS, labels())
    found.write(facts)
    return found


def ensure(facts: Facts) -> bool:
    """Make the demo company where the folder holds no dataset at all; broken off, it leaves none.

    Returns:
        Whether it was made.
    """
    if any(facts.exists(dataset.name) for dataset in DATASETS):
        return False
    facts.path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".demo-", dir=facts.path) as folder:
        make(Facts(Path(folder)), size=FULL)
        for file in sorted(Path(folder).iterdir()):
            file.replace(facts.path / file.name)
    return True


def _make_sales(
    facts: Facts, streams: Streams, plan: media.Media, size: float
) -> tuple[list[SegmentTruth], str, SalesTruth, list[CampaignTruth], list[RegionTruth]]:
    weeks = sales.weekly(streams["sales"], plan)
    people = customers.draw(streams["customers"], weeks.revenue, plan.revenue, size)
    enrolments = campaigns.enrol(streams["campaigns"], people, size)
    ledger, buying = orders.draw(streams["sales"], people, weeks, enrolments)
    facts.write(segmentation_data.CUSTOMERS, customers.customers(people))
    facts.write(segmentation_data.TRANSACTIONS, orders.transactions(ledger, people))
    facts.write(budget_data.SALES_WEEKS, sales.sales_weeks(weeks, ledger))
    facts.write(campaign_data.GEO_DAYS, campaigns.geo_days(people, ledger))
    facts.write(campaign_data.CAMPAIGNS, campaigns.campaigns(size))
    users = campaigns.experiment_users(streams["campaigns"], people, enrolments, ledger)
    facts.write(campaign_data.EXPERIMENT_USERS, users)
    types = "".join(people.kind.astype(str))
    raised = whole(weeks.revenue * buying.raised).sum(axis=0)
    told = campaigns.truths(buying.raised, weeks.revenue)
    by_region = _make_regions(facts, regions.divide(streams["regions"], plan, weeks, ledger.revenue_by_week()))
    return customers.truths(people, buying.expected), types, sales.truth(weeks, raised), told, by_region


def _make_regions(facts: Facts, divided: regions.Divided) -> list[RegionTruth]:
    facts.write(budget_data.GEO_MEDIA_WEEKS, regions.media_weeks(divided))
    facts.write(budget_data.GEO_SALES_WEEKS, regions.sales_weeks(divided))
    return regions.truths(divided)


def _make_media(facts: Facts, streams: Streams, plan: media.Media) -> None:
    facts.write(budget_data.MEDIA_WEEKS, media.media_weeks(plan))
    facts.write(budget_data.LIFT_TESTS, media.lift_tests(streams["media"], plan))
    facts.write(budget_data.AD_DAYS, media.ad_days(streams["ad_days"], plan))


def _make_journeys(facts: Facts, streams: Streams, size: float) -> JourneyTruth:
    facts.write(campaign_data.CONVERSION_PATHS, journeys.conversion_paths(streams["journeys"], size))
    return journeys.truth()


def _make_survey(facts: Facts, streams: Streams, plan: media.Media, size: float) -> SurveyTruth:
    rng = streams["survey"]
    n = max(FEWEST_RESPONDENTS, round(survey.RESPONDENTS * size))
    populations = survey.populations(plan)
    samples = [survey.sample(rng, population, n) for population in populations]
    respondents = [pa.Table.from_pandas(survey.respondents(rng, s, w)) for w, s in enumerate(samples)]
    facts.write(survey_data.WAVES, survey.waves(rng, n))
    facts.write(survey_data.QUESTIONS, questionnaire.questions())
    facts.write(survey_data.OPTIONS, questionnaire.options())
    facts.write(survey_data.RESPONDENTS, pa.concat_tables(respondents))
    facts.write(survey_data.ANSWERS, pa.concat_tables([answers.answer(rng, s, w) for w, s in enumerate(samples)]))
    facts.write(survey_data.TARGETS, survey.population_targets())
    return SurveyTruth(
        waves=[survey.wave_truth(population, w) for w, population in enumerate(populations)],
        straight_liner_share=survey.STRAIGHT_LINERS,
        speeder_share=survey.SPEEDERS,
        maxdiff_utilities=answers.utilities(),
        fair_price=answers.FAIR_PRICE,
        inconsistent_price_share=answers.INCONSISTENT,
        themes=answers.themes(),
    )
