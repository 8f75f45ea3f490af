import os
from pathlib import Path

import pytest

from marketbook.kit import config
from marketbook.kit.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(config.Settings.model_fields) - {"home"}:
        monkeypatch.delenv(f"MARKETBOOK_{name.upper()}", raising=False)
    (workspace / ".marketbook").mkdir()


def test_defaults_stand_in_the_workspace(workspace: Path) -> None:
    found = config.settings()
    assert (found.language, found.time_zone, found.currency) == ("zh_Hans", "Asia/Shanghai", "CNY")
    assert found.facts == workspace / ".marketbook/facts"
    assert found.store == f"sqlite:///{workspace}/.marketbook/store.db"
    assert found.processes == os.cpu_count()


def test_paths_do_not_depend_on_the_working_directory(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = config.settings().outputs
    monkeypatch.chdir("/")
    config.settings.cache_clear()
    assert config.settings().outputs == before == workspace / "outputs"


def test_the_environment_wins_over_the_file(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / ".marketbook/config.toml").write_text('language = "en"\ncurrency = "EUR"\n')
    monkeypatch.setenv("MARKETBOOK_LANGUAGE", "zh_Hant")
    assert (config.settings().language, config.settings().currency) == ("zh_Hant", "EUR")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('language = "fr"', "config.toml: language: 'fr'"),
        ('time_zone = "Mars/Base"', "config.toml: time_zone: 'Mars/Base'.*'Asia/Shanghai'"),
        ('currency = "yuan"', "config.toml: currency: 'yuan'.*ISO 4217"),
        ("workers = -1", "config.toml: workers: -1"),
        ("colour = 1", "config.toml: colour: 1"),
        ("language = ", "config.toml: not TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(workspace: Path, line: str, told: str) -> None:
    (workspace / ".marketbook/config.toml").write_text(line)
    with pytest.raises(ConfigError, match=told):
        config.settings()


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_WORKERS", "many")
    with pytest.raises(ConfigError, match="MARKETBOOK_WORKERS: 'many'"):
        config.settings()


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="not a workspace: it has no folder notebooks/"):
        config.settings()
