"""The competitor log, and the notice of a price that has fallen."""

import sqlalchemy as sa
from alembic import op

from marketbook.competitor.guards import of_log
from marketbook.kit.records import guards
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import (
    About,
    check,
    forget,
    install_states,
    install_steps,
    key,
    listed,
    other,
)
from marketbook.kit.store.money import Minor, whole

revision = "0014"
down_revision = "0013"

FORMER_NOTICES = (
    "waiting", "decided", "returned", "mentioned", "assigned", "respond_soon", "respond_late", "respond_very_late",
    "resolve_soon", "resolve_late", "resolve_very_late",
)  # fmt: skip
NOTICES = (*FORMER_NOTICES, "price_drop")
STATES = {
    "competitor_entry": {"draft": "editable", "noted": "", "corrected": "final", "withdrawn": "final"},
}  # fmt: skip
CLOSED = {
    "action": ("price", "promotion", "new_product", "new_channel", "advertising", "pr", "personnel", "other"),
    "channel": (
        "tmall", "jd", "douyin", "pinduoduo", "kuaishou", "xiaohongshu", "wechat", "own_app", "website", "store",
        "distributor", "other",
    ),
    "price_kind": ("list", "promotion"),
    "unit": ("piece", "g", "ml", "month"),
    "source": ("shop", "visit", "advertisement", "press", "social", "customer", "partner", "report"),
}  # fmt: skip
RULES = {
    **{name: f"{name} IN ({listed(names)})" for name, names in CLOSED.items()},
    "price_minor": f"price_minor > 0 AND {whole('price_minor')}",
    "priced": "price_minor IS NULL OR product <> ''",
    "told": "price_minor IS NOT NULL OR (action <> 'price' AND length(trim(seen)) >= 4)",
    "currency": "length(currency) = 3 AND currency = upper(currency)",
    "size": "size BETWEEN 1 AND 1000000",
    "seen_on": "seen_on <= entered_on",
    "link": "link = '' OR substr(link, 1, 8) = 'https://' OR substr(link, 1, 7) = 'http://'",
}
REASON: About = {"needs_reason": True}


def upgrade() -> None:
    _table()
    install_states(STATES)
    install_steps("competitor_entry", [("draft", "noted", {"role": "owner"}), *_ends()])
    triggers.install(op.get_bind(), of_log(op.get_bind()))
    _tell(NOTICES)


def downgrade() -> None:
    _tell(FORMER_NOTICES)
    triggers.remove(op.get_bind(), of_log(op.get_bind()))
    op.drop_table("competitor_entry")
    forget(STATES)


def _table() -> None:
    op.create_table(
        "competitor_entry",
        key("record"),
        other("competitor_id", "party", nullable=False),
        *(sa.Column(name, sa.String(100), nullable=False) for name in ("product", "own_product")),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("price_minor", Minor),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("price_kind", sa.String(10), nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("entered_on", sa.Date, nullable=False),
        other("supersedes_id", "competitor_entry"),
        *(check("competitor_entry", name, rule) for name, rule in RULES.items()),
    )
    for name, columns in {
        "seen": ["seen_on", "id"], "series": ["competitor_id", "product", "channel", "seen_on"],
    }.items():  # fmt: skip
        op.create_index(f"ix_competitor_entry_{name}", "competitor_entry", columns)
    op.create_index("uq_competitor_entry_supersedes_id", "competitor_entry", ["supersedes_id"], unique=True)


def _ends() -> list[tuple[str, str, About]]:
    return [
        ("noted", to, {"role": role, **REASON}) for to in ("corrected", "withdrawn") for role in ("owner", "manager")
    ]


def _tell(kinds: tuple[str, ...]) -> None:
    """Say which kinds of notices there are; SQLite copies the table, whose triggers are made anew."""
    name, connection = op.f("ck_notification_kind"), op.get_bind()
    with op.batch_alter_table("notification") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"kind IN ({listed(kinds)})")
    triggers.install(connection, [one for one in guards.of_kit(connection) if one.table == "notification"])
