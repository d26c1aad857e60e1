"""The settings of the guide as text: what comes back, and what is refused by its name."""

import json

import pytest

from tisserand.guide.composing.book import Picture
from tisserand.guide.composing.settings import Colours, Settings
from tisserand.layers.errors import TisserandError


def test_settings_come_back_as_they_were_kept():
    settings = Settings(
        title="Guide « d'essai » [% 1 %]",
        foreword="Un mot.\n\nUn autre.",
        sections=("index", "lire"),
        north_arrow=True,
        colours=Colours(accent="#123456"),
    )
    assert Settings.from_json(settings.to_json()) == settings
    assert Settings.from_json("") == Settings()


def test_what_a_later_version_kept_is_passed_over_and_what_is_missing_is_built_in():
    kept = json.dumps({"title": "Autre", "nouveau": [1, 2], "colours": {"accent": "#aabbcc", "nouvelle": "#000000"}})
    assert Settings.from_json(kept) == Settings(title="Autre", colours=Colours(accent="#aabbcc"))


@pytest.mark.parametrize("text", ["{", "[]", "12", "null", "bonjour"])
def test_a_text_that_is_no_object_is_refused(text):
    with pytest.raises(TisserandError, match="no JSON object"):
        Settings.from_json(text)


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ({"title": 12}, "title"),
        ({"north_arrow": "oui"}, "north_arrow"),
        ({"sections": "lire"}, "sections"),
        ({"sections": [1]}, "sections"),
        ({"colours": []}, "colours"),
        ({"colours": {"accent": "red; drop"}}, "colours.accent"),
        ({"colours": {"paper": "#ff"}}, "colours.paper"),
    ],
)
def test_a_setting_of_another_kind_is_refused_by_its_name(kept, named):
    with pytest.raises(TisserandError, match=f"“{named}”"):
        Settings.from_json(json.dumps(kept))


def test_the_order_of_the_settings_is_that_of_the_book(make_store, make_book):
    store = make_store([{"at": (0, 0)}])
    titles = [page.section for page in make_book(store, None, Settings(sections=("index", "annuaire"))).pages]
    assert titles.index("Index") < titles.index("Annuaire des acteurs")
    titles = [page.section for page in make_book(store).pages]
    assert titles.index("Annuaire des acteurs") < titles.index("Index")


def test_the_logo_stands_on_the_cover_with_its_words_and_none_without(make_store, make_book):
    store = make_store()
    with_logo = make_book(store, ["sources"], Settings(logo="/logo.svg"))
    (logo,) = [o for o in with_logo.pages[0].operations if isinstance(o, Picture)]
    assert logo.source == "/logo.svg"
    assert with_logo.elements[logo.element].alternative == "Logo : Département d'essai"
    assert not [o for o in make_book(store, ["sources"]).pages[0].operations if isinstance(o, Picture)]


def test_pages_are_ticked_off_while_they_are_composed(make_store, monospace):
    from datetime import date

    from tisserand.guide.composing.compose import compose
    from tisserand.guide.reading import read_content

    asked = {"edition": "2026", "audience": "public", "level": "", "printed_on": date(2026, 11, 1)}
    content, ticks = read_content(make_store([{"at": (0, 0)}]), **asked), []

    def stop():
        ticks.append(1)
        if len(ticks) == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compose(content, monospace, ["annuaire", "index", "sources"], tick=stop)
    assert len(ticks) == 4
