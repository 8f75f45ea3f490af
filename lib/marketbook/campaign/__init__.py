"""Campaign evaluation: what a campaign changed, from experiments and from counterfactuals, and what it was worth."""

from marketbook.campaign.experiment import ExperimentLift, evaluate_experiment
from marketbook.campaign.geo import GeoEffect, GeoPlacebo, evaluate_geo
from marketbook.campaign.impact import Impact, estimate_impact
from marketbook.campaign.metrics import ExperimentMetrics, compare_metrics
from marketbook.campaign.overview import CampaignOverview, judge_campaigns
from marketbook.campaign.sample_ratio import SampleRatio, check_sample_ratio

__all__ = [
    "CampaignOverview",
    "ExperimentLift",
    "ExperimentMetrics",
    "GeoEffect",
    "GeoPlacebo",
    "Impact",
    "SampleRatio",
    "check_sample_ratio",
    "compare_metrics",
    "estimate_impact",
    "evaluate_experiment",
    "evaluate_geo",
    "judge_campaigns",
]
