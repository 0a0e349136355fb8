"""What people confirmed or corrected, kept in a database: SQLite, or PostgreSQL.

This is the only home of SQLAlchemy, Alembic and psycopg.

    with CorrectionStore() as store:
        changes = store.say([Correction(image, 7, predicted=1, …)])
        store.take_back(changes)

`record` says what a correction is, `schema` how it lies in a table, `migrations` how older
tables become newer ones, `places` where a database is, `connecting` how it is reached, `failures`
what its errors mean, `store` what can be done with it, and `exchange` how it travels as files.
"""

from digitrec.corrections.places import URL_VARIABLE, default_url
from digitrec.corrections.record import NOT_A_DIGIT, Correction
from digitrec.corrections.store import Change, CorrectionStore

__all__ = ["NOT_A_DIGIT", "URL_VARIABLE", "Change", "Correction", "CorrectionStore", "default_url"]
