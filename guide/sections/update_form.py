"""The form to correct, to add or to object: on paper, to be detached, and behind a QR code."""

from __future__ import annotations

from ..composing.addresses import contact_link, shown
from ..composing.book import Box
from ..composing.qr import LONGEST, qr_svg
from ..composing.typesetting import ACCENT, BODY, CAPTION, GREY, PAPER, Composer

TITLE = "Corriger, compléter, s'opposer"
CODE = 34.0
LINE = 8.6
"""Between two lines to write on, in mm."""
CHOICES = ("Corriger une fiche", "Ajouter un acteur", "Retirer des informations", "Donner un avis")
REASONS = (
    "Une erreur ? Un numéro, un horaire, une adresse qui a changé : dites-le, la prochaine édition sera juste.",
    "Un acteur qui manque ? Une initiative, un lieu, un service d'entraide, même petit, a sa place ici.",
    "Vous figurez dans ce guide et ne le souhaitez pas, ou pas ainsi ? Demandez la correction ou le retrait de ce qui "
    "vous concerne (règlement UE 2016/679, articles 16 et 21).",
)
# What is written, and on how many lines; 0 for as many as the page has room for.
FIELDS = (
    ("Acteur, lieu ou territoire", 1),
    ("Numéro et page dans ce guide", 1),
    ("Ce qui est à corriger, à ajouter ou à retirer", 0),
    ("Vous êtes : habitant, acteur, professionnel, élu…", 1),
    ("Pour vous répondre, si vous le souhaitez : téléphone ou courriel", 1),
)
CARE = (
    "Ce que vous écrivez pour que l'on vous réponde ne sert qu'à cela, sans paraître dans le guide. N'écrivez rien de "
    "la santé ni de la situation d'une personne que l'on pourrait reconnaître."
)


def update_form(composer: Composer) -> None:
    """Compose the page: reasons and addresses above, the form to detach below."""
    composer.new_page("Fiche de mise à jour")
    composer.bookmark(1, TITLE, "correction")
    y = composer.heading(TITLE, "Un guide vit de ce qu'on lui apprend")
    address = composer.settings.update_address.strip()
    coded = bool(address) and contact_link(address) is not None and len(address) <= LONGEST
    width = composer.width - (CODE + 12 if coded else 0)
    below = _reasons(composer, y, width, address)
    if coded:
        below = max(below, _code(composer, address, composer.left + composer.width - CODE, y))
    _form(composer, _cut(composer, below + 5))


def _reasons(composer: Composer, y: float, width: float, address: str) -> float:
    with composer.element("L"):
        for reason in REASONS:
            with composer.element("LI"), composer.element("LBody"):
                composer.rectangle(Box(composer.left, y + 0.6, 0.8, 3.2), ACCENT)
                y += composer.text(reason, composer.left + 4, y, width - 4, size=BODY) + 2
    y += 1.5
    if address:
        words = f"En ligne : {shown(address)}"
        style = {"bold": True, "colour": ACCENT, "most_lines": 3, "link": contact_link(address)}
        y += composer.text(words, composer.left, y, width, size=BODY, **style) + 1.5
    contact = composer.settings.contact.strip()
    words = f"Par écrit : {contact}" if contact else _nowhere(composer)
    return y + composer.text(words, composer.left, y, width, size=BODY, most_lines=4, link=contact_link(contact))


def _nowhere(composer: Composer) -> str:
    return (
        f"Par écrit : remettez la fiche ci-dessous au Département ({composer.content.departement}) ou au travailleur "
        "social que vous connaissez. L'adresse de retour n'est pas renseignée dans cette édition."
    )


def _code(composer: Composer, address: str, x: float, y: float) -> float:
    words = f"Code QR qui mène à {shown(address)}."
    composer.picture(Box(x, y, CODE, CODE), qr_svg(address), words)
    style = {"size": CAPTION, "colour": GREY, "align": "centre"}
    return y + CODE + composer.text("À viser avec un téléphone", x - 4, y + CODE, CODE + 8, **style)


def _cut(composer: Composer, y: float) -> float:
    """Draw where the form is cut off, from edge to edge of the text, and return where it begins."""
    x, right = composer.left, composer.left + composer.width
    while x < right:
        composer.rule(x, y, min(x + 2.2, right), y, GREY, 0.25)
        x += 4.0
    height = composer.text("À détacher", composer.left, y + 0.8, 40, size=6.5, colour=GREY, artifact=True)
    return y + height + 3


def _form(composer: Composer, y: float) -> None:
    x, width = composer.left, composer.width
    y += composer.subheading("Fiche de mise à jour", x, y, width)
    edition = f"{composer.book.title}, {composer.content.departement}, édition {composer.content.edition}"
    y += composer.text(edition, x, y, width, size=CAPTION, colour=GREY, most_lines=2) + 3
    step = width / len(CHOICES)
    with composer.element("L"):
        for place, choice in enumerate(CHOICES):
            left = x + place * step
            composer.polygon(_square(left, y, 3.6), fill="white", outline="ink", width=0.25)
            with composer.element("LI"), composer.element("LBody"):
                composer.text(choice, left + 5.2, y - 0.2, step - 6, size=9)
    y += 9
    note = composer.height(CARE, width - 8, size=8) + 4
    taken = sum(_field_height(composer, lines) for _, lines in FIELDS) + note + 4
    most = max(3, int((composer.bottom - y - taken) / LINE))
    with composer.element("L"):
        for label, wanted in FIELDS:
            lines = wanted or most
            with composer.element("LI"), composer.element("LBody"):
                y += composer.text(label, x, y, width, size=8, bold=True)
            for _ in range(lines):
                y += LINE - (2.0 if lines == 1 else 0.0)
                composer.rule(x, y, x + width, y, GREY, 0.15)
            y += 3.0
    composer.rectangle(Box(x, y + 1, width, note), PAPER)
    composer.text(CARE, x + 4, y + 3, width - 8, size=8)


def _field_height(composer: Composer, lines: int) -> float:
    return composer.metrics.line_height(8, bold=True) + 3.0 + (LINE - 2.0 if lines == 1 else 0.0)


def _square(x: float, y: float, side: float) -> list[tuple[float, float]]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
