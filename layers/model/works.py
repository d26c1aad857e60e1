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
        coded("theme_vie", "themes_vie", "Thème", "Le besoin de tous les jours dont il s'agit.", required=True),
        THEMES,
        PUBLICS,
        coded("origine", "origines", "Origine", "Comment on le sait."),
        coded(
            "nature",
            "natures_besoin",
            "Nature",
            "Dit par les personnes, observé, comparé à d'autres, ou attendu par une règle.",
        ),
        Field(
            "intensite", INTEGER, "Intensité (1 à 4)", "1 : gêne ; 4 : vie empêchée.", check="intensite BETWEEN 1 AND 4"
        ),
        coded("recurrence", "recurrences", "Récurrence", "Une fois, à certaines saisons, ou toujours."),
        Field(
            "nb_situations",
            INTEGER,
            "Situations",
            "Nombre de situations semblables rencontrées : jamais une ligne par personne. Vide : inconnu ou secret.",
            check="nb_situations >= 0",
        ),
        Field(
            "nb_volontaires",
            INTEGER,
            "Personnes prêtes à s'impliquer",
            "Combien se sont proposées pour y répondre. Vide : inconnu.",
            check="nb_volontaires >= 0",
        ),
        coded("freins", "freins", "Freins", "Ce qui empêche aujourd'hui d'y répondre.", multiple=True),
        coded(
            "niveau_geo", "niveaux_geo", "Localisé à", "Le point est au centre de cette unité, jamais à une adresse."
        ),
        Field("code_geo", TEXT, "Code de l'unité", "Code INSEE ou SIREN de cette unité."),
        INSEE,
        Field("date_recueil", DATE, "Recueilli le", "Le jour où le besoin a été noté."),
        Field("millesime", INTEGER, "Année décrite", "Pour un chiffre de statistique."),
        Field("valide_jusqu_a", DATE, "Valable jusqu'au", "Passé cette date, il faut le vérifier de nouveau."),
        Field(
            "fiabilite",
            INTEGER,
            "Fiabilité (1 à 3)",
            "1 : entendu dire ; 3 : vérifié.",
            check="fiabilite BETWEEN 1 AND 3",
        ),
        coded("statut_besoin", "statuts_besoin", "Suivi", "Où en est la réponse.", default="'nouveau'"),
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
        Field(
            "titre",
            TEXT,
            "Titre",
            "Le nom qu'elle porte, de 3 à 150 caractères.",
            required=True,
            check="length(titre) BETWEEN 3 AND 150",
        ),
        coded("type_initiative", "types_initiative", "Type", "Ce que c'est avant tout."),
        Field("description", TEXT, "Description", "Ce qui s'y fait, pour qui, avec qui."),
        reference("porteur_uuid", "acteur", "Portée par", "L'acteur qui la fait vivre."),
        reference("site_uuid", "site", "Se tient à", "Le lieu où elle se tient."),
        LIFE_THEMES,
        THEMES,
        coded(
            "types_action", "types_action", "Types d'action", "Comment on y répond : don, prêt, atelier…", multiple=True
        ),
        PUBLICS,
        *SPAN,
        Field(
            "nb_beneficiaires",
            INTEGER,
            "Personnes touchées par an",
            "À peu près. Vide : inconnu.",
            check="nb_beneficiaires >= 0",
        ),
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
        Field(
            "titre",
            TEXT,
            "Titre",
            "En quelques mots, de 3 à 150 caractères.",
            required=True,
            check="length(titre) BETWEEN 3 AND 150",
        ),
        coded("duree", "durees_projet", "Ponctuel ou pérenne", "Ponctuel : une fois ; pérenne : pour durer."),
        coded("etat_projet", "etats_projet", "Avancement", "Où il en est.", default="'idee'"),
        Field("description", TEXT, "Description", "Ce que l'on voudrait faire, pour qui, avec qui."),
        coded("theme_vie", "themes_vie", "Thème", "Le besoin de tous les jours auquel il répond."),
        PUBLICS,
        reference("porteur_uuid", "acteur", "Porté par", "L'acteur prêt à le porter."),
        reference("besoin_uuid", "besoin", "Né du besoin", "Le besoin repéré d'où il vient."),
        reference("site_uuid", "site", "Lieu pressenti", "Le lieu qui conviendrait."),
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
        Field("moyens_manquants", TEXT, "Ce qui manque encore", "Argent, bras, lieu, accord."),
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
        Field(
            "titre",
            TEXT,
            "Titre",
            "Comme sur l'affiche, de 3 à 150 caractères.",
            required=True,
            check="length(titre) BETWEEN 3 AND 150",
        ),
        coded("type_evenement", "types_evenement", "Type", "La sorte de rencontre."),
        Field("description", TEXT, "Description", "Ce qui s'y passe, pour qui."),
        reference("organisateur_uuid", "acteur", "Organisé par", "L'acteur qui l'organise."),
        reference("projet_uuid", "projet", "Dans le cadre du projet", "Le projet dont il fait partie."),
        reference("site_uuid", "site", "Se tient à", "Le lieu où il se tient."),
        LIFE_THEMES,
        PUBLICS,
        *SPAN,
        Field("horaires", TEXT, "Horaires", "Par exemple 14 h – 18 h."),
        Field("gratuit", BOOLEAN, "Gratuit", "Cocher si l'entrée ne se paie pas."),
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
