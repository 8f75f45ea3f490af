"""Files to fill in come in as they are, for every dataset and in every language."""

from pathlib import Path

import pytest

from marketbook.app import catalogue
from marketbook.app.server.data import columns, datasets
from marketbook.kit import language
from marketbook.kit.facts import Facts, find_source, import_file, source_names

NAMES = sorted(catalogue.datasets())


@pytest.mark.parametrize("tongue", ["zh_Hans", "en", "zh_Hant"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_to_fill_in_comes_in_whole(tmp_path: Path, name: str, tongue: str) -> None:
    dataset = catalogue.dataset(name)
    with language.speaking(tongue):  # type: ignore[arg-type]
        for ending, (_kind, write) in datasets.TEMPLATES.items():
            file = tmp_path / f"{name}.{ending}"
            file.write_bytes(write(dataset))
            report = import_file(Facts(tmp_path / ending), dataset, file)
            assert (report.added, report.rejected) == (1, 0), file


def test_a_column_is_told_as_a_person_should_know_it() -> None:
    week = columns.described(catalogue.dataset("media_weeks"))[0]
    assert (week.title, week.kind, week.required, week.key, week.description) == (
        "Week", "Day", True, True, "Its Monday.",
    )  # fmt: skip
    spend = columns.described(catalogue.dataset("media_weeks"))[2]
    assert (spend.kind, spend.limits, spend.example) == ("Amount in fen", ("must be at least 0",), "100")


def test_choices_are_listed() -> None:
    gender = next(c for c in columns.described(catalogue.dataset("customers")) if c.name == "gender")
    assert gender.limits == ("one of: 女 · 男 · 未知",)


@pytest.mark.parametrize("name", source_names("ad_days"))
def test_a_sources_headings_are_told(name: str) -> None:
    dataset = catalogue.dataset("ad_days")
    told = dict(columns.headings_of(dataset, find_source(name, dataset)))
    assert "/" in told["Spend (fen)"] or told["Spend (fen)"]
