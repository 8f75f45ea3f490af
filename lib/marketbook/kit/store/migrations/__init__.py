"""Migrations: one file a step under `versions/`, numbered in order; `upgrade` runs those that are missing."""

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from marketbook.kit.store.actor import SETUP

HERE = Path(__file__).parent


def upgrade(engine: Engine) -> None:
    """Run the missing steps in one transaction, or nothing at all."""
    if _reached(engine) == head():
        return
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    with engine.execution_options(writing=True, actor=SETUP).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """Return the number of the last step."""
    return max(file.name[:4] for file in (HERE / "versions").glob("*.py") if re.match(r"\d{4}_", file.name))


def _reached(engine: Engine) -> str | None:
    with engine.execution_options(writing=False).connect() as connection:
        return _version(connection) if inspect(connection).has_table("alembic_version") else None


def _version(connection: Connection) -> str | None:
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
