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
        Field("titre", TEXT, "Titre", "Celui de la couverture."),
        Field(
            "etablie_le", DATE, "Établie le", "Le jour où le guide a été fait.", required=True, default="to_date(now())"
        ),
        coded(
            "diffusion", "diffusions", "Pour qui", "Les lecteurs de cette édition.", required=True, default="'public'"
        ),
        coded("niveau", "niveaux", "Maille", "Le découpage des fiches.", required=True),
        Field(
            "seuil",
            INTEGER,
            "Seuil du secret",
            "Au-dessous, un chiffre tiré des besoins est masqué.",
            required=True,
            check="seuil >= 3",
            check_says="un nombre, 3 ou plus",
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
        reference("edition_uuid", "edition", "Édition", "L'édition à laquelle cette case appartient.", required=True),
        coded("theme_vie", "themes_vie", "Thème", "La ligne de la matrice.", required=True),
        coded("niveau", "niveaux", "Maille", "Le découpage des colonnes.", required=True),
        Field("code_territoire", TEXT, "Territoire", "Code INSEE ou SIREN de la colonne.", required=True),
        Field("nb_acteurs", INTEGER, "Acteurs", "Combien d'acteurs y répondent.", check="nb_acteurs >= 0"),
        coded(
            "etat_offre",
            "etats_offre",
            "Offre",
            "Offre, aucune, non recensé ou non publié : quatre choses.",
            required=True,
        ),
        Field(
            "besoins",
            TEXT,
            "Besoins",
            "Le nombre publié, aucun, ou masqué : rien qui ne soit imprimé.",
        ),
        *KEPT,
    ),
    label="code_territoire",
    unique_together=(("edition_uuid", "theme_vie", "niveau", "code_territoire"),),
)

JOURNAL = Table(
    "journal",
    "Journal",
    (
        Field("quand", DATETIME, "Quand", "L'instant, en temps universel.", required=True),
        Field("qui", TEXT, "Qui", "Le compte ou le code, jamais un nom."),
        Field("nom_table", TEXT, "Table", "La table de la fiche.", required=True),
        Field("objet_uuid", TEXT, "Fiche", "L'identifiant de la fiche.", required=True),
        coded("operation", "operations", "Opération", "Ce qui a été fait.", required=True),
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
        Field("nom_table", TEXT, "Table", "La table de la fiche.", required=True),
        Field("objet_uuid", TEXT, "Fiche", "L'identifiant de la fiche.", required=True),
        Field("champ", TEXT, "Champ", "Vide : la fiche entière."),
        Field("base", TEXT, "Valeur de départ", "Ce que disait la fiche au départ."),
        Field("leur", TEXT, "Valeur en place", "Ce qu'elle dit maintenant."),
        Field("notre", TEXT, "Valeur apportée", "Ce que disait la copie rendue."),
        Field("auteur_leur", TEXT, "Auteur en place", "Qui a écrit la valeur en place."),
        Field("auteur_notre", TEXT, "Auteur de l'apport", "Qui a écrit la valeur apportée."),
        Field("survenu_le", DATETIME, "Survenu le", "Quand les deux se sont rencontrées.", default="now()"),
        coded("etat", "etats_conflit", "État", "À trancher, ou tranché.", required=True, default="'ouvert'"),
        Field("choix", TEXT, "Valeur retenue", "La valeur gardée."),
        Field("tranche_par", TEXT, "Tranché par", "Un code, jamais un nom."),
        Field("tranche_le", DATETIME, "Tranché le", "Le jour de la décision."),
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
            "copie_sha256",
            TEXT,
            "Empreinte de la copie",
            "Elle empêche de reprendre deux fois la même copie.",
            required=True,
            unique=True,
            check="length(copie_sha256) = 64",
        ),
        Field("base_id", TEXT, "Copie remise", "L'identifiant donné quand la copie a été remise.", required=True),
        Field("correspondant", TEXT, "Correspondant", "À qui la copie avait été remise, par son code."),
        Field("fusionnee_le", DATETIME, "Fusionnée le", "Quand elle a été reprise.", required=True, default="now()"),
        Field(
            "appliquees", INTEGER, "Changements repris", "Combien de valeurs ont été reprises.", check="appliquees >= 0"
        ),
        Field("conflits", INTEGER, "Conflits", "Combien sont à trancher.", check="conflits >= 0"),
    ),
    label="base_id",
)

META = Table(
    "meta",
    "Réglages de l'espace de travail",
    (
        Field("cle", TEXT, "Clé", "Le nom du réglage.", required=True, unique=True),
        Field("valeur", TEXT, "Valeur", "Sa valeur."),
    ),
    label="cle",
)
