"""Print the tables of the model as they are now, for the frozen SQL of the migration to the version being made.

While that version is not released: scripts/freeze_schema.py > layers/migrations/0002_whole_model.sql. Once it is, the
file never changes again, and the next version has a step of its own.
"""

import checkout  # noqa: F401 - from here on the package can be found

from tisserand.layers.ddl.statements import SQLITE, create_table  # noqa: TID251
from tisserand.layers.model.tables import SCHEMA_VERSION, TABLES  # noqa: TID251

print(f"-- The tables of schema {SCHEMA_VERSION}, frozen by scripts/freeze_schema.py. Not to be changed once released.")
for declared in TABLES:
    print(f"{create_table(declared, SQLITE, 0)};")
