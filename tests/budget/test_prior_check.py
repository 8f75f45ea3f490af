from dataclasses import replace

import numpy as np
import pytest
from tests.budget.conftest import CHANNELS

from marketbook.budget.history import History
from marketbook.budget.origin import Origin
from marketbook.budget.prior_check import prior_check
from marketbook.budget.response.density import effect_of_return
from marketbook.budget.response.model import ModelSettings, prior_response
from marketbook.budget.response.priors import Priors


def test_media_together_are_believed_to_bring_about_the_share_asked_for(history: History) -> None:
    media = prior_check(history, ModelSettings(priors=Priors(media_share=0.2))).channels.iloc[-1]
    assert media["revenue_share"] == pytest.approx(0.2, abs=0.04)
    assert media["revenue_share_low"] < 0.1 < 0.3 < media["revenue_share_high"]


def test_a_range_is_shown_as_it_was_given(history: History) -> None:
    found = prior_check(history, ModelSettings(priors=Priors(roas={"社交": (1.5, 6.0)}))).channels
    row = found.set_index("channel").loc["社交"]
    assert (row["roas_low"], row["roas_high"]) == pytest.approx((1.5, 6.0), rel=0.08)


def test_the_conversion_is_that_of_the_model(history: History) -> None:
    """At the middle of the priors, an effect of this size returns its spend once."""
    effect = effect_of_return(history, ModelSettings())
    model = replace(
        prior_response(history, draws=1),
        adstock=np.full((1, 1, 3), 0.5),
        saturation=np.full((1, 1, 3), float(ModelSettings().saturation.priors[0].value(np.zeros(1))[0])),
        effect=effect[None],
    )
    assert model.weekly(history).sum(axis=2)[0] == pytest.approx(history.media.sum().to_numpy())


def test_a_prior_that_does_not_allow_what_came_is_told(history: History) -> None:
    narrow = Priors(intercept=(0.1, 0.01), media_share=0.01, trend_sd=0.01, fourier_sd=0.01, noise_scale=0.01)
    found = prior_check(history, ModelSettings(priors=narrow))
    assert found.inside < 0.1
    assert "hardly allow what was seen" in found.caveats[1]


def test_wide_priors_allow_everything_and_say_so(history: History) -> None:
    found = prior_check(history)
    assert found.inside == 1.0
    assert "possible in 100.0% of all weeks" in found.text
    assert "below 0 too" in found.caveats[-1]


def test_every_figure_has_rows_behind_it(history: History) -> None:
    found = prior_check(history, draws=50).on(Origin(history))
    behind = found.behind()
    assert behind is not None
    assert len(behind.table) == len(CHANNELS) + 1
