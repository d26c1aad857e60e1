"""What a planner chooses for the guide besides its data: texts, logo, colours, font, sections and their order."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...styles import palette

TITLE = "Guide cartographique de l'innovation sociale"
COLOUR = re.compile("#[0-9a-fA-F]{6}")
NO_JSON = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The settings of the guide are no JSON object ({cause}): save them again from the window of the guide.",
)
WRONG_SETTING = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The setting “{name}” of the guide cannot be {value!r}: correct it in the window of the guide and save it again.",
)


@dataclass(frozen=True)
class Colours:
    """The colours that texts, rules and backgrounds name, as #rrggbb."""

    accent: str = palette()["accent"]
    ink: str = palette()["ink"]
    paper: str = palette()["paper"]
    grey: str = palette()["grey"]
    rule: str = palette()["rule"]
    white: str = "#ffffff"
    light: str = "#ffcf87"

    def resolve(self, colour: str) -> str:
        """Return #rrggbb for a name of these colours; anything else as it stands."""
        return getattr(self, colour, colour) if colour.isidentifier() else colour


@dataclass(frozen=True)
class Settings:
    """What is kept in the project; empty means the built-in choice. ``sections`` are keys of ``compose.SECTIONS``."""

    title: str = TITLE
    foreword: str = ""
    legal: str = ""
    contact: str = ""
    update_address: str = ""
    logo: str = ""
    font: str = ""
    north_arrow: bool = False
    sections: tuple[str, ...] = ()
    colours: Colours = field(default_factory=Colours)

    def to_json(self) -> str:
        """Return these settings as the text that a project keeps."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return the settings that a project or a file kept; what this version does not know is passed over.

        Raises TisserandError when the text is no JSON object, or names the setting that has a value of another kind.
        """
        try:
            kept = json.loads(text) if text.strip() else {}
        except ValueError as error:
            raise TisserandError(NO_JSON, cause=error) from error
        if not isinstance(kept, dict):
            raise TisserandError(NO_JSON, cause=type(kept).__name__)
        known = {f.name: kept[f.name] for f in fields(cls) if f.name in kept and f.name not in ("sections", "colours")}
        for name, value in known.items():
            if type(value) is not type(getattr(cls, name)):
                raise TisserandError(WRONG_SETTING, name=name, value=value)
        sections = kept.get("sections", [])
        if not isinstance(sections, list) or not all(isinstance(name, str) for name in sections):
            raise TisserandError(WRONG_SETTING, name="sections", value=sections)
        return cls(**known, sections=tuple(sections), colours=_colours(kept.get("colours", {})))


def _colours(kept: object) -> Colours:
    if not isinstance(kept, dict):
        raise TisserandError(WRONG_SETTING, name="colours", value=kept)
    known = {f.name: kept[f.name] for f in fields(Colours) if f.name in kept}
    for name, value in known.items():
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise TisserandError(WRONG_SETTING, name=f"colours.{name}", value=value)
    return Colours(**known)
