"""What we export, read by the national schema itself."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.exchange.catalogue import Catalogue
from tisserand.layers.exchange.datainclusion import document
from tisserand.layers.model.codes import code_list
from tisserand.layers.model.tables import table

v1 = pytest.importorskip("data_inclusion.schema.v1")
structures = pytest.importorskip("data_inclusion.schema.v1.structures")
services = pytest.importorskip("data_inclusion.schema.v1.services")

TODAY = date.today()


def row(name, **values):
    uuid = str(uuid5(NAMESPACE_URL, repr((name, sorted(values.items())))))
    return dict.fromkeys(table(name).names) | {"uuid": uuid, "nom": "Un nom", "date_maj": TODAY, **values}


def actor(**values):
    return row("acteur", longitude=-0.57, latitude=44.84, **values)


def export(actors, services=()):
    given = {who["uuid"]: list(services) for who in actors}
    return document(Catalogue(actors, given, "Gironde", TODAY))


def validate(content):
    """Read every row with the schema's own models, its warnings taken for errors."""
    strict = {"ignore_warnings": False}
    for structure in content["structures"]:
        structures.Structure.model_validate(structure, context=strict)
    for service in content["services"]:
        services.Service.model_validate(service, context=strict)


FULL_ACTOR = {
    "nom": "La Juste Étagère",
    "description": "Une épicerie où l'on choisit.",
    "siret": "13003013300016",
    "commune": "Bordeaux",
    "code_postal": "33000",
    "code_insee": "33063",
    "adresse": "8 rue de la Boétie",
    "telephone": "05 57 49 07 38",
    "courriel": "contact@juste-etagere.example",
    "site_web": "juste-etagere.example",
    "horaires_accueil": "Mo-Fr 09:00-12:00",
    "reseaux_porteurs": "emmaus|ccas-cias",
    "source": "demo",
}
FULL_SERVICE = {
    "nom": "Courses à prix réduit",
    "description": "Un panier par semaine et par foyer.",
    "type": "aide-materielle",
    "thematiques": "equipement-et-alimentation--alimentation|famille--garde-denfants",
    "publics": "familles|seniors",
    "frais": "payant",
    "frais_precisions": "20 % du prix",
    "modes_accueil": "en-presentiel",
    "modes_mobilisation": "telephoner|se-presenter",
    "conditions_acces": "Sur orientation",
    "horaires_accueil": "Tu 10:00-12:00",
}


def test_a_full_sheet_is_valid_and_nothing_of_it_is_missing():
    content, remarks = export([actor(**FULL_ACTOR)], [row("service", **FULL_SERVICE)])
    validate(content)
    assert [remark.name for remark in remarks if "famille--garde" not in remark.name] == []
    (structure,), (service,) = content["structures"], content["services"]
    assert set(FULL_ACTOR) <= set(structure)
    assert set(FULL_SERVICE) <= set(service)
    assert structure["telephone"] == service["telephone"] == "+33557490738"
    assert structure["site_web"] == "http://juste-etagere.example"


def test_an_empty_sheet_is_valid():
    content, remarks = export([actor()], [row("service", description="Une aide")])
    validate(content)
    assert (len(content["structures"]), len(content["services"]), remarks) == (1, 1, [])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("thematiques", "Thematique"),
        ("publics", "Public"),
        ("frais", "Frais"),
        ("modes_accueil", "ModeAccueil"),
        ("modes_mobilisation", "ModeMobilisation"),
        ("types_service", "TypeService"),
        ("reseaux_porteurs", "ReseauPorteur"),
    ],
)
def test_our_lists_are_those_of_the_schema(ours, theirs):
    assert set(code_list(ours).labels) == {code.value for code in getattr(v1, theirs)}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
HOSTILE = st.one_of(
    st.none(),
    TEXT,
    st.sampled_from(
        [
            "=HYPERLINK(\"http://x\")", "[% env('HOME') %]", "'; DROP TABLE acteur; --", "<script>alert(1)</script>",
            "http://", "http://x.fr:99999", "https://[::1", "http://xn--a.fr", "http://1.2.3.4.5", "http://é.fr",
            "http://a@b.fr", "http://x..fr", "javascript:alert(1)", "abracodabra.fr", "a..b@c.fr", "a@-b.fr", "a@b",
            "x@y.test", "a@c.123", "\"a b\"@c.fr", "é@c.fr", f"{'a' * 65}@c.fr", "tous-publics|femmes", "inconnu",
            "٣٣٠٠٠", "٣" * 14, "2A004", "1" * 14, " ", "....", "x" * 10_001, "Etc.", "Le nom.", "a@xn--a.fr",
            f"a@{'b' * 64}.fr", f"http://{'b.' * 130}fr", f"http://x.fr/{'b' * 2083}",
        ]
    ),
    st.builds("{}@{}.{}".format, TEXT, TEXT, TEXT),
    st.builds("http://{}.{}/{}".format, TEXT, TEXT, TEXT),
)  # fmt: skip
NAMES = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), min_size=3, max_size=150), st.just("A.B.C."))
FREE = ("description", "siret", "commune", "code_postal", "code_insee", "adresse", "telephone", "courriel", "site_web")
FREE_OF_A_SERVICE = ("thematiques", "publics", "modes_accueil", "modes_mobilisation", "frais_precisions")


@settings(max_examples=300, deadline=None)
@given(
    NAMES,
    st.fixed_dictionaries({name: HOSTILE for name in (*FREE, "reseaux_porteurs", "source", "horaires_accueil")}),
    st.fixed_dictionaries({name: HOSTILE for name in ("description", *FREE_OF_A_SERVICE)}),
    st.dates(),
)
def test_whatever_was_typed_what_is_written_is_valid(name, of_actor, of_service, updated):
    service = row("service", **of_service) | {"nom": name}
    content, remarks = export([actor(**of_actor) | {"nom": name, "date_maj": updated}], [service])
    validate(content)
    assert len(content["structures"]) + sum(remark.name == name for remark in remarks) >= 1
