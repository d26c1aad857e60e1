"""Actors: who they are, what they offer, where, and what people say and show of them."""

from __future__ import annotations

from .columns import (
    ADDRESS,
    AUDIENCE,
    BOOLEAN,
    CORRESPONDENT,
    DATE,
    INTEGER,
    KEPT,
    LIFE_THEMES,
    POSITION,
    PUBLICS,
    RETENTION,
    SECTOR,
    TEXT,
    THEMES,
    UUID,
    WORKFLOW,
    coded,
    reference,
)
from .schema import Check, Field, Table

PUBLISHED = Field(**{**AUDIENCE.__dict__, "default": "'public'"})

ACTEUR = Table(
    "acteur",
    "Acteurs",
    (
        UUID,
        Field(
            "nom",
            TEXT,
            "Nom",
            "Celui que l'acteur se donne, de 3 à 150 caractères.",
            required=True,
            check="length(nom) BETWEEN 3 AND 150",
        ),
        coded(
            "type_initiative", "types_initiative", "Type", "Ce que c'est avant tout ; « autre » si rien ne convient."
        ),
        Field("description", TEXT, "Description", "Ce qui s'y fait, en quelques phrases simples."),
        coded("theme_principal", "themes_vie", "Thème principal", "Il donne le symbole de l'acteur sur les cartes."),
        LIFE_THEMES,
        THEMES,
        coded(
            "types_action", "types_action", "Types d'action", "Comment on y répond : don, prêt, atelier…", multiple=True
        ),
        PUBLICS,
        Field(
            "capacite",
            INTEGER,
            "Places",
            "Nombre de personnes que l'acteur peut accompagner. Vide : inconnu.",
            check="capacite >= 0",
        ),
        coded("frais", "frais", "Frais", "Ce que paie la personne accueillie."),
        coded(
            "modes_accueil", "modes_accueil", "Modes d'accueil", "Sur place, à distance, ou les deux.", multiple=True
        ),
        Field("horaires_accueil", TEXT, "Horaires", "À la manière d'OpenStreetMap : Mo-Fr 09:00-12:00."),
        *ADDRESS,
        Field("telephone", TEXT, "Téléphone", "Celui de la structure plutôt que d'une personne."),
        Field("courriel", TEXT, "Courriel", "Celui de la structure plutôt que d'une personne."),
        Field("site_web", TEXT, "Site internet", "L'adresse entière : https://…"),
        Field("accessibilite_lieu", TEXT, "Accessibilité", "L'adresse de la fiche du lieu sur acceslibre."),
        Field("siret", TEXT, "SIRET", "Quatorze chiffres, sans espace.", check="length(siret) = 14"),
        Field("rna", TEXT, "RNA", "W et neuf chiffres, pour une association."),
        Field("forme_juridique", TEXT, "Forme juridique", "Association, commune, coopérative…"),
        Field("reseaux_porteurs", TEXT, "Réseaux", "Codes data·inclusion, séparés par |."),
        Field("lien_source", TEXT, "Lien vers la source", "La page où cette fiche se lit à la source."),
        coded("echelle", "echelles", "Échelle d'action", "Jusqu'où l'acteur intervient."),
        Field("itinerant", BOOLEAN, "Itinérant", "L'acteur se déplace d'un lieu à l'autre."),
        Field("tournee", TEXT, "Tournée", "Où et quand passe un acteur itinérant."),
        Field("moyens_partageables", TEXT, "Moyens à partager", "Salle, véhicule, outils, compétences, bénévoles…"),
        Field("recherche", TEXT, "Ce que l'acteur recherche", "Ce dont l'acteur aurait besoin pour faire plus."),
        coded(
            "statut_recensement", "statuts_recensement", "Recensement", "Où en est la rencontre.", default="'repere'"
        ),
        Field("date_visite", DATE, "Dernière visite", "Le jour où quelqu'un y est allé."),
        CORRESPONDENT,
        SECTOR,
        PUBLISHED,
        Field("contact_nom", TEXT, "Personne à contacter", "Seulement avec son accord, daté ci-dessous."),
        Field(
            "contact_publiable",
            BOOLEAN,
            "Coordonnées publiables",
            "Téléphone et courriel paraissent dans le guide et les exports : il faut un accord daté.",
            default="false",
        ),
        Field("consentement_le", DATE, "Accord donné le", "La date à laquelle l'accord a été recueilli."),
        Field("opposition_le", DATE, "Opposition reçue le", "Depuis cette date, les coordonnées ne sont plus données."),
        RETENTION,
        *POSITION,
        *WORKFLOW,
        *KEPT,
    ),
    geometry="Point",
    checks=(
        Check(
            "acteur_consentement",
            "NOT coalesce(contact_publiable, false) OR consentement_le IS NOT NULL",
            "Pour publier les coordonnées, indiquer la date à laquelle l'accord a été donné.",
        ),
        Check(
            "acteur_contact_nom",
            "contact_nom IS NULL OR consentement_le IS NOT NULL",
            "Pour garder le nom d'une personne, indiquer la date de son accord.",
        ),
        Check(
            "acteur_opposition",
            "opposition_le IS NULL OR NOT coalesce(contact_publiable, false)",
            "Après une opposition, les coordonnées ne sont plus publiables : décocher la case.",
        ),
    ),
    # A SIRET is no key: places of one establishment share it, and sources repeat it. Twins are proposed instead.
    indexes=("siret", "secteur_uuid", "statut", "revoir_avant", "source_ref"),
)

SERVICE = Table(
    "service",
    "Services",
    (
        UUID,
        reference("acteur_uuid", "acteur", "Acteur", "L'acteur qui rend ce service.", required=True),
        Field(
            "nom",
            TEXT,
            "Nom",
            "Ce que l'on demande au guichet, de 3 à 150 caractères.",
            required=True,
            check="length(nom) BETWEEN 3 AND 150",
        ),
        Field("description", TEXT, "Description", "Ce que l'on y reçoit, en quelques phrases simples."),
        coded("type", "types_service", "Type de service", "La sorte d'aide reçue."),
        THEMES,
        PUBLICS,
        coded("frais", "frais", "Frais", "Ce que paie la personne."),
        Field("frais_precisions", TEXT, "Précisions sur les frais", "Un montant, une condition, une aide."),
        coded(
            "modes_accueil", "modes_accueil", "Modes d'accueil", "Sur place, à distance, ou les deux.", multiple=True
        ),
        coded(
            "modes_mobilisation",
            "modes_mobilisation",
            "Comment y accéder",
            "Comment on y entre : appel, courriel, lien, visite.",
            multiple=True,
        ),
        Field("conditions_acces", TEXT, "Conditions d'accès", "Ce qu'il faut remplir ou apporter."),
        Field(
            "zone_eligibilite",
            TEXT,
            "Pour les habitants de",
            "Codes de communes, d'EPCI, de Départements, ou france ; séparés par |.",
        ),
        Field("horaires_accueil", TEXT, "Horaires", "À la manière d'OpenStreetMap : Mo-Fr 09:00-12:00."),
        Field("capacite", INTEGER, "Places", "Vide : inconnu.", check="capacite >= 0"),
        *KEPT,
    ),
    indexes=("acteur_uuid", "source_ref"),
)

SITE = Table(
    "site",
    "Sites",
    (
        UUID,
        Field(
            "nom",
            TEXT,
            "Nom",
            "Celui que les habitants emploient, de 3 à 150 caractères.",
            required=True,
            check="length(nom) BETWEEN 3 AND 150",
        ),
        coded("type_site", "types_site", "Type de lieu", "Ce que c'est avant tout."),
        reference("acteur_uuid", "acteur", "Tenu par", "L'acteur qui ouvre ce lieu."),
        Field("description", TEXT, "Description", "Ce qu'on y trouve, ce qui pourrait s'y faire."),
        *ADDRESS,
        Field("surface_m2", INTEGER, "Surface (m²)", "À peu près ; vide si inconnue.", check="surface_m2 >= 0"),
        Field("places", INTEGER, "Places", "Nombre de personnes que le lieu peut recevoir.", check="places >= 0"),
        Field("disponible", BOOLEAN, "Peut être prêté", "Le lieu peut servir à d'autres."),
        Field("acces", TEXT, "Y venir", "Arrêt, stationnement, entrée de plain-pied…"),
        SECTOR,
        PUBLISHED,
        *POSITION,
        *WORKFLOW,
        *KEPT,
    ),
    geometry="Point",
    indexes=("acteur_uuid", "secteur_uuid"),
)

VISITE = Table(
    "visite",
    "Visites",
    (
        UUID,
        reference("acteur_uuid", "acteur", "Acteur", "Qui a été rencontré.", required=True),
        CORRESPONDENT,
        Field("date_visite", DATE, "Date", "Le jour de la rencontre.", required=True, default="to_date(now())"),
        coded("nature", "natures_visite", "Nature", "Sur place, par téléphone, en réunion…"),
        Field("compte_rendu", TEXT, "Compte rendu", "Jamais imprimé."),
        Field("suite", TEXT, "Suite à donner", "Ce qui a été promis, et pour quand."),
        *KEPT,
    ),
    label="date_visite",
    indexes=("acteur_uuid",),
)

LIEN = Table(
    "lien",
    "Liens entre acteurs",
    (
        UUID,
        reference("de_uuid", "acteur", "De", "Le premier acteur.", required=True),
        reference("vers_uuid", "acteur", "Vers", "Le second acteur.", required=True),
        coded("nature", "natures_lien", "Nature", "Ce qui les unit.", required=True),
        Field("commentaire", TEXT, "Commentaire", "Depuis quand, à quel propos."),
        *KEPT,
    ),
    label="nature",
    unique_together=(("de_uuid", "vers_uuid", "nature"),),
    checks=(Check("lien_deux_acteurs", "de_uuid <> vers_uuid", "Un lien unit deux acteurs différents."),),
)
