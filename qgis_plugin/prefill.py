"""Parameters of the analyses and of the guide for a workspace: its layers, its settings, its tables for the results."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject

from ..layers.confidentiality import threshold_from
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.geopackage import count_rows, read_settings
from ..layers.model.tables import table
from ..layers.offer import TOWN_HALL
from ..layers.project import analysis_layer, both, layers_of, open_layer, store_of
from ..layers.result_tables import (
    DUPLICATES,
    EFFORT,
    GAPS,
    GAPS_BY_TERRITORY,
    GROUPS,
    HOT_SPOTS,
    INITIATIVES,
    LEAD_MEMBERS,
    LEADS,
    LINKS,
    MATCHED_ACTORS,
    MATCHED_NEEDS,
    MATCHES,
    MERGES,
    NETWORK_LINKS,
    NETWORK_MEMBERS,
    NETWORKS,
    NEW_SITES,
    NEW_SITES_DEMAND,
    PUBLICATION,
    QUALITY,
    REACHED,
    UNREACHED,
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
    return {
        "NEEDS": analysis_layer(store, "besoin").source(),
        "ACTORS": analysis_layer(store, "acteur").source(),
        "TERRITORIES": analysis_layer(store, "territoire").source(),
        **_ways(store),
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


def hot_spots(store: Path) -> dict:
    """Return the parameters of ``tisserand:hotspots``: the share of people not covered, by commune and theme."""
    _made(store, GAPS_BY_TERRITORY)
    return {
        "INPUT": open_layer(store, GAPS_BY_TERRITORY, "", '"niveau" = \'commune\' AND "besoin" > 0').source(),
        "FIELD": "non_couvert",
        "POPULATION_FIELD": "besoin",
        "OUTPUT": destination(store, HOT_SPOTS),
    }


def similar_needs(store: Path) -> dict:
    """Return the parameters of ``tisserand:similarneeds``: the needs that wait, with the actors as their context."""
    return {
        "NEEDS": analysis_layer(store, "besoin").source(),
        "ACTORS": analysis_layer(store, "acteur").source(),
        "SITES": _in_force(store, "site"),
        "TERRITORIES": _in_force(store, "territoire", "\"niveau\" = 'commune'"),
        "DISTANCE": float(read_settings(store)["semblables_m"]),
        "OUTPUT": destination(store, LEADS),
        "MEMBERS": destination(store, LEAD_MEMBERS),
    }


def match_needs(store: Path) -> dict:
    """Return the parameters of ``tisserand:matchneeds``: whom the coverage looked at."""
    return {
        "NEEDS": analysis_layer(store, "besoin").source(),
        "ACTORS": analysis_layer(store, "acteur").source(),
        **_ways(store),
        "OUTPUT": destination(store, MATCHES),
        "NEEDS_OUT": destination(store, MATCHED_NEEDS),
        "ACTORS_OUT": destination(store, MATCHED_ACTORS),
    }


def networks(store: Path) -> dict:
    """Return the parameters of ``tisserand:networks``."""
    return {
        "ACTORS": analysis_layer(store, "acteur").source(),
        "NEEDS": analysis_layer(store, "besoin").source(),
        "DISTANCE": float(read_settings(store)["semblables_m"]),
        "OUTPUT": destination(store, NETWORK_LINKS),
        "NETWORKS": destination(store, NETWORKS),
        "MEMBERS": destination(store, NETWORK_MEMBERS),
    }


def new_locations(store: Path) -> dict:
    """Return the parameters of ``tisserand:newlocations``: which town halls would reach the people not covered."""
    _made(store, GAPS)
    return {
        "DEMAND": open_layer(store, GAPS, "").source(),
        "CANDIDATES": _in_force(store, "acteur", f"\"type_initiative\" = '{TOWN_HALL}'"),
        "EXISTING": analysis_layer(store, "acteur").source(),
        **_ways(store),
        "OUTPUT": destination(store, NEW_SITES),
        "COVERED": destination(store, NEW_SITES_DEMAND),
    }


def reach(store: Path) -> dict:
    """Return the parameters of ``tisserand:reach``; the roads are for the user to choose."""
    return {
        "ACTORS": analysis_layer(store, "acteur").source(),
        "REACH": float(read_settings(store)["portee_min"]),
        "OUTPUT": destination(store, REACHED),
        "UNREACHED": destination(store, UNREACHED),
    }


def publish(store: Path) -> dict:
    """Return the parameters of ``tisserand:publish``: situations by commune and theme, with the threshold set.

    The level of the guide and the Département are published with them, and count as what can be subtracted.
    """
    settings = read_settings(store)
    return {
        "INPUT": _in_force(store, "besoin"),
        "GROUP": ["code_insee", "theme_vie"],
        "COUNT_FIELD": "nb_situations",
        "K": threshold_from(settings.get("seuil")),
        "TERRITORIES": _in_force(store, "territoire"),
        "LEVELS": f"{settings['niveau_guide']};departement",
        "OUTPUT": destination(store, PUBLICATION),
    }


def _ways(store: Path) -> dict:
    settings = read_settings(store)
    return {
        "SPEED": float(settings["vitesse_kmh"]),
        "DETOUR": float(settings["detour"]),
        "REACH": float(settings["portee_min"]),
    }


def _made(store: Path, result: str) -> None:
    """Raise when the coverage, on which other analyses build, was not computed yet."""
    if not count_rows(store, result):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "This builds on the coverage of the needs: run “Coverage gaps” first, into the workspace."
            )
        )


def _in_force(store: Path, name: str, condition: str = "") -> str:
    """Return the source of the rows of a table that were neither withdrawn nor replaced."""
    declared = table(name)
    return open_layer(store, name, declared.title, both(declared.in_force, condition)).source()


def guide(store: Path) -> dict:
    """Return the parameters of ``tisserand:guide``."""
    return {"STORE": str(store), "OUTPUT": str(store.with_name(f"{store.stem}-guide.pdf"))}


def booklets(store: Path) -> dict:
    """Return the parameters of ``tisserand:booklets``."""
    return {"STORE": str(store), "OUTPUT": str(store.with_name(f"{store.stem}-livrets"))}


def territory_map(store: Path) -> dict:
    """Return the parameters of ``tisserand:territorymap``."""
    return {"STORE": str(store), "OUTPUT": str(store.with_name(f"{store.stem}-carte.pdf"))}


def round_sheet(store: Path) -> dict:
    """Return the parameters of ``tisserand:roundsheet``."""
    return {"STORE": str(store), "OUTPUT": str(store.with_name(f"{store.stem}-tournee.pdf"))}
