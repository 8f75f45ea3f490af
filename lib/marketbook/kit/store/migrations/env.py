"""Alembic's environment: the steps run on the connection, and in the transaction, that `upgrade` opened."""

from alembic import context

from marketbook.kit.store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
