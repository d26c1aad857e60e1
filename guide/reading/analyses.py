"""The results that the book rests on, with what they were computed with, as their metadata say."""

from __future__ import annotations

import html
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from ...layers.result_tables import (
    GAPS_BY_TERRITORY,
    GROUPS,
    HOT_SPOTS,
    LEADS,
    MATCHES,
    NETWORKS,
    NEW_SITES,
    PUBLICATION,
)
from ..facts.content import Analysis, Content

TITLES = {
    GAPS_BY_TERRITORY: "Couverture des besoins",
    HOT_SPOTS: "Concentrations et absences",
    GROUPS: "Initiatives semblables",
    NETWORKS: "Réseaux d'acteurs",
    MATCHES: "Concordance des besoins et des ressources",
    LEADS: "Pistes de projets",
    NEW_SITES: "Nouveaux lieux",
    PUBLICATION: "Tableau publiable",
}
WORDS = {
    "REACH": "portée, en minutes",
    "SPEED": "vitesse, en km/h",
    "DETOUR": "détour",
    "DECAY": "décroissance avec la distance",
    "TARGET": "places visées par personne",
    "REACH_BY_THEME": "portée par thème",
    "WHEN": "ouvert",
    "FREE": "gratuit seulement",
    "MODE": "mode",
    "ROUNDS": "itinérance",
    "AUDIENCE": "acteurs comptés",
    "DISTANCE": "distance, en mètres",
    "WEIGHT_SPACE": "poids de la distance",
    "WEIGHT_THEME": "poids des thèmes",
    "WEIGHT_TEXT": "poids des mots",
    "THRESHOLD": "ressemblance minimale",
    "MIN_SIZE": "membres au moins",
    "MAX_SIZE": "membres au plus",
    "UNKNOWN_CAPACITY": "capacité inconnue comptée comme",
    "MIN_PEOPLE": "personnes au moins",
    "MIN_TERRITORIES": "territoires au moins",
    "MIN_NEEDS": "besoins au moins",
    "NEIGHBOURS": "voisins",
    "PERMUTATIONS": "permutations",
    "FDR": "fausses découvertes admises",
    "COUNT": "lieux cherchés",
    "MODEL": "modèle",
    "K": "seuil ou nombre",
    "DOMINANCE": "part du plus gros au plus",
}
"""What a reader is told of the parameters; fields and layers say nothing to one."""

_KEYWORDS = re.compile(r'<keywords vocabulary="tisserand">(.*?)</keywords>', re.DOTALL)
_KEYWORD = re.compile(r"<keyword>([A-Z_]+)=([^<]+)</keyword>")
_METADATA = """
SELECT r.timestamp, m.metadata FROM gpkg_metadata AS m JOIN gpkg_metadata_reference AS r ON m.id = r.md_file_id
WHERE r.table_name = ? AND m.metadata LIKE '<!DOCTYPE qgis%' ORDER BY m.id DESC LIMIT 1
"""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def read_analyses(content: Content, store: Path) -> None:
    """Fill ``analyses`` with the results that stand in the store, in the order of TITLES."""
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute(_TABLES)}
        for table, title in TITLES.items():
            if table in tables:
                found = connection.execute(_METADATA, (table,)).fetchone() if "gpkg_metadata" in tables else None
                content.analyses.append(_analysis(title, table, *(found or ("", ""))))


def _analysis(title: str, table: str, written: str, metadata: str) -> Analysis:
    keywords = _KEYWORDS.search(metadata)
    said = dict(_KEYWORD.findall(keywords.group(1))) if keywords else {}
    parameters = tuple((words, _value(said[name])) for name, words in WORDS.items() if name in said)
    day = re.match(r"\d{4}-\d{2}-\d{2}", written)
    return Analysis(title, date.fromisoformat(day.group()) if day else None, parameters, table)


def _value(said: str) -> str:
    return {"true": "oui", "false": "non"}.get(said, html.unescape(said))
