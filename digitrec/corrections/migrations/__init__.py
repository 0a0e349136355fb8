"""How tables of an older version become those of this one: Alembic's scripts, run from code.

A new version is a new file in `versions/`, and the last of `schema.VERSIONS`.
"""
