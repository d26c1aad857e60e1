"""What a planner chooses for the guide besides its data: texts, logo, colours, font, sections and their order."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields

from ..styles import palette

TITLE = "Guide cartographique de l'innovation sociale"


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
    sections: tuple[str, ...] = ()
    colours: Colours = field(default_factory=Colours)

    def to_json(self) -> str:
        """Return these settings as the text that a project keeps."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return the settings that a project kept; what this version does not know is passed over."""
        kept = json.loads(text) if text else {}
        colours = {f.name: kept["colours"][f.name] for f in fields(Colours) if f.name in kept.get("colours", {})}
        known = {f.name: kept[f.name] for f in fields(cls) if f.name in kept and f.name != "colours"}
        if "sections" in known:
            known["sections"] = tuple(known["sections"])
        return cls(**known, colours=Colours(**colours))
