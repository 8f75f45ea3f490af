"""English words for every Chinese data value."""

import pandas as pd

from marketbook.demo import company, plans, questionnaire, survey
from marketbook.demo.customers import KINDS
from marketbook.demo.regions import REGIONS
from marketbook.demo.year import words as year

OTHERS = {
    company.NAME: company.NAME_ENGLISH,
    survey.SURVEY: "Qinghe Select brand tracker",
    "自然访问": "Direct visit",
    "新品推广": "New products",
    "爆款转化": "Best sellers",
    "品牌曝光": "Brand awareness",
    "control": "Control",
}


def labels() -> pd.DataFrame:
    """Return `labels`, sorted by value."""
    words = _of_company() | _of_campaigns() | _of_survey() | year.WORDS | OTHERS
    return pd.DataFrame(sorted(words.items()), columns=["value", "english"])


def _of_company() -> dict[str, str]:
    named = (*company.PROVINCES, *company.CATEGORIES, *company.MEDIA, *company.HOLIDAYS, *KINDS, *REGIONS)
    words = {thing.name: thing.english for thing in named}
    accounts = {m.account: f"{company.NAME_ENGLISH} - {m.english}" for m in company.MEDIA if m.account}
    return words | accounts | company.TIERS | company.GENDERS | company.SALES_CHANNELS | company.SOURCES


def _of_campaigns() -> dict[str, str]:
    provinces = {p.name: p.english for p in company.PROVINCES}
    words = {plan.name: plan.english for plan in plans.PLANS}
    words |= {plan.treatment: plan.treatment_english for plan in plans.TESTS}
    return words | {"|".join(p.regions): ", ".join(provinces[r] for r in p.regions) for p in plans.GEO_CAMPAIGNS}


def _of_survey() -> dict[str, str]:
    words = {wording: english for _, wording, english in questionnaire.WORDINGS.values()}
    for choices in questionnaire.CHOICES.values():
        words |= choices
    return words | questionnaire.IMAGE | questionnaire.PRICES
