"""The opportunities that are drawn go on as often as is known, wherever they are old enough to have ended."""

from datetime import date, timedelta

import numpy as np
import pytest

from marketbook.demo.year import pipeline
from marketbook.demo.year.pipeline import CHANCES, NEWCOMERS

TODAY = date(2026, 6, 30)


def test_chances_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "COUNT", 3_000)
    sales = [one for one in pipeline.draw(np.random.default_rng(3), today=TODAY) if one.customer not in NEWCOMERS]
    ended = [[to for _day, to in one.turns] for one in sales if one.on < TODAY - timedelta(120)]
    for place, (stage, chance) in enumerate(CHANCES.items()):
        came = [turns for turns in ended if len(turns) > place]
        went = sum(turns[place] == stage for turns in came)
        assert went / len(came) == pytest.approx(chance, abs=0.05), stage


def test_newcomers_stand_at_every_stage() -> None:
    sales = pipeline.draw(np.random.default_rng(3), today=TODAY)
    stands = [one.turns[-1][1] if one.turns else "prospect" for one in sales if one.customer in NEWCOMERS]
    assert set(stands) == {"prospect", "qualified", "proposal", "won"}
    assert all(day <= TODAY for one in sales for day, _to in one.turns)
