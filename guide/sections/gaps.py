"""Needs without an answer nearby: map, parameters, table by theme."""

from __future__ import annotations

from ...layers.classes import GAP_LABELS
from ...layers.confidentiality import Disclosure
from ..book import Box
from ..content import Content
from ..typesetting import GREY, LIST, Composer

CAUSES = {
    "couvert": "tout est couvert",
    "hors_portee": "aucun acteur accessible",
    "capacite": "pas assez de places",
    "public": "public non accueilli",
}


def share_in_words(content: Content, territory: str, theme: str = "") -> str:
    """Return an unmet share as it may be printed: a class, never a count."""
    unmet = content.unmet(territory, theme)
    if unmet.state is Disclosure.NONE:
        return "aucun besoin exprimé"
    return "masqué" if unmet.state is Disclosure.HIDDEN else GAP_LABELS[unmet.gap_class]


def gaps(composer: Composer) -> None:
    """Compose the map of unmet needs with its parameters, and the table by theme."""
    content = composer.content
    if not content.has_gaps:
        return
    composer.new_page("Où les besoins restent-ils sans réponse ?")
    composer.bookmark(1, "Où les besoins restent-ils sans réponse ?", "manques")
    y = composer.heading(
        "Où les besoins restent-ils sans réponse ?",
        "Part des situations, tous thèmes confondus, sans place accessible pour elles",
    )
    worst = _communes_by_class(content)
    composer.map(
        Box(composer.left, y, composer.width, 142),
        "gaps",
        content.outline.extent,
        alternative=(
            "Carte des communes selon la part des besoins sans réponse. "
            f"{worst[3]} communes sont dans la classe la plus haute, {worst[2]} dans la suivante."
        ),
    )
    y += 145
    looks = [(f"gap:{index}", label) for index, label in enumerate(GAP_LABELS)]
    looks += [("no_need", "aucun besoin exprimé"), ("hidden", "masqué"), ("not_surveyed", "commune non recensée")]
    y += composer.legend(y, looks) + 1.5
    text = (
        f"Une place est dite accessible quand elle se trouve {content.reach}. Les acteurs proches d'une même "
        "situation se partagent leurs places selon la distance (méthode E2SFCA, Luo et Qi 2009). Une commune "
        "non recensée peut avoir des acteurs que ce guide ne connaît pas. Les mairies, présentes partout, n'y sont pas "
        "comptées."
    )
    y += composer.text(text, composer.left, y, composer.width, size=LIST) + 3.5
    _gap_table(composer, y)
    composer.source_line()


def gap_look(content: Content, theme: str) -> str:
    """Return the look of the whole Département's unmet share for a theme."""
    unmet = content.unmet("", theme)
    if unmet.state is Disclosure.SHOWN:
        return f"gap:{unmet.gap_class}"
    return "hidden" if unmet.state is Disclosure.HIDDEN else "no_need"


def _communes_by_class(content: Content) -> list[int]:
    counts = [0, 0, 0, 0]
    for commune in content.communes:
        unmet = content.unmet(commune.code)
        if unmet.state is Disclosure.SHOWN:
            counts[unmet.gap_class] += 1
    return counts


def _gap_table(composer: Composer, y: float) -> None:
    content = composer.content
    y += composer.subheading("Par thème, dans tout le département", composer.left, y, composer.width)
    for theme, label in content.themes.items():
        unmet = content.unmet("", theme)
        words = share_in_words(content, "", theme)
        if unmet.cause:
            words += f", {CAUSES.get(unmet.cause, unmet.cause)}"
        composer.marker(f"theme:{theme}", composer.left + 1.8, y + 2, 3)
        composer.text(label, composer.left + 5, y, 62, size=LIST, bold=True, most_lines=1)
        composer.rectangle(Box(composer.left + 69, y + 0.3, 6, 3.4), gap_look(content, theme), GREY)
        composer.text(words, composer.left + 78, y, composer.width - 78, size=LIST, most_lines=1)
        y += 4.9
