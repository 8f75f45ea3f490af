"""The parameters of the campaign notebook: their defaults stand, wrong ones are named."""

import pytest

from marketbook.campaign.params import EvaluateCampaign
from marketbook.kit.errors import ParamsError


def test_the_defaults_are_allowed() -> None:
    assert EvaluateCampaign.check({}).campaign == "C2501"


@pytest.mark.parametrize(
    ("name", "value"),
    [("metric", "clicks"), ("confidence", 1.0), ("weeks_before", 7), ("gross_margin", 0), ("use_cuped", "perhaps")],
)
def test_it_refuses_what_is_not_allowed(name: str, value: object) -> None:
    with pytest.raises(ParamsError, match=name):
        EvaluateCampaign.check({name: value})
