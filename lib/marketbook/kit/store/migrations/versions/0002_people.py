"""People, their roles and accounts, who is signed in, and drafts."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.store.moment import Moment

revision = "0002"
down_revision = "0001"

STATUS = (
    "(kind = 'employee' AND status IN ('active', 'left'))"
    " OR (kind = 'customer' AND status IN ('prospect', 'active', 'dormant', 'merged'))"
    " OR (kind = 'partner' AND status IN ('candidate', 'active', 'suspended', 'ended'))"
    " OR (kind = 'competitor' AND status IN ('active', 'ended'))"
    " OR (kind = 'vendor' AND status IN ('active', 'ended'))"
    " OR (kind = 'candidate' AND status IN ('active', 'ended'))"
)
ROLE = "role IN ('executive', 'director', 'manager', 'specialist', 'sales', 'service', 'finance', 'auditor', 'admin')"
BESIDE = """
    SELECT 1 FROM role_grant AS other
    WHERE other.party_id = NEW.party_id AND other.id <> coalesce(NEW.id, -1)
    AND other.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND NEW.valid_from < coalesce(NEW.valid_to, '9999-12-31')
    AND other.valid_from < coalesce(other.valid_to, '9999-12-31')
    AND other.role <> NEW.role
    AND (other.role IN ('finance', 'auditor') OR NEW.role IN ('finance', 'auditor'))
"""
ALONE = "role_grant: finance and auditor stand alone"


def upgrade() -> None:
    _people()
    _role_grants()
    _accounts()
    _sessions()
    _drafts()


def downgrade() -> None:
    for table in ("draft", "sign_in_tries", "session", "account", "role_grant", "party"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION role_grant_alone")


def _people() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("manager_id", sa.Integer, sa.ForeignKey("party.id")),
        sa.Column("segment", sa.String(50)),
        sa.Column("birthday", sa.String(5)),
        sa.Column("profile", sa.JSON, nullable=False),
        sa.Column("checked_on", sa.Date),
        sa.Column("merged_into_id", sa.Integer, sa.ForeignKey("party.id")),
        _check("party", "status", STATUS),
        _check("party", "name", "name <> ''"),
        _check("party", "manager", "manager_id IS NULL OR (kind = 'employee' AND manager_id <> id)"),
        _check("party", "merged", "(status = 'merged') = (merged_into_id IS NOT NULL)"),
        _check("party", "merged_into", "merged_into_id <> id"),
        _check("party", "birthday", "birthday LIKE '__-__'"),
    )
    op.create_index("ix_party_manager", "party", ["manager_id"])
    op.create_index("ix_party_kind", "party", ["kind", "name"])


def _role_grants() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("party_id", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer, sa.ForeignKey("party.id")),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("granted_at", Moment, nullable=False),
        _check("role_grant", "role", ROLE),
        _check("role_grant", "valid", "valid_to >= valid_from"),
        _check("role_grant", "deputy_ends", "on_behalf_of_id IS NULL OR valid_to IS NOT NULL"),
        _check("role_grant", "deputy_is_another", "on_behalf_of_id <> party_id"),
    )
    op.create_index("ix_role_grant_party", "role_grant", ["party_id"])
    op.create_index("ix_role_grant_on_behalf_of", "role_grant", ["on_behalf_of_id"])
    _stand_alone()


def _stand_alone() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER role_grant_alone_{event.lower()} BEFORE {event} ON role_grant "
                f"WHEN EXISTS ({BESIDE}) BEGIN SELECT RAISE(ABORT, '{ALONE}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION role_grant_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({BESIDE}) THEN RAISE EXCEPTION '{ALONE}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER role_grant_alone BEFORE INSERT OR UPDATE ON role_grant "
        "FOR EACH ROW EXECUTE FUNCTION role_grant_alone()"
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("party_id", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("login", sa.String(50), nullable=False),
        sa.Column("login_key", sa.String(150), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("password_until", Moment),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("disabled_at", Moment),
        _check("account", "language", "language IN ('zh_Hans', 'en', 'zh_Hant')"),
        _check("account", "login", "login <> '' AND login_key <> ''"),
        _check("account", "password_hash", "password_hash LIKE '$argon2id$%'"),
        _check("account", "password_until", "password_until IS NULL OR must_change"),
    )
    op.create_index("uq_account_login_key", "account", ["login_key"], unique=True)
    op.create_index("uq_account_party_id", "account", ["party_id"], unique=True)


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        _check("session", "expires", "expires_at > created_at"),
        _check("session", "last_seen", "last_seen_at >= created_at"),
    )
    op.create_index("uq_session_token_sha256", "session", ["token_sha256"], unique=True)
    op.create_index("ix_session_account", "session", ["account_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("since", Moment, nullable=False),
        _check("sign_in_tries", "tries", "tries > 0"),
    )
    op.create_index("ix_sign_in_tries_since", "sign_in_tries", ["since"])


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("form", sa.String(100), nullable=False),
        sa.Column("record_id", sa.Integer),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        _check("draft", "form", "form <> ''"),
    )
    _only_one("uq_draft_new", ("account_id", "form"), "record_id IS NULL")
    _only_one("uq_draft_record", ("account_id", "form", "record_id"), "record_id IS NOT NULL")


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _only_one(name: str, columns: tuple[str, ...], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "draft", list(columns), unique=True, sqlite_where=condition, postgresql_where=condition)
