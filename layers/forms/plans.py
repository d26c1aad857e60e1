"""Where each field stands in the form of its table: tabs, boxes within them, and the rows of other tables.

A table that has no plan here gets one tab. A field that a plan forgets comes in its last tab, so none is ever missing.
"""

from __future__ import annotations

from typing import NamedTuple

from ..model.schema import Table


class Box(NamedTuple):
    """Fields that belong together, under a title that may say how to fill them."""

    title: str
    names: tuple[str, ...]


class Rows(NamedTuple):
    """Rows of another table that belong to the one on screen, and the sentence that stands above them."""

    table: str
    field: str
    says: str


class Plan(NamedTuple):
    """A tab: fields and boxes from top to bottom, then the rows of another table if any."""

    title: str
    parts: tuple[str | Box, ...] = ()
    rows: Rows | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields of the tab, from top to bottom."""
        return tuple(name for part in self.parts for name in (part.names if isinstance(part, Box) else (part,)))


ADD = "Pour en ajouter : crayon, puis « + »."
SERVICES = Plan("Services", rows=Rows("service", "acteur_uuid", f"Ce que l'on y reçoit. {ADD}"))
VISITS = Plan("Visites", rows=Rows("visite", "acteur_uuid", f"Rencontres, appels, suites à donner. {ADD}"))
PLACE = Box(
    "Adresse (commune et code se remplissent d'après la position)",
    ("adresse", "complement_adresse", "code_postal", "commune", "code_insee"),
)
REVIEW = ("statut", "statut_motif", "revoir_avant")
ORIGIN = Box("D'où vient la fiche", ("source", "source_ref", "source_le"))


def _photos(field: str) -> Plan:
    return Plan("Photos", rows=Rows("media", field, f"La première va dans le guide. {ADD}"))


def _stories(field: str) -> Plan:
    return Plan("Monographie", rows=Rows("monographie", field, f"Le récit de la rencontre. {ADD}"))


def _opinions(field: str) -> Plan:
    says = f"Ce que chacun propose, corrige ou pense. {ADD}"
    return Plan("Apports et avis", rows=Rows("contribution", field, says))


PLANS = {
    "acteur": (
        Plan(
            "Présentation",
            ("nom", "type_initiative", "theme_principal", "themes_vie", "types_action", "publics", "description"),
        ),
        Plan(
            "Accueil",
            (
                PLACE,
                Box("Joindre", ("telephone", "courriel", "site_web")),
                Box("Venir", ("horaires_accueil", "modes_accueil", "frais", "capacite", "accessibilite_lieu")),
                Box("Se déplacer vers les gens", ("itinerant", "tournee")),
            ),
        ),
        Plan(
            "Ressources",
            (
                Box("Partager", ("moyens_partageables", "recherche")),
                Box("Annuaire national", ("thematiques", "reseaux_porteurs")),
                Box("La structure", ("siret", "rna", "forme_juridique", "echelle", "lien_source")),
            ),
        ),
        Plan(
            "Suivi",
            (
                Box("Recensement", ("statut_recensement", "date_visite", "correspondant_uuid", "secteur_uuid")),
                Box("Relecture", ("diffusion", *REVIEW)),
                Box(
                    "Accord de la personne à contacter",
                    (
                        "contact_nom",
                        "contact_publiable",
                        "consentement_le",
                        "opposition_le",
                        "conservation_jusqu_a",
                    ),
                ),
                Box("Position", ("precision_geo", "score_geocodage")),
                ORIGIN,
            ),
        ),
        SERVICES,
        VISITS,
        _stories("acteur_uuid"),
        _photos("acteur_uuid"),
        _opinions("acteur_uuid"),
        Plan("Liens", rows=Rows("lien", "de_uuid", f"Les acteurs avec qui celui-ci travaille. {ADD}")),
    ),
    "service": (
        Plan("Service", ("acteur_uuid", "nom", "type", "description", "thematiques", "publics")),
        Plan(
            "Y accéder",
            (
                "frais",
                "frais_precisions",
                "modes_accueil",
                "modes_mobilisation",
                "conditions_acces",
                "zone_eligibilite",
                "horaires_accueil",
                "capacite",
            ),
        ),
        Plan("Suivi", (ORIGIN,)),
    ),
    "site": (
        Plan("Lieu", ("nom", "type_site", "description", "acteur_uuid", "surface_m2", "places", "disponible")),
        Plan("Adresse", (PLACE, "acces")),
        Plan(
            "Suivi",
            (
                Box("Relecture", ("diffusion", *REVIEW, "secteur_uuid")),
                Box("Position", ("precision_geo", "score_geocodage")),
                ORIGIN,
            ),
        ),
        _photos("site_uuid"),
        _stories("site_uuid"),
    ),
    "besoin": (
        Plan(
            "Besoin",
            ("libelle", "theme_vie", "publics", "intensite", "recurrence", "nb_situations", "nb_volontaires", "freins"),
        ),
        Plan(
            "Source et lieu",
            (
                Box("D'où on le tient", ("origine", "nature", "date_recueil", "millesime", "valide_jusqu_a")),
                Box("Lieu (le point au centre de l'unité)", ("niveau_geo", "code_geo", "code_insee", "secteur_uuid")),
                "description",
            ),
        ),
        Plan(
            "Suivi",
            (
                "statut_besoin",
                "reponse_uuid",
                "correspondant_uuid",
                "fiabilite",
                "diffusion",
                Box("Annuaire national", ("thematiques",)),
                ORIGIN,
            ),
        ),
        Plan("Projets", rows=Rows("projet", "besoin_uuid", f"Ce qui pourrait y répondre. {ADD}")),
        _opinions("besoin_uuid"),
    ),
    "initiative": (
        Plan("Initiative", ("titre", "type_initiative", "description", "themes_vie", "types_action", "publics")),
        Plan(
            "Qui, où, quand",
            (
                "porteur_uuid",
                "site_uuid",
                Box("Dates", ("debut", "fin")),
                "nb_beneficiaires",
                Box("Lieu (d'après la position)", ("code_insee", "secteur_uuid", "precision_geo")),
            ),
        ),
        Plan("Suivi", (Box("Relecture", ("diffusion", *REVIEW)), Box("Annuaire national", ("thematiques",)), ORIGIN)),
        _stories("initiative_uuid"),
        _photos("initiative_uuid"),
    ),
    "projet": (
        Plan("Projet", ("titre", "etat_projet", "duree", "theme_vie", "description", "publics")),
        Plan(
            "Conditions",
            (
                Box("Les trois conditions d'un projet", ("nb_besoins", "nb_volontaires", "contexte")),
                "moyens_manquants",
                Box("Liens", ("besoin_uuid", "porteur_uuid", "site_uuid")),
            ),
        ),
        Plan(
            "Suivi",
            (
                Box("Dates", ("debut", "fin")),
                Box("Relecture", ("diffusion", *REVIEW)),
                Box("Lieu (d'après la position)", ("code_insee", "secteur_uuid", "correspondant_uuid")),
                ORIGIN,
            ),
        ),
        Plan("Évènements", rows=Rows("evenement", "projet_uuid", f"Ce qui a lieu dans ce cadre. {ADD}")),
    ),
    "evenement": (
        Plan("Évènement", ("titre", "type_evenement", "description", "debut", "fin", "horaires", "gratuit")),
        Plan(
            "Qui, où",
            (
                "organisateur_uuid",
                "site_uuid",
                "projet_uuid",
                "themes_vie",
                "publics",
                "nb_participants",
                Box("Lieu (d'après la position)", ("code_insee", "secteur_uuid")),
            ),
        ),
        Plan("Suivi", ("diffusion", "revoir_avant", ORIGIN)),
        _photos("evenement_uuid"),
    ),
    "visite": (
        Plan(
            "Visite",
            ("acteur_uuid", "date_visite", "nature", "compte_rendu", "suite", "correspondant_uuid", ORIGIN),
        ),
    ),
    "monographie": (
        Plan(
            "Sujet",
            (
                "titre",
                Box("Choisir un seul des trois", ("acteur_uuid", "site_uuid", "initiative_uuid")),
                "date_rencontre",
                "correspondant_uuid",
                "resume",
            ),
        ),
        Plan("Récit", ("histoire", "fonctionnement", "publics_touches", "partenaires", "moyens")),
        Plan("Bilan", ("resultats", "difficultes", "enseignements")),
        Plan(
            "Douze critères",
            (
                Box(
                    "De 0 (pas du tout) à 4 (tout à fait) ; laisser vide ce que l'on ne sait pas",
                    (
                        "c_portage_collectif",
                        "c_diversite_collectif",
                        "c_implication_publics",
                        "c_gouvernance",
                        "c_mode_operatoire",
                        "c_transformation",
                        "c_rupture",
                        "c_ancrage",
                        "c_accessibilite",
                        "c_viabilite",
                        "c_environnement",
                        "c_recherche",
                    ),
                ),
            ),
        ),
        Plan("Suivi", (Box("Relecture", ("diffusion", *REVIEW)), ORIGIN)),
        _photos("monographie_uuid"),
    ),
    "media": (
        Plan("Photo", ("chemin", "legende", "credit", "droit_image", "date_prise", "ordre")),
        Plan(
            "Ce qu'elle montre",
            (
                Box(
                    "En choisir un seul",
                    ("acteur_uuid", "site_uuid", "initiative_uuid", "evenement_uuid", "monographie_uuid"),
                ),
                ORIGIN,
            ),
        ),
    ),
    "contribution": (
        Plan("Apport", ("nature", "avis", "qualite_auteur", "recueilli_le", "acteur_uuid", "besoin_uuid")),
        Plan("Répondre", ("auteur_contact", "consentement_le", "conservation_jusqu_a")),
        Plan("Relecture", ("decision", "motif", "relu_par", "relu_le", ORIGIN)),
    ),
}

MORE = "Plus"
# What must be known on the doorstep; all the rest stands in the last tab.
SHORT = {
    "acteur": (
        Plan(
            "Sur place",
            (
                "nom",
                "type_initiative",
                "adresse",
                "telephone",
                "statut_recensement",
                "date_visite",
                "themes_vie",
                "publics",
            ),
        ),
        VISITS,
        _photos("acteur_uuid"),
        SERVICES,
        _stories("acteur_uuid"),
        _opinions("acteur_uuid"),
    ),
    "besoin": (Plan("Sur place", ("libelle", "theme_vie", "publics", "nb_situations", "nb_volontaires", "freins")),),
    "site": (Plan("Sur place", ("nom", "type_site", "adresse", "places", "disponible")), _photos("site_uuid")),
    "initiative": (
        Plan("Sur place", ("titre", "type_initiative", "porteur_uuid", "themes_vie", "publics")),
        _photos("initiative_uuid"),
    ),
    "projet": (Plan("Sur place", ("titre", "etat_projet", "theme_vie", "description", "nb_volontaires", "contexte")),),
    "evenement": (
        Plan("Sur place", ("titre", "type_evenement", "organisateur_uuid", "debut", "horaires", "nb_participants")),
        _photos("evenement_uuid"),
    ),
}


def long_plan(declared: Table) -> tuple[Plan, ...]:
    """Return the tabs of a table's whole form; internal fields stand in none."""
    plans = PLANS.get(declared.name, (Plan(declared.title),))
    fields = [plan for plan in plans if plan.rows is None]
    return tuple(
        plan._replace(parts=(*plan.parts, *_missing(declared, plans))) if plan is fields[-1] else plan for plan in plans
    )


def short_plan(declared: Table) -> tuple[Plan, ...] | None:
    """Return the tabs of a table's short form, None where it has none: first what must be known, the rest last."""
    if declared.name not in SHORT:
        return None
    plans = SHORT[declared.name]
    return (*plans, Plan(MORE, _missing(declared, plans)))


def _missing(declared: Table, plans: tuple[Plan, ...]) -> tuple[str, ...]:
    placed = {name for plan in plans for name in plan.names}
    return tuple(column.name for column in declared.fields if not column.internal and column.name not in placed)
