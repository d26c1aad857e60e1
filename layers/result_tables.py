"""Names of the tables in which the analyses leave their results in a store."""

from __future__ import annotations

GAPS = "analyse_couverture"
GAPS_BY_TERRITORY = "analyse_couverture_territoire"
HOT_SPOTS = "analyse_concentrations"
INITIATIVES = "analyse_initiatives"
GROUPS = "analyse_groupes"
LINKS = "analyse_liens"
NETWORK_LINKS = "analyse_reseaux_liens"
NETWORKS = "analyse_reseaux"
NETWORK_MEMBERS = "analyse_reseaux_acteurs"
DUPLICATES = "analyse_doublons"
MERGES = "analyse_fusions"
REACHED = "analyse_portee"
UNREACHED = "analyse_portee_hors"
QUALITY = "analyse_qualite"
EFFORT = "analyse_effort"
