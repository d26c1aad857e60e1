"""What an entry of the directory says of an actor, in its order: labels and words."""

from __future__ import annotations

from typing import NamedTuple

from ...layers.model.codes import code_list
from ..composing.addresses import mail_link, shown, web_link
from ..composing.book import Link
from ..facts.content import Actor, Service
from ..facts.words import hours_in_words, plural


class Fact(NamedTuple):
    """A line of an entry; ``lead`` is set in bold above the words, "" for none."""

    label: str
    words: str
    lead: str = ""
    link: Link | None = None


def facts(actor: Actor, commune: str, monograph_page: str, monograph: str) -> list[Fact]:
    """Return the facts that are known; ``monograph`` is the anchor of the actor's monograph, "" for none."""
    found = [
        Fact("Services" if index == 0 else "", service_in_words(service), service.name)
        for index, service in enumerate(actor.services)
    ]
    found += [
        Fact("Pour qui" if actor.audiences else "Frais", for_whom(actor)),
        Fact("Horaires", hours_in_words(actor.hours) if actor.hours else ""),
        Fact("Tournée", actor.round),
        Fact("Accueil", listed(actor.welcome, "modes_accueil") if "a-distance" in actor.welcome else ""),
        Fact("À partager", actor.resources),
        Fact("Recherche", actor.wanted),
        Fact("Adresse", address_of(actor, commune)),
        Fact("Accès", shown(actor.access_page), link=web_link(actor.access_page)),
        Fact("Contact", " · ".join(part for part in (actor.phone, actor.mail) if part), link=mail_link(actor.mail)),
        Fact("Site", shown(actor.site), link=web_link(actor.site)),
        Fact("Réseaux", ", ".join(code_list("reseaux_porteurs").label(code) for code in actor.networks)),
        Fact("Statut", " · ".join(part for part in (actor.legal_form, siret(actor.siret)) if part)),
        Fact("Monographie", f"page {monograph_page}" if monograph_page else "", link=Link(monograph)),
    ]
    return [fact for fact in found if fact.words or fact.lead]


def service_in_words(service: Service) -> str:
    """Return what is to be known of a service besides its name, as sentences."""
    fee = code_list("frais").label(service.fee) if service.fee else ""
    details = f"{fee} ({service.fee_details})" if fee and service.fee_details else fee or service.fee_details
    ways = ", ".join(code_list("modes_mobilisation").label(code) for code in service.ways_in)
    hours = hours_in_words(service.hours) if service.hours else ""
    sentences = (
        service.description,
        f"Pour : {listed(service.audiences, 'publics')}" if service.audiences else "",
        details,
        service.conditions,
        hours,
        ways,
    )
    return " ".join(_closed(sentence) for sentence in sentences if sentence.strip())


def _closed(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if sentence[-1] in ".!?…" else f"{sentence}."


def listed(codes, name: str) -> str:
    """Return the words for codes of a list, each beginning small: a label may hold an acronym further on."""
    words = (code_list(name).label(code) for code in codes)
    return ", ".join(word[:1].lower() + word[1:] for word in words)


def address_of(actor: Actor, commune: str) -> str:
    """Return the postal address as far as it is known; "" where only the commune is, which the head says."""
    if not (actor.address or actor.address_details or actor.postcode):
        return ""
    town = f"{actor.postcode} {commune}".strip()
    return ", ".join(part for part in (actor.address, actor.address_details, town) if part)


def siret(digits: str) -> str:
    """Return a SIRET in its groups."""
    if len(digits) != 14:
        return digits and f"SIRET {digits}"
    return "SIRET " + "\u00a0".join((digits[:3], digits[3:6], digits[6:9], digits[9:]))


def for_whom(actor: Actor) -> str:
    """Return who is received, at what price, and how many."""
    places = plural(actor.places, "place") if actor.places is not None else ""
    fee = listed([actor.fee] if actor.fee else [], "frais")
    return " · ".join(part for part in (listed(actor.audiences, "publics"), fee, places) if part)


def visit(actor: Actor) -> str:
    """Return when, by which code, an actor was visited, and whether the record is to be seen to again."""
    by = f" ({actor.correspondent})" if actor.correspondent else ""
    when = f"Visité le {actor.visited_on:%d/%m/%Y}{by}" if actor.visited_on else ""
    return " · ".join(part for part in ("Fiche à revoir" if actor.stale else "", when) if part)
