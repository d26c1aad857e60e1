"""What the program keeps account of: editions of the matrix, the journal, conflicts, merged copies, settings."""

from __future__ import annotations

from .columns import DATE, DATETIME, INTEGER, KEPT, TEXT, UUID, coded, reference
from .schema import Field, Table

EDITION = Table(
    "edition",
    "Éditions du guide",
    (
        UUID,
        Field("code", TEXT, "Édition", "Court, par exemple 2026-2.", required=True, unique=True),
        Field("titre", TEXT, "Titre"),
        Field("etablie_le", DATE, "Établie le", required=True, default="to_date(now())"),
        coded("diffusion", "diffusions", "Pour qui", required=True, default="'public'"),
        coded("niveau", "niveaux", "Maille", required=True),
        Field(
            "seuil", INTEGER, "Seuil du secret", required=True, check="seuil >= 3", check_says="un nombre, 3 ou plus"
        ),
        Field("empreinte", TEXT, "Empreinte", "Celle du PDF, pour le reconnaître.", internal=True),
        *KEPT,
    ),
    label="code",
)

MATRICE = Table(
    "matrice",
    "Matrice des éditions",
    (
        UUID,
        reference("edition_uuid", "edition", "Édition", required=True),
        coded("theme_vie", "themes_vie", "Thème", required=True),
        coded("niveau", "niveaux", "Maille", required=True),
        Field("code_territoire", TEXT, "Territoire", required=True),
        Field("nb_acteurs", INTEGER, "Acteurs", check="nb_acteurs >= 0"),
        coded("etat_offre", "etats_offre", "Offre", required=True),
        Field("besoins", TEXT, "Besoins", "Par tranche, ou masqué : jamais le nombre."),
        *KEPT,
    ),
    label="code_territoire",
    unique_together=(("edition_uuid", "theme_vie", "niveau", "code_territoire"),),
)

JOURNAL = Table(
    "journal",
    "Journal",
    (
        Field("quand", DATETIME, "Quand", required=True),
        Field("qui", TEXT, "Qui"),
        Field("nom_table", TEXT, "Table", required=True),
        Field("objet_uuid", TEXT, "Fiche", required=True),
        coded("operation", "operations", "Opération", required=True),
        Field("avant", TEXT, "Avant", "Les champs changés, tels qu'ils étaient (JSON)."),
        Field("apres", TEXT, "Après", "Les champs changés, tels qu'ils sont devenus (JSON)."),
        Field("version", INTEGER, "Version", "Celle de la fiche après l'opération."),
    ),
    label="nom_table",
    indexes=("objet_uuid",),
    append_only=True,
)

CONFLIT = Table(
    "conflit",
    "Conflits à trancher",
    (
        UUID,
        Field("nom_table", TEXT, "Table", required=True),
        Field("objet_uuid", TEXT, "Fiche", required=True),
        Field("champ", TEXT, "Champ", "Vide : la fiche entière."),
        Field("base", TEXT, "Valeur de départ"),
        Field("leur", TEXT, "Valeur en place"),
        Field("notre", TEXT, "Valeur apportée"),
        Field("auteur_leur", TEXT, "Auteur en place"),
        Field("auteur_notre", TEXT, "Auteur de l'apport"),
        Field("survenu_le", DATETIME, "Survenu le", default="now()"),
        coded("etat", "etats_conflit", "État", required=True, default="'ouvert'"),
        Field("choix", TEXT, "Valeur retenue"),
        Field("tranche_par", TEXT, "Tranché par", "Un code, jamais un nom."),
        Field("tranche_le", DATETIME, "Tranché le"),
    ),
    geometry="Point",
    label="champ",
    indexes=("objet_uuid", "etat"),
)

FUSION = Table(
    "fusion",
    "Copies rendues",
    (
        UUID,
        Field(
            "copie_sha256", TEXT, "Empreinte de la copie", required=True, unique=True, check="length(copie_sha256) = 64"
        ),
        Field("base_id", TEXT, "Copie remise", required=True),
        Field("correspondant", TEXT, "Correspondant"),
        Field("fusionnee_le", DATETIME, "Fusionnée le", required=True, default="now()"),
        Field("appliquees", INTEGER, "Changements repris", check="appliquees >= 0"),
        Field("conflits", INTEGER, "Conflits", check="conflits >= 0"),
    ),
    label="base_id",
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
