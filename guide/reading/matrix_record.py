"""The matrix of a printed guide, kept in its store: what the next edition must not contradict, nor give away."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from ...layers.confidentiality import Disclosure
from ...layers.errors import StoreRefusedError
from ...layers.geopackage import read_rows, write_changes
from ..facts.content import Content, Territory

MASKED, NOBODY, AT_LEAST = "masqué", "aucun", "au moins "


def record_edition(store: Path, content: Content, title: str, fingerprint: str = "") -> int:
    """Write the edition and its matrix into the store and return how many cells that has; whole or not at all.

    The edition of the same name is written anew. Raises what ``geopackage.write_changes`` raises, and
    StoreRefusedError when what is read back differs.
    """
    edition = _edition(content, title, fingerprint)
    known = {row["code"]: row["uuid"] for row in read_rows(store, "edition", withdrawn=True)}
    edition["uuid"] = known.get(content.edition, edition["uuid"])
    cells = _cells(content, edition["uuid"])
    old = {
        (row["theme_vie"], row["niveau"], row["code_territoire"]): row["uuid"]
        for row in read_rows(store, "matrice", withdrawn=True)
        if row["edition_uuid"] == edition["uuid"]
    }
    for row in cells:
        place = row["theme_vie"], row["niveau"], row["code_territoire"]
        row["uuid"] = old.get(place, row["uuid"])
    creates = {"matrice": [row for row in cells if row["uuid"] not in set(old.values())]}
    updates = {"matrice": [row for row in cells if row["uuid"] in set(old.values())]}
    (updates if content.edition in known else creates)["edition"] = [edition]
    write_changes(store, creates, updates)
    kept = [row for row in read_rows(store, "matrice") if row["edition_uuid"] == edition["uuid"]]
    found = {(row["theme_vie"], row["code_territoire"]): (row["besoins"], row["etat_offre"]) for row in kept}
    if any(found.get((r["theme_vie"], r["code_territoire"])) != (r["besoins"], r["etat_offre"]) for r in cells):
        raise StoreRefusedError(path=store, cause="matrice")
    return len(cells)


def figure_of(words: str) -> float | None:
    """Return the number of situations that a cell of a recorded matrix showed, None when it was masked."""
    if words == NOBODY:
        return 0.0
    digits = words.replace(AT_LEAST, "")
    return float(digits) if digits.isdecimal() else None


def _edition(content: Content, title: str, fingerprint: str) -> dict:
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"edition|{content.departement_code}|{content.edition}")),
        "code": content.edition,
        "titre": title,
        "etablie_le": content.printed_on,
        "diffusion": content.audience,
        "niveau": content.level,
        "seuil": content.threshold,
        "empreinte": fingerprint or None,
    }


def _cells(content: Content, edition: str) -> list[dict]:
    counted: Counter[tuple[str, str]] = Counter()
    for actor in content.actors:
        counted.update((actor.commune, theme) for theme in actor.themes)
    territories = {t.code: t for t in (content.outline, *content.groups, *content.communes)}
    return [
        _cell(content, edition, territory, theme, sum(counted[commune, theme] for commune in set(territory.members)))
        for territory in territories.values()
        for theme in content.themes
    ]


def _cell(content: Content, edition: str, territory: Territory, theme: str, actors: int) -> dict:
    place = theme, territory.level, territory.code
    return {
        "uuid": str(uuid5(NAMESPACE_URL, "|".join(("matrice", edition, *place)))),
        "edition_uuid": edition,
        "theme_vie": theme,
        "niveau": territory.level,
        "code_territoire": territory.code,
        "nb_acteurs": actors,
        "etat_offre": _offer(content, territory, theme, actors),
        "besoins": _needs(content, "" if territory is content.outline else territory.code, theme),
    }


def _offer(content: Content, territory: Territory, theme: str, actors: int) -> str:
    """Return one of four states: an offer, none although somebody looked, nobody looked, or not for these readers."""
    if actors:
        return "offre"
    if content.survey_state(territory)[0] == 0:
        return "non-recense"
    code = "" if territory is content.outline else territory.code
    return "non-publie" if content.offer(code, theme) == "non-publie" else "aucune"


def _needs(content: Content, code: str, theme: str) -> str:
    need = content.need(code, theme)
    least = content.at_least(code, theme)
    if need.state is Disclosure.NONE:
        return NOBODY
    if need.state is Disclosure.SHOWN:
        return f"{need.value:.0f}"
    return f"{AT_LEAST}{least:.0f}" if least == least else MASKED
