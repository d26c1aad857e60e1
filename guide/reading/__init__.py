"""Reads what a guide is about from a store: for its readers, and without what they may not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ...layers.confidentiality import threshold_from
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import kept_open, read_settings
from ...layers.result_tables import EFFORT, GAPS_BY_TERRITORY
from ..facts.content import Content
from ..facts.words import sort_key
from ..gate import Before, Counts, Rules, disclose
from .actors import read_actors
from .analyses import read_analyses
from .editions import changes_since, check_previous, last_edition, shown_before
from .effort import read_effort
from .gaps import read_gaps
from .leads import read_leads, settle_leads
from .matching import read_matching, settle_matching
from .monographs import read_monographs
from .needs import count_needs
from .networks import read_networks, read_ties
from .places import read_places
from .rows import read_rows
from .similar import read_similar
from .territories import of_departement


def read_content(
    store: Path,
    *,
    edition: str,
    audience: str,
    level: str,
    printed_on: date,
    previous: Path | None = None,
    tick: Callable[[], None] = lambda: None,
    shares: bool = True,
) -> Content:
    """Return the content of a guide for an audience; ``previous`` is the store of the last edition.

    ``tick`` may raise to stop. Without ``shares`` those of unmet needs, which take longest, stay out.

    ``level`` is that of the sheets, a code of ``niveaux``; ``""`` takes the one the workspace was set up with.
    Raises StoreUnreadableError, and TisserandError when the store has no territory of that level, or when ``previous``
    cannot be that of the last edition.
    """
    with kept_open(store):
        return _read(store, edition, audience, level, printed_on, previous, tick, shares)


def _read(
    store: Path,
    edition: str,
    audience: str,
    level: str,
    printed_on: date,
    previous: Path | None,
    tick: Callable[[], None],
    shares: bool,
) -> Content:
    settings = read_settings(store)
    territories = of_departement(read_rows(store, "territoire"), settings.get("departement"))
    level = level or settings.get("niveau_guide", "epci")
    groups = sorted((t for t in territories if t.level == level), key=lambda t: sort_key(t.name))
    communes = sorted((t for t in territories if t.level == "commune"), key=lambda t: sort_key(t.name))
    outline = next((t for t in territories if t.level == "departement"), None)
    if not groups or not communes or outline is None:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{store} has no territories of the level “{level}”: "
                "choose another level for the sheets, or import them.",
            ),
            store=store.name,
            level=level,
        )
    content = Content(
        departement=settings.get("departement_nom", outline.name),
        departement_code=settings.get("departement", outline.code),
        edition=edition,
        audience=audience,
        epsg=int(settings["epsg"]),
        level=level,
        threshold=threshold_from(settings.get("seuil")),
        settings=settings,
        printed_on=printed_on,
        outline=outline,
        groups=groups,
        communes=communes,
        actors=[],
        town_halls=[],
        fictional=settings.get("fictif") == "oui",
    )
    people = read_rows(store, "correspondant")
    actors = read_rows(store, "acteur")
    read_actors(content, actors, read_rows(store, "service"), people)
    read_monographs(content, store, people)
    read_analyses(content, store)
    read_effort(content, actors, read_rows(store, "visite"), read_rows(store, EFFORT))
    read_similar(content, store)
    read_ties(content, read_rows(store, "lien"))
    read_networks(content, store)
    last = None
    if previous is not None:
        its = read_settings(previous).get("departement", "")
        check_previous(store, previous, settings.get("departement", ""), its)
        last = _last(previous, audience, printed_on, tick)
    printed = {row["niveau"] for row in read_rows(store, "edition")} | ({last.level} if last else set())
    counts = count_needs(content, read_rows(store, "besoin"), territories, printed)
    counts.gaps = read_gaps(content, read_rows(store, GAPS_BY_TERRITORY))
    counts.extras = [*read_leads(content, store), *read_matching(content, store)]
    if not shares:
        counts.gaps = {}
    pass_the_gate(content, counts, shown_before(last, previous) if last else None, tick)
    settle_leads(content)
    settle_matching(content)
    read_places(content, read_rows(store, "site"), read_rows(store, "initiative"))
    if last:
        content.changes = changes_since(content, last, store, previous)
    return content


def _last(previous: Path, audience: str, printed_on: date, tick: Callable[[], None]) -> Content:
    edition = last_edition(previous)
    return read_content(
        previous,
        edition=edition["code"] if edition else "",
        audience=audience,
        level=edition["niveau"] if edition else "",
        printed_on=edition["etablie_le"] if edition else printed_on,
        tick=tick,
        shares=False,
    )


def pass_the_gate(content: Content, counts: Counts, before: Before | None, tick: Callable[[], None]) -> None:
    """Let figures into the content, and say what an editor must know of those that stay out."""
    rules = Rules(content.threshold, contributors=content.settings.get("contributeurs", ""))
    verdict = content.verdict = disclose(counts, rules, before, tick)
    if verdict.threshold > content.threshold:
        content.warnings.append(
            f"Le seuil de l'édition précédente, {verdict.threshold} situations, est gardé : il ne s'abaisse pas d'une "
            "édition à l'autre."
        )
    content.threshold = verdict.threshold
    if verdict.unproven:
        content.warnings.append(
            "Tous les chiffres des besoins sont masqués : il n'a pas pu être prouvé qu'aucun petit nombre ne s'en "
            "déduise. Il faut pour cela le paquet Python scipy, et assez de communes ou de besoins."
        )
    if verdict.told:
        content.warnings.append(
            f"Chiffres masqués aujourd'hui, mais qui se lisent dans l'édition précédente : {verdict.told}. Ce qui a "
            "été publié ne se reprend pas."
        )
    if verdict.stale:
        content.warnings.append(
            f"La couverture a été calculée avec d'autres besoins que ceux d'aujourd'hui dans {verdict.stale} "
            "territoires : la part sans réponse n'y est pas imprimée. Relancer « Manques de couverture »."
        )
