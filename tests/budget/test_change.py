import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from marketbook.budget.change import REPORT, ChangeResult, Told, changes, last_told
from marketbook.budget.history import History
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.report.earlier import Earlier, remembered


@pytest.fixture(scope="module")
def found(model: ResponseModel) -> ChangeResult:
    return changes(model, weeks=4)


def test_then_is_the_model_without_the_weeks_since(found: ChangeResult, model: ResponseModel) -> None:
    again = changes(model, weeks=4, earlier=fit_response(model.history.until(152), draws=1000))
    assert again.channels.equals(found.channels)
    assert found.then.week == model.history.weeks[151]


def test_a_few_more_weeks_of_the_same_world_change_little(found: ChangeResult) -> None:
    assert found.outside == ()
    assert found.channels["change_share"].abs().max() < 0.5
    assert found.caveats[0].startswith("All channels stay inside")
    assert found.caveats[1].startswith("There is no earlier run of this report that knew fewer weeks")
    assert found.channels["weeks_share"].tolist() == pytest.approx(found.channels["change_share"].tolist())
    assert "weeks_share" not in found.table


def test_the_largest_change_comes_first_and_is_told(found: ChangeResult) -> None:
    shares = found.channels["change_share"].abs()
    assert shares.is_monotonic_decreasing
    assert found.text.startswith(f"With the 4 weeks since 24 Nov 2025, {found.channels['channel'][0]} changed most")


def test_nothing_changes_where_nothing_is_new(model: ResponseModel) -> None:
    same = changes(model, earlier=model)
    assert same.channels["change_share"].tolist() == [0.0] * 3
    assert same.channels["weeks_share"].tolist() == [0.0] * 3
    assert same.numbers()["revenue_change"] == 0
    assert same.weeks == 0


def test_a_channel_that_stopped_working_is_named(history: History) -> None:
    revenue = history.revenue.copy()
    revenue.iloc[130:] -= 4.0 * history.spend["社交"].iloc[130:]
    found = changes(fit_response(replace(history, revenue=revenue), draws=400), weeks=26)
    fallen = found.channels.set_index("channel").loc["社交"]
    assert "社交" in found.outside
    assert fallen["roas_now"] < fallen["roas_then_low"]
    assert found.caveats[0].startswith("Outside the 90% interval that was told then: ")


def test_it_refuses_other_channels(model: ResponseModel, history: History) -> None:
    fewer = fit_response(replace(history, spend=history.spend[["搜索", "社交"]]), draws=100)
    with pytest.raises(DataError, match="Channels then: 搜索 and 社交; now: 电视, 搜索 and 社交"):
        changes(model, earlier=fewer)


RAN_AT = datetime(2025, 11, 25, 23, 40, tzinfo=UTC)


def published(result: ChangeResult, ran_at: datetime) -> None:
    """A run as the runner publishes it, with this result in its notebook."""
    folder = settings().outputs / REPORT / f"{ran_at:%Y%m%dT%H%M%SZ}-zh_Hans"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"started_at": ran_at.isoformat()}), "utf-8")
    cells = [{"cell_type": "code", "outputs": [{"data": result._repr_mimebundle_()}]}, {"cell_type": "markdown"}]
    (folder / "report.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")


@pytest.fixture(scope="module")
def before(model: ResponseModel) -> ResponseModel:
    return fit_response(model.history.until(152), draws=1000)


@pytest.fixture(scope="module")
def told(before: ResponseModel) -> Told:
    """What a run told of data that were revised since: every figure stood a tenth lower."""
    then = Told.by(before)
    return replace(then, channels=then.channels * 0.9, ran_at=RAN_AT)


def test_what_a_run_told_is_read_again_to_the_last_digit(before: ResponseModel) -> None:
    then = Told.by(before)
    again = Told.read(Earlier(RAN_AT, json.loads(json.dumps(then.written()))))
    assert again is not None
    assert again.channels.equals(then.channels)
    assert (again.week, again.settings, again.ran_at) == (then.week, then.settings, RAN_AT)
    assert Told.read(Earlier(RAN_AT, {"week": "2025-01-06"})) is None


def test_the_change_since_a_run_is_parted_into_new_weeks_and_the_rest(
    model: ResponseModel, before: ResponseModel, told: Told
) -> None:
    found = changes(model, told=told, earlier=before)
    alone = changes(model, earlier=before).channels.set_index("channel")
    rows = found.channels.set_index("channel")
    rest = rows["change_share"] - rows["weeks_share"]
    assert rest.tolist() == pytest.approx([0.1 / 0.9] * 3)
    assert rows["weeks_share"].tolist() == pytest.approx((alone.loc[rows.index, "change_share"] / 0.9).tolist())
    assert found.text.startswith("Since the run of 26 Nov 2025, which knew the weeks up to 24 Nov 2025, 4 weeks have")
    assert "of which the new weeks explain" in found.text
    assert "other settings than" not in " ".join(found.caveats)
    assert "weeks_share" in found.table


def test_other_settings_and_channels_that_were_not_told_of_are_said(
    model: ResponseModel, before: ResponseModel, told: Told
) -> None:
    fewer = replace(told, channels=told.channels.drop(index="社交"), settings="hill")
    found = changes(model, told=fewer, earlier=before)
    assert len(found.channels) == 2
    assert found.caveats[-2:] == ["That run was made with other settings than this one.", "Not told of then: 社交."]


def test_the_last_published_run_that_knew_fewer_weeks_is_found(
    model: ResponseModel, before: ResponseModel, workspace: Path
) -> None:
    assert workspace
    assert last_told(model) is None
    first = changes(before, earlier=before)
    published(first, RAN_AT)
    published(changes(model, earlier=model), RAN_AT + pd.Timedelta(days=28))
    (settings().outputs / REPORT / "20260101T000000Z-en").mkdir()
    runs = list(remembered(REPORT, ChangeResult))
    assert [one.ran_at for one in runs] == [RAN_AT + pd.Timedelta(days=28), RAN_AT]
    found = last_told(model)
    assert found is not None
    assert (found.week, found.ran_at) == (before.history.weeks[-1], RAN_AT)
    assert found.channels.equals(first.now.channels)
