"""Which field of somebody's layer holds the code, the name, the sector: guessed from the names they usually bear."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..exchange.folding import fold_column

# The most telling names first, as ``fold_column`` writes them.
COMMUNE_CODES = (
    "code insee",
    "codeinsee",
    "insee com",
    "insee",
    "codgeo",
    "code geo",
    "depcom",
    "code commune",
    "commune code",
    "code com",
    "num commune",
    "code",
)
COMMUNE_NAMES = ("nom commune", "nom com", "nom officiel", "nom", "libgeo", "libelle", "commune", "nom m", "name")
CODES = {
    "commune": COMMUNE_CODES,
    "departement": ("code insee", "insee dep", "code dep", "code departement", "dep", "code"),
    "epci": ("code epci", "code siren", "siren epci", "epci", "siren", "code"),
    "ept": ("code ept", "code siren", "siren ept", "ept", "siren", "code"),
    "canton": ("code canton", "code can", "insee can", "canton", "code insee", "can", "code"),
    "iris": ("code iris", "iris", "dcomiris", "code"),
    "qpv": ("code qp", "code qpv", "qp", "code quartier", "code"),
    "autre": ("code", "identifiant", "id", "num", "numero"),
}
NAMES = {
    "commune": COMMUNE_NAMES,
    "departement": ("nom departement", "nom dep", "nom officiel", "nom", "libelle", "name"),
    "epci": ("nom epci", "nom officiel", "libepci", "libelle", "raison sociale", "nom", "nom complet", "name"),
    "ept": ("nom ept", "nom officiel", "libelle", "raison sociale", "nom", "name"),
    "canton": ("nom canton", "nom officiel", "libelle", "nom", "name"),
    "iris": ("nom iris", "libiris", "libelle", "nom", "name"),
    "qpv": ("nom qp", "nom qpv", "lib qp", "nom quartier", "libelle", "nom", "name"),
    "autre": ("nom", "libelle", "intitule", "name"),
}
SECTOR_CODES = ("code secteur", "secteur code", "num secteur", "secteur", "code mds", "mds", "edas", "utas", "sector")
SECTOR_NAMES = ("nom secteur", "secteur nom", "libelle secteur", "lib secteur", "nom mds", "nom edas", "nom utas")


def guess(fields: Iterable[str], usual: Iterable[str]) -> str | None:
    """Return the field whose name, without case, accents and marks, comes first among the usual ones."""
    folded: dict[str, str] = {}
    for name in fields:
        folded.setdefault(fold_column(name), name)
    return next((folded[name] for name in usual if name in folded), None)


def guess_or_raise(fields: list[str], usual: Iterable[str], *, layer: str, what: str) -> str:
    """Return the field guessed; raise a TisserandError that asks for ``what`` (a parameter) where none fits."""
    found = guess(fields, usual)
    if found is None:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "None of the fields of {layer} ({fields}) looks like {parameter}: name the one to read."
            ),
            layer=layer,
            fields=", ".join(fields),
            parameter=what,
        )
    return found
