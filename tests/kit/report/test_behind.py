"""What opens behind a number: said by the result, carried by the finding, written into the page as no link."""

import re

import pytest
from tests.kit.report import invented

from marketbook.kit.facts import Rows, connection
from marketbook.kit.report import Behind
from marketbook.kit.report.finding import Finding
from marketbook.kit.report.page import piece

SPENT = Rows("media_weeks")


class Media:
    """An origin."""

    def behind(self, result: invented.Awareness) -> Behind:
        channels = list(result.shares["channel"])
        return Behind(
            whole=SPENT,
            numbers={"n": Rows("survey_respondents")},
            table=[SPENT.being(channel=channel) for channel in channels],
            cells={"n": [Rows("survey_answers").being(option=channel) for channel in channels]},
        )


@pytest.fixture
def finding() -> Finding:
    return Finding.of(invented.awareness().on(Media()))


def opened(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="mb-rows" data-rows="([^"]*)">([^<]*)</a>', html)


def test_each_number_opens_the_finest_rows_said(finding: Finding) -> None:
    rows = finding.behind
    assert (rows.number("n"), rows.number("share")) == ("survey_respondents", "media_weeks")
    assert (rows.cell("n", 0), rows.cell("share", 1)) == (
        "survey_answers?option=抖音",
        "media_weeks?channel=微信公众号与视频号",
    )


def test_the_page_opens_headline_numbers_and_numeric_cells_only(finding: Finding) -> None:
    found = opened(piece(finding))
    assert ("media_weeks", "51.2%") in found
    assert ("media_weeks?channel=%3D1%2B2", "12.0%") in found
    assert len(found) == len(finding.numbers) + 5 * 5
    assert "href" not in piece(finding)


def test_a_result_without_origin_opens_nothing() -> None:
    finding = Finding.of(invented.awareness())
    assert opened(piece(finding)) == []


def test_a_missing_value_opens_nothing(finding: Finding) -> None:
    row = (finding.table.rows[0][0], None, *finding.table.rows[0][2:])
    table = finding.table.model_copy(update={"rows": (row,)})
    assert len(opened(piece(finding.model_copy(update={"table": table})))) == len(finding.numbers) + 4


def test_the_address_tells_what_the_data_was_like(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_sources", {"media_weeks": "5534f4d19718f3f2"})
    assert Finding.of(invented.awareness().on(Media())).behind.whole == "media_weeks?_seen=5534f4d19718f3f2"


def test_findings_of_earlier_runs_are_still_read(finding: Finding) -> None:
    earlier = finding.model_dump(mode="json", exclude={"behind"})
    assert Finding.model_validate(earlier).behind.whole == ""
    assert Finding.model_validate(finding.model_dump(mode="json")) == finding


def test_what_data_says_becomes_no_markup(finding: Finding) -> None:
    evil = finding.behind.model_copy(update={"whole": 'a?b="><script>'})
    assert "<script" not in piece(finding.model_copy(update={"behind": evil}))
