"""Tables, dates and French identifiers read beside other people's readers; and the fuzz where there is no GDAL."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.cleaning.contacts import is_siret
from tisserand.layers.exchange.cleaning.values import day
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.guessing import best_mapping, guess_mapping
from tisserand.layers.exchange.reading import read_file
from tisserand.layers.exchange.records import Row, Sheet

pandas = pytest.importorskip("pandas")
parser = pytest.importorskip("dateutil.parser")

GIRONDE = Communes.of("33", 2154, (-1.27, 44.19, 0.32, 45.58), [("33063", "Bordeaux", "33000")])
QUICK = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(';,|"\n'), max_size=12)


def strip_apostrophe(text):
    """Take away what our exports write before a formula, as the reader does."""
    return text[1:] if text.startswith("'") and text.lstrip("'")[:1] in tuple("=+-@\t\r") else text


@settings(max_examples=150, **QUICK)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    st.sampled_from(";,|\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_is_read_as_pandas_reads_it(tmp_path, rows, delimiter, encoding):
    rows = [(f"n{order}", *row[1:]) for order, row in enumerate(rows)]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("nom", "commune", "description"), *rows])
    path = tmp_path / "essai.csv"
    path.write_bytes(file.getvalue().encode(encoding))
    theirs = pandas.read_csv(path, sep=delimiter, encoding=encoding, dtype=str, keep_default_na=False)
    ours = read_file(path)
    assert ours.rejects == ()
    assert [list(row.values.values()) for row in ours.rows] == [
        [strip_apostrophe(text) for text in row] for row in theirs.to_numpy().tolist()
    ]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d"]))
def test_a_date_is_read_as_dateutil_reads_it_day_first(when, form):
    text = when.strftime(form)
    theirs = parser.parse(text, dayfirst=not text[:4].isdigit(), default=datetime(2000, 1, 1))
    assert day(text) == theirs.date() == when


@given(st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_a_siret_is_right_by_the_sum_written_another_way(digits):
    # Luhn by a table of the doubled digits, from the right; La Poste's places by the plain sum.
    doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    total = sum(doubled[int(digit)] if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    la_poste = digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0
    assert is_siret(digits) == (total % 10 == 0 or la_poste)


@settings(max_examples=200, **QUICK)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path, raw):
    path = Path(tmp_path) / "essai.csv"
    path.write_bytes(raw)
    try:
        sheet = read_file(path, "csv")
    except TisserandError:
        return
    found = to_records(sheet, guess_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    assert found.read == len(found.accepted) + len({reject.row for reject in found.rejected})


VALUE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.lists(st.text(max_size=5))
FIELDS = (
    "uuid", "nom", "siret", "rna", "publics", "thematiques", "code_insee", "code_postal", "commune", "telephone",
    "courriel", "site_web", "capacite", "itinerant", "date_visite", "cree_le", "score_geocodage", "extra",
    "contact_nom", "consentement_le",
)  # fmt: skip


@settings(max_examples=200, **QUICK)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUE)), min_size=1, max_size=4))
def test_whatever_our_own_columns_hold_every_row_is_accepted_or_rejected(rows):
    sheet = Sheet("csv", FIELDS, tuple(Row(number, row) for number, row in enumerate(rows, start=2)))
    found = to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    assert found.read == len(rows) == len(found.accepted) + len({reject.row for reject in found.rejected})
    assert all(str(said) for said in (*found.rejected, *found.remarks))
