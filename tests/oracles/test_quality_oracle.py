"""The criteria of quality against the code of data·inclusion itself."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tisserand.layers.quality import quality

schema = pytest.importorskip("data_inclusion.schema.v1")
score_qualite = pytest.importorskip("data_inclusion.schema.v1.score_qualite")

TODAY = date.today()
ages = st.integers(0, 1500).map(lambda days: TODAY - timedelta(days=days))
services = st.fixed_dictionaries(
    {
        "description": st.sampled_from([5, 49, 50, 199, 200, 1999, 2000, 9000]).map(lambda length: "é" * length),
        "date_maj": ages,
    },
    optional={
        "adresse": st.just("1 rue du Port"),
        "telephone": st.just("+33556000000"),
        "courriel": st.just("contact@exemple.fr"),
        "lien_mobilisation": st.just("https://exemple.fr/"),
        "frais": st.sampled_from(["gratuit", "payant"]),
        "frais_precisions": st.just("2 € par repas"),
        "publics": st.just("familles|jeunes"),
        "thematiques": st.just("sante--acces-aux-soins|famille--garde-denfants"),
        "modes_accueil": st.sampled_from(["a-distance", "en-presentiel", "a-distance|en-presentiel"]),
        "modes_mobilisation": st.sampled_from(
            ["telephoner", "envoyer-un-courriel|se-presenter", "utiliser-lien-mobilisation"]
        ),
        "mobilisable_par": st.just("usagers"),
    },
)
MANY = ("publics", "thematiques", "modes_accueil", "modes_mobilisation", "mobilisable_par")


@given(services, st.sampled_from(["cd33", "france-travail"]))
@settings(max_examples=200, deadline=None)
def test_a_service_has_the_score_that_data_inclusion_gives_it(service, source):
    # At exactly these ages theirs hangs on the hour of the day.
    assume((TODAY - service["date_maj"]).days not in (179, 180, 729, 730))
    theirs = {name: value.split("|") if name in MANY else value for name, value in service.items()}
    model = schema.Service(source=source, structure_id=f"{source}--1", id=f"{source}--2", nom="Atelier", **theirs)
    score, criteria = score_qualite.score(model)
    found = quality({"source": source, "mobilisable_par": None, **service}, [], TODAY)
    assert found.criteria == pytest.approx(criteria, abs=0.011)
    assert found.score == pytest.approx(score, abs=0.011)
