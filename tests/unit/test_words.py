"""Codes said in French."""

import pytest

from tisserand.guide.facts.words import hours_in_words, reach_in_words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("Mo-Fr 09:00-12:00; PH off", "Lundi–vendredi 9\u00a0h–12\u00a0h\u00a0; jours fériés fermé"),
        ("We,Sa 14:30-17:00", "Mercredi, samedi 14\u00a0h\u00a030–17\u00a0h"),
        ("Sa[3] 14:00-18:00", "3e samedi du mois 14\u00a0h–18\u00a0h"),
        ("Su[-1] 10:00-12:00", "Dernier dimanche du mois 10\u00a0h–12\u00a0h"),
        ("24/7", "Jour et nuit, tous les jours"),
        ("sur rendez-vous", "Sur rendez-vous"),
        ("", ""),
    ],
)
def test_opening_hours_are_said_in_french(hours, words):
    assert hours_in_words(hours) == words


def test_the_reach_says_mode_and_distance():
    assert "20 minutes à pied" in reach_in_words(20, 4.5, 1.3)
    assert "1,2 km à vol d'oiseau" in reach_in_words(20, 4.5, 1.3)
    assert "en voiture" in reach_in_words(20, 50, 1.3)
    assert "12,8 km à vol d'oiseau" in reach_in_words(20, 50, 1.3)
