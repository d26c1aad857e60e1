"""What is told: monographs, media, and what each person adds or thinks."""

from __future__ import annotations

from .actors import PUBLISHED
from .columns import CORRESPONDENT, DATE, INTEGER, KEPT, RETENTION, TEXT, UUID, WORKFLOW, coded, reference
from .schema import Check, Field, Table

# The twelve criteria of a social innovation of the Région Nouvelle-Aquitaine: column, words, question.
CRITERIA = (
    ("portage_collectif", "Portage collectif", "Plusieurs personnes ou structures le portent-elles ensemble ?"),
    ("diversite_collectif", "Diversité du collectif", "Viennent-elles d'horizons différents ?"),
    ("implication_publics", "Implication du public", "Les personnes concernées prennent-elles part à ce qui se fait ?"),
    ("gouvernance", "Gouvernance", "Les décisions se prennent-elles à plusieurs ?"),
    ("mode_operatoire", "Mode opératoire", "Sait-on dire comment cela marche, et le refaire ?"),
    ("transformation", "Potentiel de transformation", "Cela change-t-il les pratiques autour de soi ?"),
    ("rupture", "Rupture", "Est-ce neuf ici ?"),
    ("ancrage", "Ancrage dans le territoire", "Cela tient-il au lieu, à ses habitants, à ses ressources ?"),
    ("accessibilite", "Accessibilité", "Chacun peut-il y venir : prix, distance, horaires, langue, handicap ?"),
    ("viabilite", "Viabilité", "Les moyens sont-ils assurés pour durer ?"),
    ("environnement", "Effet sur l'environnement", "Prend-on soin des ressources, des déchets, des trajets ?"),
    ("recherche", "Ouverture à la recherche", "Apprend-on de ce qui se fait, avec d'autres ?"),
)

OF_WHAT = (
    reference("acteur_uuid", "acteur", "Acteur", "L'acteur dont il est question."),
    reference("site_uuid", "site", "Site", "Le site dont il est question."),
    reference("initiative_uuid", "initiative", "Initiative", "L'initiative dont il est question."),
)


def one_of(names: tuple[str, ...]) -> str:
    """Return the SQL condition that exactly one of some columns is filled."""
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in names) + " = 1"


MONOGRAPHIE = Table(
    "monographie",
    "Monographies",
    (
        UUID,
        Field(
            "titre",
            TEXT,
            "Titre",
            "Il paraît en tête de la page du guide.",
            required=True,
            check="length(titre) BETWEEN 3 AND 150",
        ),
        *OF_WHAT,
        CORRESPONDENT,
        Field("date_rencontre", DATE, "Rencontre du", "Le jour de l'entretien."),
        Field("resume", TEXT, "En deux phrases", "Ce que l'on retiendrait si l'on ne lisait que cela."),
        Field("histoire", TEXT, "Comment c'est né", "Qui a commencé, quand, pourquoi."),
        Field("fonctionnement", TEXT, "Comment cela marche", "Une semaine ordinaire : qui fait quoi."),
        Field("publics_touches", TEXT, "Qui vient, qui ne vient pas", "Et pourquoi certains ne viennent pas."),
        Field("partenaires", TEXT, "Avec qui", "Structures, institutions, voisins."),
        Field("moyens", TEXT, "Avec quels moyens", "Argent, lieux, bras, matériel."),
        Field("resultats", TEXT, "Ce que cela change", "Pour les personnes, pour le quartier."),
        Field("difficultes", TEXT, "Ce qui est difficile", "Ce qui a failli tout arrêter."),
        Field(
            "enseignements",
            TEXT,
            "Ce que l'on peut en reprendre ailleurs",
            "Ce qu'il faudrait savoir avant de commencer.",
        ),
        *(
            Field(
                f"c_{name}",
                INTEGER,
                words,
                f"{question} De 0 (pas du tout) à 4 (tout à fait).",
                check=f"c_{name} BETWEEN 0 AND 4",
            )
            for name, words, question in CRITERIA
        ),
        PUBLISHED,
        *WORKFLOW,
        *KEPT,
    ),
    label="titre",
    checks=(
        Check(
            "monographie_objet",
            one_of(tuple(column.name for column in OF_WHAT)),
            "Une monographie décrit un acteur, un site ou une initiative : en choisir un seul.",
        ),
    ),
    indexes=tuple(column.name for column in OF_WHAT),
)

SHOWN = (
    *OF_WHAT,
    reference("evenement_uuid", "evenement", "Évènement", "L'évènement dont il est question."),
    reference("monographie_uuid", "monographie", "Monographie", "La monographie qu'elle illustre."),
)

MEDIA = Table(
    "media",
    "Photos et documents",
    (
        UUID,
        Field(
            "chemin",
            TEXT,
            "Photo",
            "Choisir une image : elle est copiée près de l'espace de travail, sans son lieu ni son heure.",
            required=True,
            check="length(chemin) BETWEEN 5 AND 200 AND chemin NOT LIKE '%..%' AND chemin NOT LIKE '%:%'"
            " AND replace(chemin, '\\', '') = chemin AND substr(chemin, 1, 1) <> '/'",
            check_says="un fichier du dossier des photos, sans « .. », « : » ni « \\ »",
        ),
        Field("legende", TEXT, "Légende", "Ce que l'on voit : elle sert aussi à qui ne voit pas l'image."),
        Field("credit", TEXT, "Crédit", "Qui a pris la photo."),
        coded(
            "droit_image",
            "droits_image",
            "Droit à l'image",
            "Ce que les personnes visibles ont accepté ; inconnu : la photo n'est pas publiée.",
            default="'inconnu'",
        ),
        Field("date_prise", DATE, "Prise le", "Le jour, s'il est connu."),
        Field("ordre", INTEGER, "Ordre", "La première photo va dans le guide.", check="ordre >= 0"),
        *SHOWN,
        Field(
            "sha256",
            TEXT,
            "Empreinte",
            internal=True,
            check="length(sha256) = 64",
        ),
        Field(
            "mime",
            TEXT,
            "Format",
            internal=True,
            check="mime IN ('image/jpeg', 'image/png', 'image/webp')",
            check_says="une image JPEG, PNG ou WebP",
        ),
        Field("octets", INTEGER, "Taille", internal=True, check="octets >= 0"),
        *KEPT,
    ),
    label="legende",
    checks=(
        Check(
            "media_objet",
            one_of(tuple(column.name for column in SHOWN)),
            "Une photo va avec un acteur, un site, une initiative, un évènement ou une monographie : en choisir un.",
        ),
    ),
    indexes=tuple(column.name for column in SHOWN),
)

CONTRIBUTION = Table(
    "contribution",
    "Apports et avis",
    (
        UUID,
        coded(
            "nature",
            "natures_contribution",
            "Nature",
            "Ce que c'est : avis, correction, acteur à ajouter…",
            required=True,
            default="'avis'",
        ),
        Field("avis", TEXT, "Apport ou avis", "Ce que la personne propose, corrige ou pense.", required=True),
        coded("qualite_auteur", "qualites_auteur", "Qui le dit", "Sans le nom de la personne."),
        Field("auteur_contact", TEXT, "Pour lui répondre", "Seulement avec son accord, daté ci-dessous."),
        Field("consentement_le", DATE, "Accord donné le", "La date de l'accord pour lui répondre."),
        RETENTION,
        Field("recueilli_le", DATE, "Recueilli le", "Le jour où la personne l'a dit.", default="to_date(now())"),
        reference("acteur_uuid", "acteur", "Au sujet de l'acteur", "L'acteur dont il est question."),
        reference("besoin_uuid", "besoin", "Au sujet du besoin", "Le besoin dont il est question."),
        coded("decision", "decisions", "Décision", "Qui relit décide, et dit pourquoi.", default="'en-attente'"),
        Field("relu_par", TEXT, "Relu par", "Un code, jamais un nom."),
        Field("relu_le", DATE, "Relu le", "Le jour de la décision."),
        Field("motif", TEXT, "Motif", "Ce qui a fait décider ainsi."),
        *KEPT,
    ),
    geometry="Point",
    label="avis",
    checks=(
        Check(
            "contribution_contact",
            "auteur_contact IS NULL OR consentement_le IS NOT NULL",
            "Pour garder de quoi répondre à la personne, indiquer la date de son accord.",
        ),
        Check(
            "contribution_relue",
            "coalesce(decision, 'en-attente') = 'en-attente' OR relu_le IS NOT NULL",
            "Une décision a une date de relecture.",
        ),
        Check(
            "contribution_motif",
            "coalesce(decision, '') <> 'refusee' OR motif IS NOT NULL",
            "Un refus dit pourquoi : remplir le motif.",
        ),
    ),
    indexes=("acteur_uuid", "besoin_uuid", "decision"),
)
