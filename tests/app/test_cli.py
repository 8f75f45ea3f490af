"""The command line: a manual to read, suggestions for wrong names, exit codes, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.conftest import Make
from typer.testing import CliRunner, Result

from marketbook.app import cli, kernel, worker
from marketbook.kit import language
from marketbook.kit.language import extract


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


@pytest.fixture
def _no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if a worker starts at all."""
    monkeypatch.setattr(worker, "warm_up", lambda: None)
    monkeypatch.setattr(kernel, "warm_up", lambda: None)
    monkeypatch.setattr(worker, "start", lambda _task: pytest.fail("a kernel was started"))


def test_the_help_says_what_it_is_the_commands_by_job_and_examples() -> None:
    text = invoke("--help").output
    for part in ("workspace in which a company", "Reports", "Data", "marketbook run --all", "Exit codes"):
        assert part in text
    data, workspace = ("import", "datasets", "demo"), ("apps", "messages", "users")
    for command in ("run", "list", "show", "history", "schedule", *data, *workspace):
        assert f" {command} " in text


def test_the_help_speaks_chinese() -> None:
    with language.speaking("zh_Hans"):
        made = cli.command()
    assert made.help != cli.ABOUT
    assert all(not part.help.isascii() for part in made.commands.values())


def test_the_help_imports_nothing_heavy() -> None:
    heavy = "('pandas', 'ibis', 'papermill', 'sqlalchemy', 'alembic', 'pyarrow')"
    code = f"import sys; import marketbook.app.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_messages_brings_every_catalogue_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(extract, "update", lambda *names: asked.append(names) or {"survey": 2})
    monkeypatch.setattr(sys, "argv", ["marketbook", "messages"])
    assert invoke("messages").output == "survey: 2 to translate\n"
    assert asked == [()]


def test_a_misspelt_command_gets_a_suggestion() -> None:
    result = invoke("shedule")
    assert result.exit_code == 2
    assert "Did you mean 'schedule'" in result.output


WRONG = {
    ("run",): "Which reports? Name them",
    ("run", "--all", "trial/count-things"): "not both",
    ("run", "count-thing"): "Did you mean 'trial/count-things'?",
    ("run", "count-things", "-p", "n=notanint"): "n: found 'notanint'; must be a whole number",
    ("run", "count-things", "-p", "m=1"): "m: unknown parameter",
    ("run", "count-things", "-l", "zh_Hant2"): "Did you mean 'zh_Hant'?",
    ("run", "count-things", "--formats", "pdf"): "Format 'pdf' is not known",
    ("show", "count-thing"): "Did you mean 'trial/count-things'?",
    ("history", "count-thing"): "Did you mean 'trial/count-things'?",
    ("datasets", "transaction"): "Did you mean 'transactions'?",
    ("import", "transaction", "x.csv"): "Did you mean 'transactions'?",
    ("import", "transactions", "x.csv", "--save-source", "shop"): "there is no mapping to save",
    ("import", "transactions", "x.csv", "--map", "nonsense"): "must be 'column=heading'",
    ("schedule", "--run", "--once"): "exclude each other",
}


@pytest.mark.usefixtures("_no_kernel")
@pytest.mark.parametrize(("arguments", "message"), WRONG.items())
def test_wrong_input_is_named_without_traceback_and_ends_with_2(
    make: Make, arguments: tuple[str, ...], message: str
) -> None:
    make()
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("_no_kernel")
def test_one_wrong_report_keeps_every_kernel_from_starting(make: Make) -> None:
    make("count-things")
    make("count-more", params="parameters: {n: notanint}")
    result = invoke("run", "count-things", "count-more")
    assert (result.exit_code, "count-more.yml: n: found 'notanint'" in result.output) == (2, True)


def test_a_failed_report_ends_with_1_and_the_others_run(make: Make) -> None:
    make("count-things", "print(n)")
    make("fail-things", "1 / 0", like="CountThings")
    result = invoke("run", "trial/count-things", "trial/fail-things", "--formats", "html", "-l", "en")
    assert result.exit_code == 1
    assert "cell [3], `1 / 0`: ZeroDivisionError: division by zero" in result.output
    assert "Regenerated: 1. Failed: 1." in result.output
    assert "1 / 0" in invoke("history").output
    assert "succeeded" in invoke("list").output


def test_show_tells_what_is_allowed(make: Make) -> None:
    make()
    text = invoke("show", "count-things").output
    assert "n  How many" in text
    assert "default: 3; allowed: whole number ≥ 1, ≤ 10" in text
    assert "allowed: 2024, 2025" in text


def test_import_brings_in_a_file_and_says_what_it_did(workspace: Path) -> None:
    file = workspace / "labels.csv"
    file.write_text("value,english\n抖音,Douyin\n,Nothing\n", "utf-8")
    result = invoke("import", "labels", str(file))
    assert result.exit_code == 1
    assert "2 rows read for labels: 1 added" in result.output
    assert "1 " in invoke("datasets").output
    assert "english" in invoke("datasets", "labels").output


def test_the_demo_does_not_replace_data_unasked(workspace: Path) -> None:
    assert workspace
    assert invoke("demo", "--size", "0.01", "--no-records").exit_code == 0
    assert "--force replaces" in invoke("demo", "--size", "0.01").output


def test_the_schedule_lists_what_is_next(make: Make) -> None:
    make(params="schedule: {cron: '0 7 * * 1', time_zone: Asia/Shanghai}")
    text = invoke("schedule").output
    assert "07:00 Asia/Shanghai" in text
    assert "trial/count-things" in text


def test_without_data_all_reports_begin_with_the_demo_company(
    make: Make, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    make(params="parameters: {}")
    asked: list[object] = []
    monkeypatch.setattr("marketbook.demo.build.FULL", 0.02)
    monkeypatch.setattr("marketbook.demo.year.ensure", asked.append)  # they take their time
    first, again = invoke("run", "--all"), invoke("run", "--all")
    assert len(asked) == 2
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "making the demo company" in first.output
    assert "making the demo company" not in again.output
    assert (workspace / ".marketbook/facts/demo-truth.json").exists()


def test_data_of_ones_own_is_never_mixed_with_the_demo_company(make: Make, workspace: Path) -> None:
    make(params="parameters: {}")
    file = workspace / "weeks.csv"
    file.write_text("week,channel,spend_minor,impressions,clicks\n2025-01-06,TV,100,1,1\n")
    assert invoke("import", "media_weeks", str(file)).exit_code == 0
    result = invoke("run", "--all")
    assert result.exit_code == 0, result.output
    assert [f.name for f in (workspace / ".marketbook/facts").glob("*.parquet")] == ["media_weeks.parquet"]
