"""What is believed of an answer, how a batch travels, and what is kept of it."""

from __future__ import annotations

import csv
import email.policy
import io
import json
import random
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers.geocoding.addresses import Attempt, Question, clean_address
from tisserand.layers.geocoding.answers import (
    AMBIGUOUS,
    DOUBTFUL,
    FOUND,
    LOW_SCORE,
    ONLY_COMMUNE,
    OTHER_COMMUNE,
    OTHER_KIND,
    PRECISIONS,
    UNSURE_COMMUNE,
    Candidate,
    judge,
)
from tisserand.layers.geocoding.batches import FORM, batch_body, read_batch, read_single
from tisserand.layers.geocoding.faults import ForeignResumeError, UnreadableAnswerError
from tisserand.layers.geocoding.resume import KeptAnswers
from tisserand.layers.geocoding.spread import stack_sizes
from tisserand.layers.model.codes import code_list

ASKED = Question("5 rue Pasteur", "Abzac", "33001", "33230", False)
ANSWER = Candidate("5 rue Pasteur 33230 Abzac", 0.9, 0.4, "housenumber", "33001", "Abzac", "", -0.12, 45.01)
SUCCESSORS = {"33338": "33008", "75101": "75056", "75111": "75056"}
ATTEMPTS = [Attempt("5 rue Pasteur", "33001", ""), Attempt("2 allée de l'Été", "", "33230"), Attempt("Abzac", "", "")]
HEADER = ["id", "adresse", "postcode", "citycode", "latitude", "longitude", "result_label", "result_score"]
HEADER += ["result_type", "result_citycode"]


def verdict(asked=None, answered=None, least=0.75):
    return judge(ASKED._replace(**(asked or {})), ANSWER._replace(**(answered or {})), least, SUCCESSORS)


def test_a_sure_answer_in_the_right_commune_is_found():
    assert verdict() == (FOUND, ())


def test_a_score_at_the_limit_is_enough_and_one_below_is_not():
    assert verdict(answered={"score": 0.75}).status == FOUND
    assert verdict(answered={"score": 0.7499}) == (DOUBTFUL, (LOW_SCORE,))


@pytest.mark.parametrize(
    ("given", "answered", "same"),
    [
        ("33001", "33002", False),
        ("33338", "33008", True),
        ("33008", "33338", True),
        ("75056", "75111", True),
        ("75111", "75056", True),
        ("75111", "75101", False),
    ],
)
def test_the_commune_answered_must_be_the_one_given_whatever_its_vintage(given, answered, same):
    causes = verdict({"citycode": given, "postcode": ""}, {"citycode": answered}).causes
    assert causes == (() if same else (OTHER_COMMUNE,))


@pytest.mark.parametrize(
    ("city", "answered", "same"),
    [
        ("St-Denis", "Saint-Denis", True),
        ("Le Teich", "Teich (Le)", True),
        ("Paris 11e", "Paris", True),
        ("Abzac", "Yvrac", False),
    ],
)
def test_without_a_code_the_names_are_compared(city, answered, same):
    asked = {"citycode": "", "postcode": "33230", "city": city}
    assert verdict(asked, {"city": answered}).causes == (() if same else (OTHER_COMMUNE,))


def test_a_delegated_commune_answers_for_its_old_name():
    asked = {"citycode": "", "postcode": "", "city": "Arbis"}
    assert verdict(asked, {"city": "Porte-de-Benauge", "former_city": "Arbis"}).status == FOUND


def test_an_answer_in_another_departement_than_the_postcode_is_another_commune():
    asked = {"citycode": "", "postcode": "75011", "city": "Abzac"}
    assert verdict(asked).causes == (OTHER_COMMUNE,)
    assert verdict({**asked, "postcode": "20000"}, {"citycode": "2A004"}).status == FOUND


def test_an_address_without_any_commune_cannot_be_checked():
    nowhere = {"citycode": "", "postcode": "", "city": ""}
    assert verdict(nowhere).causes == (UNSURE_COMMUNE,)
    assert verdict({**nowhere, "address": "5 rue Pasteur, Abzac"}).status == FOUND


def test_the_centre_of_a_commune_never_passes_as_an_address():
    centre = {"kind": "municipality", "score": 0.99}
    assert verdict(answered=centre).causes == (ONLY_COMMUNE,)
    assert verdict({"vague": True, "address": ""}, centre).status == FOUND


def test_a_street_is_no_answer_to_a_vague_address_but_a_locality_is():
    assert verdict({"vague": True}, {"kind": "street"}).causes == (OTHER_KIND,)
    assert verdict({"vague": True}, {"kind": "locality"}).status == FOUND


def test_two_answers_as_good_are_a_doubt():
    assert verdict(answered={"runner_up": 0.9}).causes == (AMBIGUOUS,)


def test_a_kind_the_ban_does_not_have_is_a_doubt():
    assert verdict(answered={"kind": "poi"}).causes == (OTHER_KIND,)


def test_every_cause_is_told():
    answered = {"score": 0.2, "runner_up": 0.2, "citycode": "33002", "kind": "municipality"}
    assert verdict(answered=answered).causes == (LOW_SCORE, OTHER_COMMUNE, ONLY_COMMUNE, AMBIGUOUS)


def test_every_precision_is_a_code_of_the_model():
    assert set(PRECISIONS.values()) - set(code_list("precisions_geo").labels) == set()


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(PRECISIONS)), st.booleans())
def test_a_higher_limit_never_believes_more(score, least, kind, vague):
    answered = {"score": score, "kind": kind, "runner_up": None}
    if verdict({"vague": vague}, answered, least).status == FOUND:
        assert verdict({"vague": vague}, answered, least / 2).status == FOUND


def form_parts(body):
    """Read a form with the standard library's reader of e-mail."""
    head = f"Content-Type: {FORM}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    return [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in message.iter_parts()
    ]


@given(st.lists(st.text(max_size=80).map(clean_address), max_size=8))
def test_what_another_reader_finds_in_a_batch_is_what_was_asked(texts):
    attempts = [Attempt(text, "33001", "") for text in texts]
    parts = form_parts(batch_body(attempts))
    data = dict(parts)["data"].decode("utf-8")
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert rows[0] == ["id", "adresse", "postcode", "citycode"]
    assert [row[1] for row in rows[1:]] == texts
    assert ("citycode", b"citycode") in [(name, value.strip()) for name, value in parts]


def answered(rows, header=HEADER):
    table = io.StringIO()
    csv.writer(table).writerows([header, *rows])
    return table.getvalue().encode()


def row(number, text=None, **changed):
    text = ATTEMPTS[number].text if text is None else text
    values = dict(zip(HEADER, [number, text, "", "", "45.0", "-0.1", f"réponse {number}", "0.9", "street", "33001"]))
    return list({**values, **changed}.values())


def test_rows_that_come_back_in_another_order_find_their_address():
    rows = [row(number) for number in range(3)]
    random.Random(3).shuffle(rows)
    assert [found.label for found in read_batch(answered(rows), ATTEMPTS)] == ["réponse 0", "réponse 1", "réponse 2"]


def test_a_row_without_a_position_is_no_answer():
    rows = [row(0), row(1, latitude="", longitude="", result_score=""), row(2)]
    assert read_batch(b"\xef\xbb\xbf" + answered(rows), ATTEMPTS)[1] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (answered([row(0), row(1)]), "2 rows for 3"),
        (answered([row(0), row(1), row(1)]), "twice"),
        (answered([row(0), row(1), [7, *row(2)[1:]]]), "nobody asked for"),
        (answered([row(0), row(1), row(2)])[:-12], "cut short"),
        (answered([row(0), row(1), row(2)]).decode().encode("latin-1"), "encoding"),
        (answered([row(0), row(1, "2 allÃ©e de l'Ã‰tÃ©"), row(2)]), "encoding or order"),
        (answered([row(0, ATTEMPTS[1].text), row(1, ATTEMPTS[0].text), row(2)]), "encoding or order"),
        (answered([row(0), row(1), row(2, result_score="haut")]), "instead of a number"),
        (answered([row(0), row(1), row(2, latitude="nan")]), "instead of a number"),
        (answered([row(0), row(1), row(2, latitude="6400000")]), "instead of a number"),
        (b"\n<!DOCTYPE html><p>Proxy</p>", "a web page"),
        (b"", "columns missing"),
        (b"bonjour", "columns missing"),
    ],
)
def test_a_spoilt_answer_is_seen(body, said):
    with pytest.raises(UnreadableAnswerError, match=said):
        read_batch(body, ATTEMPTS)


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"features": [{}]}', b'{"features": 3}', b"<html>", b"\xff"])
def test_a_spoilt_single_answer_is_seen(body):
    with pytest.raises(UnreadableAnswerError):
        read_single(body)


def test_a_score_a_little_above_one_is_one():
    properties = {"label": "Abzac", "score": 1.02, "type": "municipality", "citycode": ["33001"], "city": ["Abzac"]}
    feature = {"geometry": {"coordinates": [-0.1, 45.0]}, "properties": properties}
    found = read_single(json.dumps({"features": [feature]}).encode())
    assert (found.score, found.citycode, found.runner_up) == (1.0, "33001", None)


def test_answers_kept_are_read_back_as_they_were(tmp_path):
    path = tmp_path / "reprise.jsonl"
    KeptAnswers("https://a.example.org", path).keep({ATTEMPTS[0]: ANSWER, ATTEMPTS[1]: None})
    kept = KeptAnswers("https://a.example.org", path)
    assert (kept[ATTEMPTS[0]], kept[ATTEMPTS[1]], ATTEMPTS[2] in kept) == (ANSWER, None, False)
    assert ATTEMPTS[0] not in KeptAnswers("https://b.example.org", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_cut_by_a_crash_costs_one_answer_only(tmp_path):
    path = tmp_path / "reprise.jsonl"
    KeptAnswers("s", path).keep(dict.fromkeys(ATTEMPTS[:2], ANSWER))
    path.write_bytes(path.read_bytes()[:-30])
    kept = KeptAnswers("s", path)
    assert (ATTEMPTS[0] in kept, ATTEMPTS[1] in kept) == (True, False)
    kept.keep({ATTEMPTS[2]: ANSWER})
    again = KeptAnswers("s", path)
    assert [attempt in again for attempt in ATTEMPTS] == [True, False, True]


def test_a_file_of_something_else_is_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mes notes\n", encoding="utf-8")
    with pytest.raises(ForeignResumeError, match=r"notes\.txt"):
        KeptAnswers("s", path)
    assert path.read_text(encoding="utf-8") == "mes notes\n"


def test_positions_at_one_place_are_counted_together():
    assert stack_sizes([(0.1, 45.0), None, (0.1, 45.00000001), (0.2, 45.0)]) == [2, None, 2, 1]
