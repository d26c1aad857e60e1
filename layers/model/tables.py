"""The tables of a workspace.

Names and values follow data·inclusion v1 wherever it has them. Every reference goes by ``uuid``: row numbers change
when files are merged. A table's row number (``fid``) is therefore not declared here and never leaves the store.
"""

from __future__ import annotations

from .accounts import CONTRIBUTION, MEDIA, MONOGRAPHIE
from .actors import ACTEUR, LIEN, SERVICE, SITE, VISITE
from .ledgers import CONFLIT, EDITION, FUSION, JOURNAL, MATRICE, META
from .places import CORRESPONDANT, INDICATEUR, SECTEUR, TERRITOIRE, THEME
from .schema import Table
from .works import BESOIN, EVENEMENT, INITIATIVE, PROJET

SCHEMA_VERSION = 2

# In an order in which every referenced table comes before those that refer to it.
TABLES = (
    TERRITOIRE,
    SECTEUR,
    CORRESPONDANT,
    THEME,
    INDICATEUR,
    ACTEUR,
    SERVICE,
    SITE,
    VISITE,
    LIEN,
    BESOIN,
    INITIATIVE,
    PROJET,
    EVENEMENT,
    MONOGRAPHIE,
    MEDIA,
    CONTRIBUTION,
    EDITION,
    MATRICE,
    JOURNAL,
    CONFLIT,
    FUSION,
    META,
)


def table(name: str) -> Table:
    """Return the table of this name; KeyError when the model has none."""
    for candidate in TABLES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
