"""The conversation with a service that is slow, busy, broken, or none, over real HTTP on this computer."""

from __future__ import annotations

import csv
import email.policy
import io
import json
import threading
import urllib.error
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tisserand.layers.errors import CancelledError
from tisserand.layers.geocoding.addresses import Attempt, make_question
from tisserand.layers.geocoding.answers import FOUND, NOT_FOUND, REFUSED
from tisserand.layers.geocoding.faults import (
    NoGeocoderError,
    SecretInAddressError,
    ServiceBusyError,
    ServiceFailsError,
    ServiceRefusesError,
    UnsafeServiceError,
)
from tisserand.layers.geocoding.resume import KeptAnswers
from tisserand.layers.geocoding.search import settle
from tisserand.layers.geocoding.service import BATCH, DELAYS, Geocoder, Reply, retry_after, service_address

STREETS = [Attempt(f"{number} rue de l'Été", "33001", "") for number in range(5)]


class Urllib:
    """A line that is not QGIS's."""

    def post(self, address, kind, body):
        return self._send(urllib.request.Request(address, body, {"Content-Type": kind}))

    def get(self, address):
        return self._send(urllib.request.Request(address))

    def _send(self, request):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Reply(answer.status, {}, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, {"retry-after": error.headers.get("Retry-After", "")}, error.read())
        except OSError as error:
            return Reply(0, {}, b"", str(error))


@pytest.fixture()
def service():
    """Return a service that finds every address, after the answers in ``first``: (status, headers, body) each."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.take("POST", body)

        def do_GET(self):
            self.take("GET", b"")

        def take(self, method, body):
            server.asked.append((method, self.path, body))
            status, headers, answer = server.first.pop(0) if server.first else server.answer(method, self.path, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.first, server.answer = [], [], good
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def texts(body):
    head = f"Content-Type: multipart/form-data; boundary={body[2:].split(bytes((13,)))[0].decode()}\r\n\r\n".encode()
    for part in email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts():
        if part.get_filename():
            return [row[1] for row in csv.reader(io.StringIO(part.get_payload(decode=True).decode(), newline=""))][1:]
    raise AssertionError("no table in the form")


def good(method, path, body):
    if method == "GET":
        text = parse_qs(urlsplit(path).query)["q"][0]
        said = {"label": text, "score": 0.9, "type": "street", "citycode": "33001", "city": "Abzac"}
        feature = {"geometry": {"coordinates": [-0.1, 45]}, "properties": said}
        return 200, {}, json.dumps({"features": [feature]}).encode()
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(
        ["id", "adresse", "latitude", "longitude", "result_label", "result_score", "result_type", "result_citycode"]
    )
    writer.writerows([number, text, 45, -0.1, text, 0.9, "street", "33001"] for number, text in enumerate(texts(body)))
    return 200, {}, table.getvalue().encode()


def geocoder(service, waited=None, kept=None):
    waited = [] if waited is None else waited
    return Geocoder(service.url, Urllib(), kept or KeptAnswers(service.url), waited.append)


def labels(asked):
    return [asked.answer(attempt).label for attempt in STREETS]


def test_many_addresses_go_in_batches_and_equal_ones_once(service):
    many = [Attempt(f"{number} rue Pasteur", "33001", "") for number in range(BATCH + 3)]
    told = []
    geocoder(service).ask(many + many, told.append)
    assert told == [BATCH, 3]
    assert [len(texts(body)) for _, _, body in service.asked] == [BATCH, 3]


def test_what_is_kept_is_not_asked_again(service):
    kept = KeptAnswers(service.url)
    geocoder(service, kept=kept).ask(STREETS[:3])
    asked = geocoder(service, kept=kept)
    asked.ask(STREETS)
    assert texts(service.asked[-1][2]) == [attempt.text for attempt in STREETS[3:]]
    assert labels(asked) == [attempt.text for attempt in STREETS]


def test_asked_to_slow_down_it_waits_as_long_as_it_is_told(service):
    service.first = [(429, {"Retry-After": "7"}, b""), (429, {}, b"")]
    waited = []
    asked = geocoder(service, waited)
    asked.ask(STREETS)
    assert waited == [7, 5]
    assert labels(asked) == [attempt.text for attempt in STREETS]


def test_asked_to_wait_for_an_hour_it_says_so_instead(service):
    service.first = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(ServiceBusyError, match="3600 s"):
        geocoder(service).ask(STREETS)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        (" 0 ", 0),
        ("Tue, 24 Nov 2026 10:00:30 GMT", 30),
        ("Tue, 24 Nov 2026 09:00:00 GMT", 0),
        ("bientôt", 5),
        ("", 5),
        ("-3", 5),
    ],
)
def test_the_wait_is_read_as_seconds_or_as_a_date(value, seconds):
    assert retry_after(value, datetime(2026, 11, 24, 10, tzinfo=timezone.utc)) == seconds


def test_a_passing_failure_is_tried_again_with_longer_and_longer_waits(service):
    service.first = [(503, {}, b""), (502, {}, b""), (500, {}, b"")]
    waited = []
    asked = geocoder(service, waited)
    asked.ask(STREETS)
    assert waited == [1, 2, 4]
    assert labels(asked) == [attempt.text for attempt in STREETS]


def test_a_lasting_failure_ends_in_a_sentence_and_keeps_what_was_answered(service, tmp_path):
    many = [Attempt(f"{number} rue Pasteur", "33001", "") for number in range(BATCH + 3)]
    path = tmp_path / "reprise.jsonl"
    service.answer = lambda *asked: good(*asked) if len(service.asked) == 1 else (503, {}, b"")
    with pytest.raises(ServiceFailsError, match="HTTP 503"):
        geocoder(service, kept=KeptAnswers(service.url, path)).ask(many)
    assert len(service.asked) == 2 + len(DELAYS)
    service.answer, service.asked = good, []
    geocoder(service, kept=KeptAnswers(service.url, path)).ask(many)
    assert [len(texts(body)) for _, _, body in service.asked] == [3]


def test_a_service_that_is_not_there_is_said_to_be(service):
    lost = Geocoder("http://127.0.0.1:1", Urllib(), KeptAnswers("s"), [].append)
    with pytest.raises(ServiceFailsError, match=r"127\.0\.0\.1:1"):
        lost.ask(STREETS)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_where_there_are_no_batches_addresses_go_one_by_one_and_not_too_fast(service, status):
    service.answer = lambda method, *rest: good(method, *rest) if method == "GET" else (status, {}, b"")
    waited = []
    asked = geocoder(service, waited)
    asked.ask(STREETS)
    assert labels(asked) == [attempt.text for attempt in STREETS]
    assert len(waited) == 5
    assert sum(waited) / 5 >= 1 / 50
    assert [method for method, _, _ in service.asked] == ["POST", "POST"] + ["GET"] * 5


def test_a_place_without_any_geocoder_is_said_to_be(service):
    service.answer = lambda *asked: (404, {}, b"<html>")
    with pytest.raises(NoGeocoderError, match="HTTP 404"):
        geocoder(service).ask(STREETS)


def test_one_address_the_service_refuses_does_not_cost_the_others(service):
    def answer(method, path, body):
        refused = "3%20rue" in path or "3+rue" in path or (method == "POST" and "3 rue de l'Été" in texts(body))
        return (413, {}, b"") if refused else good(method, path, body)

    service.answer = answer
    asked = geocoder(service)
    questions = [make_question(attempt.text, None, "Abzac", "33001", {}, {}) for attempt in STREETS]
    outcomes = settle(questions, asked, 0.75, {})
    statuses = [outcomes[question].verdict.status for question in questions]
    assert statuses == [FOUND, FOUND, FOUND, NOT_FOUND, FOUND]
    assert outcomes[questions[3]].verdict.causes == (REFUSED,)


@pytest.mark.parametrize("status", [401, 403, 407])
def test_a_refused_access_asks_for_an_account_at_once(service, status):
    service.first = [(status, {}, b"")]
    with pytest.raises(ServiceRefusesError, match=f"HTTP {status}"):
        geocoder(service).ask(STREETS)
    assert len(service.asked) == 1


def test_an_answer_cut_on_its_way_is_asked_again(service):
    def cut(method, path, body):
        status, headers, answer = good(method, path, body)
        return status, headers, answer if len(service.asked) > 1 else answer[:-20]

    service.answer = cut
    asked = geocoder(service)
    asked.ask(STREETS)
    assert labels(asked) == [attempt.text for attempt in STREETS]


def test_a_web_page_in_place_of_answers_is_said_to_be_one(service):
    service.answer = lambda *asked: (200, {"Content-Type": "text/html"}, b"<html>Identifiez-vous</html>")
    with pytest.raises(NoGeocoderError, match="a web page"):
        geocoder(service).ask(STREETS)


def test_the_cause_is_said_in_the_language_of_the_user(service):
    service.answer = lambda *asked: (200, {}, b"<html>")
    with pytest.raises(NoGeocoderError) as caught:
        geocoder(service).ask(STREETS)
    said = caught.value.sentence(lambda context, text: {"a web page": "une page web"}.get(text, text))
    assert "une page web" in said


def test_cancelling_during_a_wait_stops_there_and_keeps_what_was_answered(service, tmp_path):
    path = tmp_path / "reprise.jsonl"
    many = [Attempt(f"{number} rue Pasteur", "33001", "") for number in range(BATCH + 3)]
    service.answer = lambda *asked: good(*asked) if len(service.asked) == 1 else (429, {"Retry-After": "60"}, b"")

    def cancelled(seconds):
        raise CancelledError

    with pytest.raises(CancelledError):
        Geocoder(service.url, Urllib(), KeptAnswers(service.url, path), cancelled).ask(many)
    kept = KeptAnswers(service.url, path)
    assert sum(attempt in kept for attempt in many) == BATCH


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://data.geopf.fr/geocodage", "https://data.geopf.fr/geocodage"),
        (" https://data.geopf.fr/geocodage/ ", "https://data.geopf.fr/geocodage"),
        ("https://addok.example.org/search/csv/", "https://addok.example.org"),
        ("https://addok.example.org:8443/search", "https://addok.example.org:8443"),
        ("http://localhost:7878", "http://localhost:7878"),
        ("http://[::1]:7878/", "http://[::1]:7878"),
    ],
)
def test_the_address_of_a_service_is_taken_however_it_is_pasted(written, used):
    assert service_address(written) == used


@pytest.mark.parametrize(
    "written",
    [
        "http://addok.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "",
        "addok.example.org",
        "file:///etc/passwd",
        "http://10.0.0.1",
        "https://",
        "https://[::1",
        "https://a:b:c",
    ],
)
def test_addresses_never_travel_in_clear(written):
    with pytest.raises(UnsafeServiceError):
        service_address(written)


@pytest.mark.parametrize(
    "written", ["https://moi:s3cret@example.org", "https://example.org/?cle=s3cret", "https://s3cret@example.org"]
)
def test_a_password_in_the_address_is_refused_and_not_repeated(written):
    with pytest.raises(SecretInAddressError) as caught:
        service_address(written)
    assert "s3cret" not in str(caught.value)
