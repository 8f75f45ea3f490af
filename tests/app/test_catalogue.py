"""The catalogue: notebooks and params files make reports; what is wrong is named with what is allowed."""

from pathlib import Path

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue
from marketbook.kit import language
from marketbook.kit.errors import ParamsError, RunError
from marketbook.kit.facts import view


def test_a_notebook_with_metadata_is_a_report(make: Make) -> None:
    make()
    (report,) = catalogue.reports()
    assert (report.name, report.title, report.chapter) == ("trial/count-things", "Count things", "trial")
    assert report.schema().__name__ == "CountThings"


def test_a_notebook_without_metadata_is_not(make: Make) -> None:
    file = make()
    file.write_text(file.read_text().replace('"marketbook"', '"other"'))
    assert catalogue.reports() == []


def test_each_params_file_is_a_report_of_its_own(make: Make, workspace: Path) -> None:
    make(params="parameters: {n: 4}")
    (workspace / "params/trial/count-things.monthly.yml").write_text("parameters: {n: 5}")
    assert [(r.name, r.params.parameters["n"]) for r in catalogue.reports()] == [
        ("trial/count-things", 4),
        ("trial/count-things.monthly", 5),
    ]


@pytest.mark.parametrize("name", ["trial/count-things", "count-things", "notebooks/trial/count-things.ipynb"])
def test_a_report_is_found_by_any_of_its_names(make: Make, name: str) -> None:
    make()
    assert [r.name for r in catalogue.find([name])] == ["trial/count-things"]


def test_a_wrong_name_gets_a_suggestion(make: Make) -> None:
    make()
    with pytest.raises(RunError, match=r"'count-thinks' is not known\. Did you mean 'trial/count-things'"):
        catalogue.find(["count-thinks"])


def test_a_title_is_told_in_the_language_spoken() -> None:
    (report,) = catalogue.find(["template"])
    with language.speaking("zh_Hans"):
        assert report.title == language.gettext("# Template: a year's revenue").removeprefix("# ")


def test_a_notebook_without_its_class_says_which(make: Make, workspace: Path) -> None:
    make()
    (workspace / "notebooks/trial/count-things.ipynb").rename(workspace / "notebooks/trial/lose-things.ipynb")
    with pytest.raises(RunError, match=r"no class marketbook\.trial.params.LoseThings"):
        catalogue.reports()[0].schema()


def test_what_is_no_notebook_is_named(workspace: Path) -> None:
    (workspace / "notebooks/broken.ipynb").write_text("{")
    with pytest.raises(RunError, match=r"broken\.ipynb: not a notebook"):
        catalogue.reports()


WRONG_FILES = {
    "schedul: {}": "schedul: unknown key. Did you mean 'schedule'",
    "parameters: {n: 1}\nparameters: {n: 2}": "line 1: key 'parameters' stands twice",
    "formats: [html, pdf]": r"formats.1: found 'pdf'; must be one of 'html', 'xlsx', 'pptx'",
    "formats: [html, html]": "formats: .*must not name html twice",
    "formats: html": "formats: found 'html'; must be a list",
    "languages: [de]": "languages.0: found 'de'; must be one of",
    "schedule: {cron: '0 7 * *'}": r"schedule.cron: found '0 7 \* \*'; must have five fields",
    "schedule: {cron: '61 7 * * 1'}": "cannot be read as cron",
    "schedule: {cron: '0 7 * * 9'}": "'9' is not a weekday",
    "schedule: {cron: '0 7 * * 1', time_zone: Asia/Shanghia}": "must be a time zone like 'Asia/Shanghai'",
    "schedule: {time_zone: Asia/Shanghai}": "schedule.cron: is missing",
    "schedule: {cron: '0 7 * * 1', zone: UTC}": "schedule.zone: unknown key. Did you mean 'time_zone'",
    "- 1": r"found \[1\]; must be keys and values",
    "parameters: {": "not YAML: line",
    "recipients: 5": "recipients: found 5; must be a list",
}


@pytest.mark.parametrize(("text", "message"), WRONG_FILES.items())
def test_a_wrong_params_file_is_named_with_key_and_value(make: Make, text: str, message: str) -> None:
    make(params=text)
    with pytest.raises(ParamsError, match=rf"count-things\.yml: .*{message}"):
        catalogue.reports()


def test_a_params_file_without_its_notebook_gets_a_suggestion(make: Make, workspace: Path) -> None:
    make(params="")
    (workspace / "params/trial/count-thing.yml").write_text("")
    with pytest.raises(ParamsError, match=r"no report 'trial/count-thing' .* Did you mean 'trial/count-things'"):
        catalogue.reports()


def test_every_dataset_of_every_domain_is_there() -> None:
    assert {"transactions", "media_weeks", "campaigns", "survey_answers", "labels"} <= set(catalogue.datasets())


def test_no_two_datasets_or_views_share_a_name() -> None:
    views, datasets = view.everything(), catalogue.datasets()
    assert {"budget_lines", "activities", "plans"} <= set(views)
    assert set(views) & set(datasets) == set()
    assert catalogue.with_views() == datasets | views


def test_a_misspelt_dataset_gets_a_suggestion() -> None:
    with pytest.raises(ParamsError, match="Did you mean 'transactions'"):
        catalogue.dataset("transaction")
