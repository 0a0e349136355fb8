"""What Alembic runs: the migration, on the connection and in the transaction of the store."""

from alembic import context

from digitrec.corrections.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite's too, as the store begins its transactions itself
)
context.run_migrations()
