"""The migrated tables are the declared ones, and every step can be taken at any time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import marketbook.app.history  # declares its table
import marketbook.app.imports  # noqa: F401  # declares its table
from marketbook.kit.records import types
from marketbook.kit.store import SETUP, Base, Store, migrations, triggers

types.load()  # declares the tables of every chapter


def no_search_index(name: str | None, kind: str, _parents: object) -> bool:
    """What rows are found by is no declared table: on SQLite it is a virtual one and those that it keeps itself in."""
    return not (kind == "table" and name and re.search("_text(_|$)", name))


def test_the_migrated_tables_are_the_declared_ones(store: Store) -> None:
    with store.engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": no_search_index}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_every_index_and_check_is_there(store: Store) -> None:
    inspector = inspect(store.engine)
    for table in Base.metadata.sorted_tables:
        indexes = {i["name"]: bool(i["unique"]) for i in inspector.get_indexes(table.name)}
        assert indexes == {i.name: i.unique for i in table.indexes}
        checks = {c["name"] for c in inspector.get_check_constraints(table.name)}
        assert checks == {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}


def test_upgrading_again_changes_nothing(store: Store) -> None:
    before = inspect(store.engine).get_table_names()
    store.upgrade()
    assert inspect(store.engine).get_table_names() == before


def test_a_step_that_fails_leaves_nothing_behind(blank: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(op, "create_index", refuse)
    with pytest.raises(RuntimeError):
        blank.upgrade()
    assert inspect(blank.engine).get_table_names() == []


def test_a_chapter_s_step_can_be_taken_back_and_again(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    with store.engine.connect() as connection:
        before = triggers.installed(connection)
    with store.engine.execution_options(writing=True, actor=SETUP).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        assert "budget_line" not in inspect(connection).get_table_names()
    store.upgrade()
    with store.engine.connect() as connection:
        assert triggers.installed(connection) == before


UPGRADE = "import sys; from marketbook.kit.store import Store; Store(sys.argv[1]).upgrade()"


def test_four_processes_may_upgrade_at_once(blank: Store) -> None:
    url = blank.url.render_as_string(hide_password=False)
    processes = [subprocess.Popen([sys.executable, "-c", UPGRADE, url]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert "notebook_run" in inspect(blank.engine).get_table_names()


def test_the_steps_are_numbered_in_order() -> None:
    files = sorted(f.name for f in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
