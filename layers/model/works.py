"""What happens: needs, initiatives, projects and events."""

from __future__ import annotations

from .actors import PUBLISHED
from .columns import (
    AUDIENCE,
    BOOLEAN,
    CORRESPONDENT,
    DATE,
    INSEE,
    INTEGER,
    KEPT,
    LIFE_THEMES,
    POSITION,
    PUBLICS,
    REVIEW,
    SECTOR,
    SPAN,
    TEXT,
    THEMES,
    UUID,
    WORKFLOW,
    coded,
    reference,
)
from .schema import Check, Field, Table

INTERNAL = Field(**{**AUDIENCE.__dict__, "default": "'interne'"})


def span_check(name: str) -> Check:
    """Return the condition that something ends after it began."""
    return Check(f"{name}_dates", "fin IS NULL OR debut IS NULL OR fin >= debut", "La fin vient après le début.")


BESOIN = Table(
    "besoin",
    "Besoins",
    (
        UUID,
        Field("libelle", TEXT, "Besoin", "En une ligne, sans rien qui désigne une personne.", required=True),
        Field("description", TEXT, "Notes de travail", "Jamais imprimées."),
        coded("theme_vie", "themes_vie", "Thème", required=True),
        THEMES,
        PUBLICS,
        coded("origine", "origines", "Origine"),
        coded("nature", "natures_besoin", "Nature"),
        Field("intensite", INTEGER, "Intensité (1 à 4)", check="intensite BETWEEN 1 AND 4"),
        coded("recurrence", "recurrences", "Récurrence"),
        Field(
            "nb_situations",
            INTEGER,
            "Situations",
            "Nombre de situations semblables rencontrées : jamais une ligne par personne. Vide : inconnu ou secret.",
            check="nb_situations >= 0",
        ),
        Field("nb_volontaires", INTEGER, "Personnes prêtes à s'impliquer", check="nb_volontaires >= 0"),
        coded("freins", "freins", "Freins", "Ce qui empêche aujourd'hui d'y répondre.", multiple=True),
        coded(
            "niveau_geo", "niveaux_geo", "Localisé à", "Le point est au centre de cette unité, jamais à une adresse."
        ),
        Field("code_geo", TEXT, "Code de l'unité"),
        INSEE,
        Field("date_recueil", DATE, "Recueilli le"),
        Field("millesime", INTEGER, "Année décrite", "Pour un chiffre de statistique."),
        Field("valide_jusqu_a", DATE, "Valable jusqu'au"),
        Field("fiabilite", INTEGER, "Fiabilité (1 à 3)", check="fiabilite BETWEEN 1 AND 3"),
        coded("statut_besoin", "statuts_besoin", "Suivi", default="'nouveau'"),
        reference("reponse_uuid", "acteur", "Réponse existante", "L'acteur qui répond déjà, en tout ou partie."),
        CORRESPONDENT,
        SECTOR,
        INTERNAL,
        *KEPT,
    ),
    geometry="Point",
    label="libelle",
    indexes=("secteur_uuid", "source_ref"),
)

INITIATIVE = Table(
    "initiative",
    "Initiatives",
    (
        UUID,
        Field("titre", TEXT, "Titre", required=True, check="length(titre) BETWEEN 3 AND 150"),
        coded("type_initiative", "types_initiative", "Type"),
        Field("description", TEXT, "Description", "Ce qui s'y fait, pour qui, avec qui."),
        reference("porteur_uuid", "acteur", "Portée par"),
        reference("site_uuid", "site", "Se tient à"),
        LIFE_THEMES,
        THEMES,
        coded("types_action", "types_action", "Types d'action", multiple=True),
        PUBLICS,
        *SPAN,
        Field("nb_beneficiaires", INTEGER, "Personnes touchées par an", check="nb_beneficiaires >= 0"),
        INSEE,
        SECTOR,
        PUBLISHED,
        *POSITION[:1],
        *WORKFLOW,
        *KEPT,
    ),
    geometry="Point",
    label="titre",
    checks=(span_check("initiative"),),
    indexes=("porteur_uuid", "site_uuid"),
)

PROJET = Table(
    "projet",
    "Projets",
    (
        UUID,
        Field("titre", TEXT, "Titre", required=True, check="length(titre) BETWEEN 3 AND 150"),
        coded("duree", "durees_projet", "Ponctuel ou pérenne"),
        coded("etat_projet", "etats_projet", "Avancement", default="'idee'"),
        Field("description", TEXT, "Description", "Ce que l'on voudrait faire, pour qui, avec qui."),
        coded("theme_vie", "themes_vie", "Thème"),
        PUBLICS,
        reference("porteur_uuid", "acteur", "Porté par"),
        reference("besoin_uuid", "besoin", "Né du besoin"),
        reference("site_uuid", "site", "Lieu pressenti"),
        Field(
            "nb_besoins",
            INTEGER,
            "Besoins semblables",
            "Première condition : combien de besoins semblables ont été repérés.",
            check="nb_besoins >= 0",
        ),
        Field(
            "nb_volontaires",
            INTEGER,
            "Personnes prêtes à s'impliquer",
            "Deuxième condition : combien de personnes veulent s'y mettre.",
            check="nb_volontaires >= 0",
        ),
        Field("contexte", TEXT, "Contexte favorable", "Troisième condition : lieu, partenaires, élus, moyens."),
        Field("moyens_manquants", TEXT, "Ce qui manque encore"),
        *SPAN,
        INSEE,
        SECTOR,
        CORRESPONDENT,
        INTERNAL,
        *WORKFLOW,
        *KEPT,
    ),
    geometry="Point",
    label="titre",
    checks=(span_check("projet"),),
    indexes=("porteur_uuid", "besoin_uuid"),
)

EVENEMENT = Table(
    "evenement",
    "Évènements",
    (
        UUID,
        Field("titre", TEXT, "Titre", required=True, check="length(titre) BETWEEN 3 AND 150"),
        coded("type_evenement", "types_evenement", "Type"),
        Field("description", TEXT, "Description"),
        reference("organisateur_uuid", "acteur", "Organisé par"),
        reference("projet_uuid", "projet", "Dans le cadre du projet"),
        reference("site_uuid", "site", "Se tient à"),
        LIFE_THEMES,
        PUBLICS,
        *SPAN,
        Field("horaires", TEXT, "Horaires"),
        Field("gratuit", BOOLEAN, "Gratuit"),
        Field("nb_participants", INTEGER, "Participants", "Après coup, à peu près.", check="nb_participants >= 0"),
        INSEE,
        SECTOR,
        PUBLISHED,
        REVIEW,
        *KEPT,
    ),
    geometry="Point",
    label="titre",
    checks=(span_check("evenement"),),
    indexes=("organisateur_uuid", "projet_uuid"),
)
