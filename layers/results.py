"""The results that analyses left in the store, as the project shows them."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsVectorLayer

from . import geopackage
from .model.codes import code_list
from .project import RESULTS, apply_map_themes, open_layer, store_of, table_of
from .result_looks.coverage import style_needs, style_territories
from .result_looks.duplicates import style_duplicates, style_proposals
from .result_looks.hotspots import style as style_hot_spots
from .result_looks.leads import style_leads
from .result_looks.leads import style_members as style_lead_needs
from .result_looks.locations import style_covered, style_sites
from .result_looks.matching import style_actors as style_matched_actors
from .result_looks.matching import style_lines as style_matches
from .result_looks.matching import style_needs as style_matched_needs
from .result_looks.networks import style_links as style_network_links
from .result_looks.networks import style_members, style_networks
from .result_looks.publish import style_publication
from .result_looks.quality import style_quality
from .result_looks.reach import style_reached, style_unreached
from .result_looks.similar import style_actors, style_groups, style_links
from .result_looks.survey import style_effort
from .result_tables import (
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

# From top to bottom of the layer tree.
LOOKS = {
    LEADS: ("Pistes de projet", style_leads),
    LEAD_MEMBERS: ("Besoins et leur piste", style_lead_needs),
    NEW_SITES: ("Nouveaux lieux proposés", style_sites),
    NEW_SITES_DEMAND: ("Qui serait couvert", style_covered),
    GAPS: ("Besoins et réponses", style_needs),
    MATCHED_ACTORS: ("Acteurs et personnes accueillies", style_matched_actors),
    MATCHED_NEEDS: ("Besoins et places trouvées", style_matched_needs),
    MATCHES: ("Qui pourrait aller où", style_matches),
    INITIATIVES: ("Initiatives et leurs groupes", style_actors),
    LINKS: ("Ressemblances", style_links),
    NETWORK_MEMBERS: ("Acteurs et leur réseau", style_members),
    NETWORK_LINKS: ("Liens entre acteurs", style_network_links),
    REACHED: ("Routes à portée d'un acteur", style_reached),
    UNREACHED: ("Routes hors de portée", style_unreached),
    QUALITY: ("Qualité des fiches", style_quality),
    DUPLICATES: ("Doublons possibles", style_duplicates),
    MERGES: ("Fusions proposées", style_proposals),
    HOT_SPOTS: ("Concentrations et absences", style_hot_spots),
    GROUPS: ("Groupes d'initiatives semblables", style_groups),
    NETWORKS: ("Réseaux possibles", style_networks),
    PUBLICATION: ("Tableau publiable", style_publication),
    EFFORT: ("Effort de recensement", style_effort),
}
BY_THEME = "Part des besoins sans réponse, par thème"


def destination(store: Path, name: str) -> str:
    """Return a result table of a store as Processing wants its outputs named."""
    path = str(store).replace("'", "\\'")
    return f"ogr:dbname='{path}' table=\"{name}\" (geom)"


def add_results(project: QgsProject, store: Path) -> list[QgsVectorLayer]:
    """Add the result tables of a store that its project does not show yet, with their map themes; return the layers."""
    shown = {table_of(layer) for layer in project.mapLayers().values() if store_of(layer) == store}
    waiting = [name for name in (*LOOKS, GAPS_BY_TERRITORY) if name not in shown and geopackage.count_rows(store, name)]
    if not waiting:
        return []
    root = project.layerTreeRoot()
    group = root.findGroup(RESULTS) or root.insertGroup(0, RESULTS)
    added = []
    for name in waiting:  # the territories last, so that nothing lies hidden below them
        if name == GAPS_BY_TERRITORY:
            added += _add_by_theme(project, group, store)
        else:
            title, style = LOOKS[name]
            added.append(_add(project, group, open_layer(store, name, title), style))
    apply_map_themes(project)
    return added


def _add_by_theme(project: QgsProject, group: QgsLayerTreeGroup, store: Path) -> list[QgsVectorLayer]:
    """Add one layer a theme, at the level of the guide: the territories of several themes would hide each other."""
    niveau = geopackage.read_settings(store)["niveau_guide"]
    present = {row["theme"] for row in geopackage.read_rows(store, GAPS_BY_TERRITORY) if row["niveau"] == niveau}
    inner = group.addGroup(BY_THEME)
    inner.setExpanded(False)
    inner.setIsMutuallyExclusive(True)
    return [
        _add(
            project,
            inner,
            open_layer(store, GAPS_BY_TERRITORY, label, f"\"niveau\" = '{niveau}' AND \"theme\" = '{theme}'"),
            style_territories,
        )
        for theme, label in code_list("themes_vie").labels.items()
        if theme in present
    ]


def _add(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsVectorLayer, style) -> QgsVectorLayer:
    style(layer)
    project.addMapLayer(layer, False)
    group.addLayer(layer).setExpanded(False)
    return layer
