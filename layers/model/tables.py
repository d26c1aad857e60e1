"""The tables of a workspace.

Names and values follow data·inclusion v1 wherever it has them. Every reference goes by ``uuid``: row numbers change
when files are merged. A table's row number (``fid``) is therefore not declared here and never leaves the store.
"""

from __future__ import annotations

from .schema import Field, Kind, Table

SCHEMA_VERSION = 1

TEXT, INTEGER, REAL, BOOLEAN, DATE, DATETIME = (
    Kind.TEXT,
    Kind.INTEGER,
    Kind.REAL,
    Kind.BOOLEAN,
    Kind.DATE,
    Kind.DATETIME,
)

UUID = Field(
    "uuid",
    TEXT,
    "Identifiant",
    required=True,
    unique=True,
    internal=True,
    default="uuid('WithoutBraces')",
    check="length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'",
)
SOURCE = Field("source", TEXT, "Source", "D'où vient cette fiche.", default="'saisie'")
CREATED = Field("cree_le", DATETIME, "Créée le", internal=True, default="now()")
UPDATED = Field("date_maj", DATE, "Mise à jour le", internal=True, default="to_date(now())", stamp=True)
REVIEW = Field("revoir_avant", DATE, "À revoir avant", "Passé cette date, la fiche est signalée comme périmée.")
PUBLICS = Field(
    "publics", TEXT, "Publics", "À qui l'on s'adresse. Vide : à tout le monde.", codes="publics", multiple=True
)
THEMES = Field("thematiques", TEXT, "Thématiques data·inclusion", codes="thematiques", multiple=True)


def coded(name: str, codes: str, alias: str, help: str = "", *, multiple: bool = False, **options) -> Field:
    """Return a text field that holds one code of a list, or several."""
    return Field(name, TEXT, alias, help, codes=codes, multiple=multiple, **options)


def reference(name: str, table: str, alias: str, help: str = "", *, required: bool = False) -> Field:
    """Return a text field that holds the uuid of a row of another table."""
    return Field(name, TEXT, alias, help, references=table, required=required)


TERRITOIRE = Table(
    "territoire",
    "Territoires",
    (
        UUID,
        Field("code", TEXT, "Code", "Code INSEE ou SIREN, avec ses zéros.", required=True),
        Field("nom", TEXT, "Nom", required=True),
        coded("niveau", "niveaux", "Niveau", required=True),
        Field("millesime", INTEGER, "Millésime", "Année du code officiel géographique."),
        Field("population", INTEGER, "Population", check="population >= 0"),
        Field("membres", TEXT, "Communes membres", "Codes des communes, séparés par |. Vide pour une commune."),
        Field(
            "recense_le",
            DATE,
            "Recensé le",
            "Date à laquelle les acteurs de ce territoire ont été recherchés. Vide : personne n'a encore cherché.",
        ),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    geometry="MultiPolygon",
    unique_together=(("niveau", "code"),),
)

SECTEUR = Table(
    "secteur",
    "Secteurs d'action sociale",
    (
        UUID,
        Field("code", TEXT, "Code", required=True, unique=True),
        Field("nom", TEXT, "Nom", required=True),
        Field("membres", TEXT, "Communes membres", "Codes des communes, séparés par |."),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    geometry="MultiPolygon",
)

CORRESPONDANT = Table(
    "correspondant",
    "Correspondants innovation sociale",
    (
        UUID,
        Field("identifiant", TEXT, "Identifiant", "Un code, jamais un nom.", required=True, unique=True),
        reference("secteur_uuid", "secteur", "Secteur"),
        Field("actif", BOOLEAN, "En activité", default="true"),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    label="identifiant",
)

THEME = Table(
    "theme",
    "Thèmes",
    (
        UUID,
        Field("code", TEXT, "Code", required=True, unique=True),
        Field("axe", TEXT, "Axe", required=True),
        Field("libelle", TEXT, "Libellé", required=True),
        Field("ordre", INTEGER, "Ordre", required=True),
        Field("parent", TEXT, "Thème de vie", "Code du thème de vie qui contient cette thématique."),
    ),
    label="libelle",
)

ACTEUR = Table(
    "acteur",
    "Acteurs",
    (
        UUID,
        Field("nom", TEXT, "Nom", required=True, check="length(nom) BETWEEN 3 AND 150"),
        coded("type_initiative", "types_initiative", "Type"),
        Field("description", TEXT, "Description", "Ce qui s'y fait, en quelques phrases simples."),
        coded("theme_principal", "themes_vie", "Thème principal", "Il donne le symbole de l'acteur sur les cartes."),
        coded("themes_vie", "themes_vie", "Thèmes", multiple=True),
        THEMES,
        coded("types_action", "types_action", "Types d'action", multiple=True),
        PUBLICS,
        Field(
            "capacite",
            INTEGER,
            "Places",
            "Nombre de personnes que l'acteur peut accompagner. Vide : inconnu.",
            check="capacite >= 0",
        ),
        coded("frais", "frais", "Frais"),
        coded("modes_accueil", "modes_accueil", "Modes d'accueil", multiple=True),
        Field("horaires_accueil", TEXT, "Horaires", "À la manière d'OpenStreetMap : Mo-Fr 09:00-12:00."),
        Field("adresse", TEXT, "Adresse"),
        Field("code_postal", TEXT, "Code postal", check="length(code_postal) = 5"),
        Field("commune", TEXT, "Commune"),
        Field("code_insee", TEXT, "Code INSEE", check="length(code_insee) = 5"),
        Field("telephone", TEXT, "Téléphone"),
        Field("courriel", TEXT, "Courriel"),
        Field("site_web", TEXT, "Site internet"),
        Field("siret", TEXT, "SIRET", check="length(siret) = 14"),
        Field("reseaux_porteurs", TEXT, "Réseaux", "Codes data·inclusion, séparés par |."),
        coded("echelle", "echelles", "Échelle d'action"),
        Field("itinerant", BOOLEAN, "Itinérant"),
        Field("moyens_partageables", TEXT, "Moyens à partager", "Salle, véhicule, outils, compétences, bénévoles…"),
        Field("recherche", TEXT, "Ce que l'acteur recherche"),
        coded("statut_recensement", "statuts_recensement", "Recensement", default="'repere'"),
        Field("date_visite", DATE, "Dernière visite"),
        reference("correspondant_uuid", "correspondant", "Correspondant"),
        reference("secteur_uuid", "secteur", "Secteur"),
        coded("diffusion", "diffusions", "Diffusion", "Qui peut lire cette fiche.", default="'public'", required=True),
        Field("contact_publiable", BOOLEAN, "Coordonnées publiables", default="false"),
        Field("consentement_le", DATE, "Accord donné le"),
        coded("precision_geo", "precisions_geo", "Précision de la position"),
        Field("score_geocodage", REAL, "Score de géocodage", check="score_geocodage BETWEEN 0 AND 1"),
        coded("statut", "statuts_fiche", "Statut de la fiche", default="'brouillon'"),
        REVIEW,
        SOURCE,
        CREATED,
        UPDATED,
    ),
    geometry="Point",
    checks=(("acteur_consentement", "NOT coalesce(contact_publiable, false) OR consentement_le IS NOT NULL"),),
)

SERVICE = Table(
    "service",
    "Services",
    (
        UUID,
        reference("acteur_uuid", "acteur", "Acteur", required=True),
        Field("nom", TEXT, "Nom", required=True, check="length(nom) BETWEEN 3 AND 150"),
        Field("description", TEXT, "Description"),
        coded("type", "types_service", "Type de service"),
        THEMES,
        PUBLICS,
        coded("frais", "frais", "Frais"),
        Field("frais_precisions", TEXT, "Précisions sur les frais"),
        coded("modes_accueil", "modes_accueil", "Modes d'accueil", multiple=True),
        coded("modes_mobilisation", "modes_mobilisation", "Comment y accéder", multiple=True),
        Field("conditions_acces", TEXT, "Conditions d'accès"),
        Field("horaires_accueil", TEXT, "Horaires"),
        Field("capacite", INTEGER, "Places", check="capacite >= 0"),
        SOURCE,
        CREATED,
        UPDATED,
    ),
)

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
        coded("freins", "freins", "Freins", multiple=True),
        coded(
            "niveau_geo", "niveaux_geo", "Localisé à", "Le point est au centre de cette unité, jamais à une adresse."
        ),
        Field("code_geo", TEXT, "Code de l'unité"),
        Field("code_insee", TEXT, "Code INSEE", check="length(code_insee) = 5"),
        Field("date_recueil", DATE, "Recueilli le"),
        Field("valide_jusqu_a", DATE, "Valable jusqu'au"),
        Field("fiabilite", INTEGER, "Fiabilité (1 à 3)", check="fiabilite BETWEEN 1 AND 3"),
        coded("statut_besoin", "statuts_besoin", "Suivi", default="'nouveau'"),
        reference("correspondant_uuid", "correspondant", "Correspondant"),
        coded("diffusion", "diffusions", "Diffusion", default="'interne'", required=True),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    geometry="Point",
    label="libelle",
)

VISITE = Table(
    "visite",
    "Visites",
    (
        UUID,
        reference("acteur_uuid", "acteur", "Acteur", required=True),
        reference("correspondant_uuid", "correspondant", "Correspondant"),
        Field("date_visite", DATE, "Date", required=True, default="to_date(now())"),
        coded("nature", "natures_visite", "Nature"),
        Field("compte_rendu", TEXT, "Compte rendu", "Jamais imprimé."),
        Field("suite", TEXT, "Suite à donner"),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    label="date_visite",
)

LIEN = Table(
    "lien",
    "Liens entre acteurs",
    (
        UUID,
        reference("de_uuid", "acteur", "De", required=True),
        reference("vers_uuid", "acteur", "Vers", required=True),
        coded("nature", "natures_lien", "Nature", required=True),
        Field("commentaire", TEXT, "Commentaire"),
        SOURCE,
        CREATED,
        UPDATED,
    ),
    label="nature",
    unique_together=(("de_uuid", "vers_uuid", "nature"),),
    checks=(("lien_deux_acteurs", "de_uuid <> vers_uuid"),),
)

META = Table(
    "meta",
    "Réglages de l'espace de travail",
    (
        Field("cle", TEXT, "Clé", required=True, unique=True),
        Field("valeur", TEXT, "Valeur"),
    ),
    label="cle",
)

# In an order in which every referenced table comes before those that refer to it.
TABLES = (TERRITOIRE, SECTEUR, CORRESPONDANT, THEME, ACTEUR, SERVICE, BESOIN, VISITE, LIEN, META)


def table(name: str) -> Table:
    """Return the table of this name; KeyError when the model has none."""
    for candidate in TABLES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
