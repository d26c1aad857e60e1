"""Lieux de médiation numérique, schema 1.0.2 (https://github.com/LaMednum/standard-mediation-num).

A CSV in UTF-8 separated by commas, with ``|`` between the values of one cell.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import QT_TRANSLATE_NOOP
from .catalogue import UNDATED, UNFIT, Catalogue, Remark, Written, codes, last_update
from .contacts import international, is_mail, is_web, web_address
from .tables import count as count_rows
from .tables import write_csv

OTHER_TRADE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Actors that are not of digital mediation, left out: {count} ({names}). The format is made for it alone.",
)
UNPLACED = QT_TRANSLATE_NOOP(
    "Tisserand", "Actors without an address, postcode or commune, left out: {count} ({names}). Fill them in."
)
UNREGISTERED = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Actors without a valid SIRET, written with 00000000000000 in its place: {count} ({names}). Fill it in.",
)
# What the national map's own tools write for an unknown SIRET, since the schema wants one.
NO_SIRET = "0" * 14
TRADE = "mediation-numerique"
TRADE_THEMES = "numerique--"
SUMMARY = 280

COLUMNS = (
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse", "latitude",
    "longitude", "typologie", "telephone", "courriels", "site_web", "horaires", "presentation_resume",
    "presentation_detail", "source", "itinerance", "structure_parente", "date_maj", "services",
    "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
    "dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces",
    "modalites_accompagnement", "fiche_acces_libre", "prise_rdv",
)  # fmt: skip

# Codes of data·inclusion -> the labels of this schema.
SERVICES = {
    "numerique--acceder-a-des-services-en-ligne": "Aide aux démarches administratives",
    "numerique--acceder-a-une-connexion-internet": "Accès internet et matériel informatique",
    "numerique--acquerir-un-equipement": "Acquisition de matériel informatique à prix solidaire",
    "numerique--maitriser-les-fondamentaux-du-numerique": "Maîtrise des outils numériques du quotidien",
}
PUBLICS = {
    "jeunes": "Jeunes",
    "etudiants": "Étudiants",
    "familles": "Familles et/ou enfants",
    "seniors": "Seniors",
    "femmes": "Femmes",
}
FEES = {"gratuit": "Gratuit", "payant": "Payant"}
NETWORKS = {
    "aidants-connect": "Aidants Connect",
    "conseillers-numeriques": "Conseillers numériques",
    "croix-rouge": "La Croix Rouge",
    "france-service": "France Services",
    "france-services": "France Services",
    "grandes-ecoles-du-numerique": "Grande école du numérique",
}
WAYS_IN = {
    "se-presenter": "Se présenter",
    "telephoner": "Téléphoner",
    "envoyer-un-courriel": "Contacter par mail",
    "utiliser-lien-mobilisation": "Prendre un RDV en ligne",
}
WAYS_OF_HELP = {
    "accompagnement": "Accompagnement individuel",
    "atelier": "Dans un atelier collectif",
    "a-distance": "À distance",
}
ITINERANT = {True: "Itinérant", False: "Fixe", None: ""}

_PHONE = re.compile(r"(\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)\d{6,9}", re.ASCII)
_COMMUNE = re.compile(r"([013-9]\d|2[AB1-9])\d{3}", re.ASCII)


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write the actors of digital mediation as CSV."""
    rows, remarks = places(catalogue)
    write_csv(path, list(COLUMNS), rows, encoding="utf-8", delimiter=",")
    return Written(len(rows), remarks)


def count(path: Path) -> int:
    """Return the number of places in a file."""
    return count_rows(path, delimiter=",")


def places(catalogue: Catalogue) -> tuple[list[dict[str, str]], list[Remark]]:
    """Return a row of text for each actor of digital mediation, and what is not in them."""
    rows, remarks = [], []
    for actor in catalogue.actors:
        services = catalogue.services_of(actor)
        updated = last_update(actor, catalogue.today)
        if not _is_of_the_trade(actor, services):
            remarks.append(Remark(OTHER_TRADE, actor["nom"]))
        elif not (actor["adresse"] and actor["commune"] and re.fullmatch(r"[0-9]{5}", actor["code_postal"] or "")):
            remarks.append(Remark(UNPLACED, actor["nom"]))
        elif updated is None:
            remarks.append(Remark(UNDATED, actor["nom"]))
        else:
            rows.append(_place(actor, services, remarks) | {"date_maj": updated.isoformat()})
    return rows, remarks


def _is_of_the_trade(actor: dict, services: list[dict]) -> bool:
    themes = [theme for row in (actor, *services) for theme in codes(row["thematiques"])]
    return actor["type_initiative"] == TRADE or any(theme.startswith(TRADE_THEMES) for theme in themes)


def _place(actor: dict, services: list[dict], remarks: list[Remark]) -> dict[str, str]:
    def allowed(field: str, value: str, fits: bool) -> str:
        if value and not fits:
            remarks.append(Remark(UNFIT, f"{actor['nom']} : {field}"))
        return value if fits else ""

    def said(field: str, labels: dict[str, str], *rows: dict) -> str:
        """Return the labels of the codes that the rows have in a field, each once."""
        found = [labels[code] for row in rows for code in codes(row[field]) if code in labels]
        return "|".join(dict.fromkeys(found))

    siret = actor["siret"] or ""
    if not re.fullmatch(r"[0-9]{14}", siret):
        remarks.append(Remark(UNREGISTERED, actor["nom"]))
        siret = NO_SIRET
    phone = international(actor["telephone"] or "")
    mail = (actor["courriel"] or "").strip()
    site = web_address(actor["site_web"] or "")
    commune = actor["code_insee"] or ""
    description = actor["description"] or ""
    networks = actor | {"reseaux_porteurs": f"{actor['reseaux_porteurs'] or ''}|{actor['type_initiative'] or ''}"}
    help_given = [said("modes_accueil", WAYS_OF_HELP, actor, *services), said("type", WAYS_OF_HELP, *services)]
    return {
        "id": actor["uuid"],
        "pivot": siret,
        "nom": actor["nom"],
        "commune": actor["commune"],
        "code_postal": actor["code_postal"],
        "code_insee": allowed("code_insee", commune, _COMMUNE.fullmatch(commune) is not None),
        "adresse": actor["adresse"],
        "latitude": _degrees(actor["latitude"]),
        "longitude": _degrees(actor["longitude"]),
        "telephone": allowed("telephone", phone, _PHONE.fullmatch(phone) is not None),
        "courriels": allowed("courriel", mail, is_mail(mail)),
        "site_web": allowed("site_web", site, is_web(site)),
        "horaires": actor["horaires_accueil"] or "",
        "presentation_resume": _summary(description),
        "presentation_detail": description,
        "source": actor["source"] or "",
        "itinerance": ITINERANT[actor["itinerant"]],
        "services": said("thematiques", SERVICES, actor, *services),
        "publics_specifiquement_adresses": said("publics", PUBLICS, actor, *services),
        "frais_a_charge": said("frais", FEES, actor, *services),
        "dispositif_programmes_nationaux": said("reseaux_porteurs", NETWORKS, networks),
        "modalites_acces": said("modes_mobilisation", WAYS_IN, *services),
        "modalites_accompagnement": "|".join(filter(None, help_given)),
    }


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.7f}"


def _summary(description: str) -> str:
    """Return the description, or as many whole words of it as a summary may hold."""
    if len(description) <= SUMMARY:
        return description
    cut = description[: SUMMARY - 1]
    return (cut.rsplit(None, 1)[0] if " " in cut else cut) + "…"
