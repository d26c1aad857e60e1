"""Parameters of the analyses and of the guide for a workspace: its layers, its settings, its tables for the results."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject

from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.geopackage import read_settings
from ..layers.model.tables import table
from ..layers.project import analysis_layer, both, layers_of, open_layer, store_of
from ..layers.result_tables import (
    DUPLICATES,
    EFFORT,
    GAPS,
    GAPS_BY_TERRITORY,
    GROUPS,
    INITIATIVES,
    LINKS,
    MERGES,
    QUALITY,
)
from ..layers.results import destination

# Within one Département what initiatives say of themselves tells them apart better than where they stand.
SIMILARITY_WEIGHTS = {"WEIGHT_SPACE": 0.30, "WEIGHT_THEME": 0.30, "WEIGHT_TEXT": 0.40}


def open_store() -> Path:
    """Return the store of the open project; raises TisserandError when it is not the project of a workspace."""
    settings = layers_of(QgsProject.instance(), "meta")
    if not settings:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The open project is not that of a workspace: open one, or make one with “New workspace”."
            )
        )
    return store_of(settings[0])


def coverage_gaps(store: Path) -> dict:
    """Return the parameters of ``tisserand:coveragegaps``; its results go into the store."""
    settings = read_settings(store)
    return {
        "NEEDS": analysis_layer(store, "besoin").source(),
        "ACTORS": analysis_layer(store, "acteur").source(),
        "TERRITORIES": analysis_layer(store, "territoire").source(),
        "SPEED": float(settings["vitesse_kmh"]),
        "DETOUR": float(settings["detour"]),
        "REACH": float(settings["portee_min"]),
        "OUTPUT": destination(store, GAPS),
        "BY_TERRITORY": destination(store, GAPS_BY_TERRITORY),
    }


def similar_initiatives(store: Path) -> dict:
    """Return the parameters of ``tisserand:similarinitiatives``; its results go into the store."""
    settings = read_settings(store)
    return {
        "ACTORS": analysis_layer(store, "acteur").source(),
        "DISTANCE": float(settings["semblables_m"]),
        **SIMILARITY_WEIGHTS,
        "OUTPUT": destination(store, INITIATIVES),
        "GROUPS": destination(store, GROUPS),
        "LINKS": destination(store, LINKS),
    }


def find_duplicates(store: Path) -> dict:
    """Return the parameters of ``tisserand:findduplicates``: all actors, town halls and closed ones too."""
    return {
        "ACTORS": _in_force(store, "acteur"),
        "OUTPUT": destination(store, DUPLICATES),
        "PROPOSALS": destination(store, MERGES),
    }


def merge_actors(store: Path) -> dict:
    """Return the parameters of ``tisserand:mergeactors``; whom to merge is read in the proposals."""
    return {"STORE": str(store)}


def check_quality(store: Path) -> dict:
    """Return the parameters of ``tisserand:checkquality``."""
    return {"STORE": str(store), "OUTPUT": destination(store, QUALITY)}


def survey_effort(store: Path) -> dict:
    """Return the parameters of ``tisserand:surveyeffort``: by commune, since territories of two levels overlap."""
    return {
        "TERRITORIES": _in_force(store, "territoire", "\"niveau\" = 'commune'"),
        "ACTORS": _in_force(store, "acteur"),
        "VISITS": _in_force(store, "visite"),
        "OUTPUT": destination(store, EFFORT),
    }


def _in_force(store: Path, name: str, condition: str = "") -> str:
    """Return the source of the rows of a table that were neither withdrawn nor replaced."""
    declared = table(name)
    return open_layer(store, name, declared.title, both(declared.in_force, condition)).source()


def guide(store: Path) -> dict:
    """Return the parameters of ``tisserand:guide``."""
    return {"STORE": str(store), "OUTPUT": str(store.with_name(f"{store.stem}-guide.pdf"))}
