"""Why a value or a row is not taken, in one sentence each, with what to do."""

from __future__ import annotations

from typing import NamedTuple

from ...errors import QT_TRANSLATE_NOOP

CONTROL = QT_TRANSLATE_NOOP(
    "Tisserand", "“{column}” held control characters, which were taken out: look at it once more."
)
DAMAGED = QT_TRANSLATE_NOOP(
    "Tisserand", "The accents of “{column}” were damaged before they came here ({value}): type them again."
)
MISSING = QT_TRANSLATE_NOOP("Tisserand", "This row has no “{field}”: fill it in, or leave the row out.")
NO_CODE = QT_TRANSLATE_NOOP(
    "Tisserand", "“{value}” is in no list for “{field}”: choose in the correspondence what it means."
)
NO_DATE = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no possible date for “{field}”: write it as 31/12/2026.")
NO_NUMBER = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no number for “{field}”: write digits only.")
NO_TRUTH = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is neither yes nor no for “{field}”: write oui or non.")
NO_SIRET = QT_TRANSLATE_NOOP(
    "Tisserand", "“{value}” is no SIRET (14 digits, the last of which checks the others): look it up again."
)
ODD_RNA = QT_TRANSLATE_NOOP(
    "Tisserand", "“{value}” is an unusual RNA number (W and nine digits), kept as it is: look it up again."
)
NO_PHONE = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no telephone number: write ten digits, or +33 and nine.")
NO_MAIL = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no mail address: write one as contact@example.org.")
NO_WEB = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no web address: write one as https://example.org.")
SEVERAL = QT_TRANSLATE_NOOP(
    "Tisserand", "“{column}” held more than one value ({value}), of which the first that is right was taken."
)
NO_POSTCODE = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is no postcode: write its five digits.")
OTHER_POSTCODE = QT_TRANSLATE_NOOP(
    "Tisserand", "The postcode {value} is none of {commune}, and was kept: check both (a CEDEX?)."
)
NO_COMMUNE = QT_TRANSLATE_NOOP(
    "Tisserand", "“{value}” is the Insee code of no commune: look it up again, it has five characters."
)
FAR_COMMUNE = QT_TRANSLATE_NOOP(
    "Tisserand", "The commune {value} is in another Département, and was kept: check that the row belongs here."
)
OTHER_NAME = QT_TRANSLATE_NOOP(
    "Tisserand", "The commune is called “{value}” here and “{commune}” in the official list; both were kept: check."
)
NO_SUCH_NAME = QT_TRANSLATE_NOOP(
    "Tisserand", "No commune of the Département is called “{value}”; it was kept: write the official name."
)
REFUSED = QT_TRANSLATE_NOOP("Tisserand", "“{value}” is not allowed for “{field}”: {says}")
RULE = QT_TRANSLATE_NOOP("Tisserand", "The row breaks a rule of the workspace: {says}")
NO_CONSENT = QT_TRANSLATE_NOOP(
    "Tisserand", "“{field}” was left out, for the row has no date of the person's consent: ask for it first."
)
NO_PLACE = QT_TRANSLATE_NOOP(
    "Tisserand", "“{value}” is no possible position: give longitude and latitude in degrees, or leave both empty."
)
NOWHERE = QT_TRANSLATE_NOOP("Tisserand", "Longitude and latitude are both 0, so the row was taken without a position.")
OUTSIDE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Longitude {lon}, latitude {lat} is outside the Département: check the coordinates and their CRS, or leave the row "
    "out.",
)
NO_SERVICE = QT_TRANSLATE_NOOP(
    "Tisserand", "The service “{value}” could not be one; it is kept with the other information of its actor."
)

SWAPPED = QT_TRANSLATE_NOOP(
    "Tisserand", "The coordinates look swapped: latitude {lat} stands under longitude; accept “swapped”."
)
PROJECTED = QT_TRANSLATE_NOOP(
    "Tisserand", "The coordinates {before} look like those of EPSG:{epsg}; accept “projected”, or choose their CRS."
)
MERGED = QT_TRANSLATE_NOOP(
    "Tisserand", "The commune {before} is now part of {after}; accept “merged_commune” to write the new code."
)
DISTRICT = QT_TRANSLATE_NOOP(
    "Tisserand", "{before} is a municipal district of {after}; accept “arrondissement” to write the commune."
)
LOST_ZERO = QT_TRANSLATE_NOOP(
    "Tisserand", "“{before}” has probably lost its first zero; accept “lost_zero” to write {after}."
)


class Fault(NamedTuple):
    """What is wrong with a value: a template above, what fills it beside column and field, and its weight.

    With ``grave`` the row is rejected. Otherwise the value stays in ``extra`` as it was, unless ``taken``: then it is
    only remarked.
    """

    template: str
    value: str
    grave: bool = False
    taken: bool = False
    more: dict[str, object] = {}  # noqa: RUF012 - never changed


class Cleaned(NamedTuple):
    """A value as the model wants it, and what was wrong with it."""

    value: object
    fault: Fault | None = None
