"""Geocoding by a service that is busy, broken, unsafe or closed; what leaves the computer, and what is kept."""

from __future__ import annotations

import base64
import json
import os
import runpy
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

geocoders = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("geocoders.py"))))
ABZAC, DATA, ROWS, TABLE = geocoders.ABZAC, geocoders.DATA, geocoders.ROWS, geocoders.TABLE
run, rows = geocoders.run, geocoders.rows


@pytest.fixture(scope="module")
def gironde():
    yield from geocoders.serve(DATA / "geocoder" / "addok_33_partiel.ndjson.gz")


@pytest.fixture()
def middle(gironde):
    """Return a proxy before the geocoder; ``first`` holds (status, headers) to answer with before it lets pass."""
    yield from geocoders.stand_before(gironde)


@pytest.fixture(autouse=True)
def algorithm(provider):
    geocoders.add_algorithm(provider)


def test_a_busy_then_broken_service_is_waited_for(middle, memory_layer):
    middle.first = [(429, {"Retry-After": "1"}), (503, {})]
    start = time.monotonic()
    assert run(memory_layer(TABLE, ROWS[:1]), middle.url)["FOUND"] == 1
    assert time.monotonic() - start >= 2
    assert len(middle.asked) == 3


def test_without_batches_the_answers_are_the_same(middle, gironde, memory_layer):
    middle.first = [(404, {}), (405, {})]
    one_by_one = rows(run(memory_layer(TABLE, ROWS), middle.url)["OUTPUT"])
    together = rows(run(memory_layer(TABLE, ROWS), gironde)["OUTPUT"])
    assert {"GET"} == {method for method, *_ in middle.asked[2:]}
    for name, row in together.items():
        same = ("statut", "precision_geo", "adresse_trouvee", "cause")
        assert [row[field] for field in same] == [one_by_one[name][field] for field in same]


def test_a_second_run_sends_only_the_rest(middle, memory_layer, tmp_path):
    many = [(None, str(n), f"{n} rue du Docteur-Texier", None, "Abzac", "33001") for n in range(1, 203)]
    layer, kept = memory_layer(TABLE, many), tmp_path / "reprise.jsonl"
    middle.first = []
    run(memory_layer(TABLE, many[:150]), middle.url, CACHE=str(kept))
    sent = middle.asked[0][3].count(b"rue du Docteur-Texier")
    middle.asked.clear()
    result = run(layer, middle.url, CACHE=str(kept))
    assert (sent, middle.asked[0][3].count(b"rue du Docteur-Texier"), result["READ"]) == (150, 52, 202)


def test_cancelling_stops_within_a_second_and_leaves_no_result_but_the_answers(middle, memory_layer, tmp_path):
    many = [(None, str(n), f"{n} rue du Docteur-Texier", None, "Abzac", "33001") for n in range(1, 402)]
    layer, feedback, output = memory_layer(TABLE, many), QgsProcessingFeedback(False), tmp_path / "points.gpkg"
    cancelled = []

    def cancel_when_asked_to_wait():
        while len(middle.asked) < 2:
            time.sleep(0.01)
        time.sleep(0.3)
        cancelled.append(time.monotonic())
        feedback.cancel()

    forward = middle.RequestHandlerClass.take

    def take(handler, body):
        if middle.asked:
            middle.first = [(429, {"Retry-After": "60"})]
        forward(handler, body)

    middle.RequestHandlerClass.take = take
    thread = threading.Thread(target=cancel_when_asked_to_wait)
    thread.start()
    with pytest.raises(QgsProcessingException, match=r"[Cc]ancel|Annul"):
        run(layer, middle.url, feedback, OUTPUT=str(output))
    assert time.monotonic() - cancelled[0] < 1
    thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["points.reprise.jsonl"]
    middle.RequestHandlerClass.take, middle.first, before = forward, [], len(middle.asked)
    assert run(layer, middle.url, OUTPUT=str(output))["READ"] == 401
    assert sum(body.count(b"Docteur-Texier") for *_, body in middle.asked[before:]) == 201
    assert [path.name for path in tmp_path.iterdir()] == ["points.gpkg"]


def test_only_the_address_leaves_the_computer(middle, memory_layer):
    run(memory_layer(TABLE, [(None, "Nom à taire", *ABZAC[1:])]), middle.url)
    sent = b"".join(body + path.encode() for _, path, _, body in middle.asked)
    assert b"Docteur-Texier" in sent
    assert b"taire" not in sent


def test_needs_are_refused_and_nothing_is_sent(middle, memory_layer, make_store):
    store = make_store(needs=[{"at": (0, 0)}])
    copied = memory_layer(
        "Point?crs=EPSG:2154&field=theme_vie:string&field=nb_situations:integer&field=adresse:string", []
    )
    for layer in (f"{store}|layername=besoin", copied):
        with pytest.raises(QgsProcessingException, match=r"never geocoded|jamais"):
            run(layer, middle.url, ADDRESS_FIELD="adresse" if layer is copied else "libelle")
    assert middle.asked == []


@pytest.mark.parametrize("service", ["http://addok.example.org", "https://moi:s3cret@example.org", "ftp://x"])
def test_an_unsafe_service_is_refused_in_a_sentence_that_keeps_secrets(memory_layer, service):
    with pytest.raises(QgsProcessingException) as caught:
        run(memory_layer(TABLE, ROWS), service)
    assert "https" in str(caught.value) or "authenti" in str(caught.value)
    assert "s3cret" not in str(caught.value)


ACCOUNT = """
import runpy, sys
runpy.run_path(sys.argv[1])
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsFeedback
application = QgsApplication([], False)
application.initQgis()
manager = QgsApplication.authManager()
assert manager.setMasterPassword("essai", True)
account = QgsAuthMethodConfig("Basic")
account.setName("essai")
account.setConfig("username", "essai")
account.setConfig("password", "mot-de-passe")
assert manager.storeAuthenticationConfig(account)
from tisserand.processing.algorithms.network import QgisLine
print(QgisLine(account.id(), QgsFeedback()).get(sys.argv[2] + "/search/?q=abzac").status)
application.exitQgis()
"""


def test_the_account_of_the_user_goes_with_the_request(middle, tmp_path):
    # In a process of its own: the accounts of whoever runs the tests are left alone.
    checkout = Path(__file__).resolve().parents[2] / "scripts" / "checkout.py"
    done = subprocess.run(
        [sys.executable, "-c", ACCOUNT, str(checkout), middle.url],
        env={**os.environ, "QGIS_AUTH_DB_DIR_PATH": str(tmp_path), "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "200"), done.stderr
    sent = {name.lower(): value for name, value in middle.asked[-1][2].items()}
    assert sent["authorization"] == "Basic " + base64.b64encode(b"essai:mot-de-passe").decode()


def test_qgis_process_runs_it_by_its_id_and_ends_well(gironde, tmp_path, qgis_process):
    table, output = tmp_path / "adresses.csv", tmp_path / "points.gpkg"
    table.write_text("nom,adresse,code_insee\nMairie,160 rue du Docteur-Texier,33001\nRien,,\n", encoding="utf-8")
    done = qgis_process(
        "run", "tisserand:geocode", "--json", "--", f"INPUT={table}", f"SERVICE={gironde}", f"OUTPUT={output}"
    )
    assert done.returncode == 0, done.stderr
    numbers = json.loads(done.stdout)["results"]
    assert [numbers[name] for name in ("READ", "FOUND", "DOUBTFUL", "NOT_FOUND")] == [2, 1, 0, 1]
    assert QgsVectorLayer(str(output), "points", "ogr").featureCount() == 2
    assert not list(tmp_path.glob("*.jsonl"))
