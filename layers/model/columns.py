"""Fields that several tables share, and the short ways in which the tables declare their own."""

from __future__ import annotations

from .schema import Field, Kind

TEXT, INTEGER, REAL, BOOLEAN, DATE, DATETIME = (
    Kind.TEXT,
    Kind.INTEGER,
    Kind.REAL,
    Kind.BOOLEAN,
    Kind.DATE,
    Kind.DATETIME,
)
# A name that QGIS may give who works, else the account: never a person's full name.
AUTHOR_EXPRESSION = "coalesce(@tisserand_auteur, @user_account_name)"


def coded(name: str, codes: str, alias: str, help: str = "", *, multiple: bool = False, **options) -> Field:
    """Return a text field that holds one code of a list, or several."""
    return Field(name, TEXT, alias, help, codes=codes, multiple=multiple, **options)


def reference(name: str, table: str, alias: str, help: str = "", *, required: bool = False) -> Field:
    """Return a text field that holds the uuid of a row of another table."""
    return Field(name, TEXT, alias, help, references=table, required=required)


UUID = Field(
    "uuid",
    TEXT,
    "Identifiant unique",
    required=True,
    unique=True,
    internal=True,
    default="uuid('WithoutBraces')",
    check="length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'",
)

SOURCE = Field("source", TEXT, "Source", "D'où vient cette fiche.", default="'saisie'")
PROVENANCE = (
    SOURCE,
    Field("source_ref", TEXT, "Identifiant à la source", "Le numéro de cette fiche dans le fichier d'où elle vient."),
    Field("source_le", DATE, "Mise à jour à la source le", "La date que donnait le fichier d'où vient cette fiche."),
)
EXTRA = Field(
    "extra",
    TEXT,
    "Autres informations",
    "Ce que disait le fichier d'origine et qui n'a pas de case ici (objet JSON).",
    internal=True,
)
TRACE = (
    Field("cree_le", DATETIME, "Créée le", internal=True, default="now()"),
    Field("cree_par", TEXT, "Créée par", internal=True, default=AUTHOR_EXPRESSION),
    Field("date_maj", DATE, "Mise à jour le", internal=True, default="to_date(now())", stamp=True),
    Field("maj_par", TEXT, "Mise à jour par", internal=True, default=AUTHOR_EXPRESSION, stamp=True),
    Field("version", INTEGER, "Version", internal=True, required=True, sql_default="1"),
    # The version that was on screen when the row was changed: the store refuses it when the row has moved on since.
    Field("version_lue", INTEGER, "Version lue", internal=True, default='"version"', stamp=True),
    Field("supprime_le", DATETIME, "Retirée le", internal=True),
)
KEPT = (*PROVENANCE, EXTRA, *TRACE)
"""What every table that people edit ends with: where a row comes from, who touched it and when, its version."""

REVIEW = Field("revoir_avant", DATE, "À revoir avant", "Passé cette date, la fiche est signalée comme périmée.")
STATUS = coded(
    "statut",
    "statuts_fiche",
    "Statut de la fiche",
    "Brouillon, soumise, validée, publiée, archivée : qui relit fait avancer la fiche.",
    default="'brouillon'",
)
WORKFLOW = (
    STATUS,
    Field("statut_motif", TEXT, "Motif du renvoi", "Pourquoi la fiche soumise est rendue à son auteur."),
    REVIEW,
)
RETENTION = Field(
    "conservation_jusqu_a",
    DATE,
    "Conserver jusqu'au",
    "Passé cette date, les coordonnées de personnes sont effacées de la fiche et de son historique.",
)
AUDIENCE = coded("diffusion", "diffusions", "Diffusion", "Qui peut lire cette fiche.", required=True)

PUBLICS = coded("publics", "publics", "Publics", "À qui l'on s'adresse. Vide : à tout le monde.", multiple=True)
LIFE_THEMES = coded(
    "themes_vie", "themes_vie", "Thèmes", "Les besoins de tous les jours auxquels on répond.", multiple=True
)
THEMES = coded(
    "thematiques",
    "thematiques",
    "Thématiques data·inclusion",
    "Les thématiques de l'annuaire national, quand elles conviennent.",
    multiple=True,
)
CORRESPONDENT = reference("correspondant_uuid", "correspondant", "Correspondant", "Qui suit cette fiche, par son code.")
SECTOR = reference("secteur_uuid", "secteur", "Secteur", "Se remplit d'après la position.")
ADDRESS = (
    Field("adresse", TEXT, "Adresse", "Numéro et rue."),
    Field("complement_adresse", TEXT, "Complément d'adresse", "Bâtiment, étage, entrée."),
    Field("code_postal", TEXT, "Code postal", "Cinq chiffres.", check="length(code_postal) = 5"),
    Field("commune", TEXT, "Commune", "Se remplit d'après la position."),
    Field("code_insee", TEXT, "Code INSEE", "Se remplit d'après la position.", check="length(code_insee) = 5"),
)
POSITION = (
    coded(
        "precision_geo",
        "precisions_geo",
        "Précision de la position",
        "À quoi tient le point : numéro, rue, lieu-dit, commune, ou placé à la main.",
    ),
    Field(
        "score_geocodage",
        REAL,
        "Score de géocodage",
        "De 0 à 1, donné par le service qui a cherché l'adresse.",
        check="score_geocodage BETWEEN 0 AND 1",
    ),
)
SPAN = (
    Field("debut", DATE, "Commence le", "Le premier jour."),
    Field("fin", DATE, "Finit le", "Vide : sans fin prévue."),
)
INSEE = ADDRESS[-1]
