"""What the readers need to know of the communes of a Département, given by whoever has the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .folding import fold_commune

# Degrees, about 2 km: places just over the border are for whoever knows the outlines to judge.
MARGIN = 0.02


@dataclass(frozen=True)
class Communes:
    """The communes of one Département.

    ``bbox`` is west, south, east, north in degrees (EPSG:4326), ``epsg`` the legal projected CRS. ``names`` and
    ``postcodes`` go by Insee code. ``successors`` maps an old code of all France to the current one: merged communes,
    communes déléguées and associées, municipal arrondissements.
    """

    departement: str
    epsg: int
    bbox: tuple[float, float, float, float]
    names: dict[str, str]
    postcodes: dict[str, frozenset[str]] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        departement: str,
        epsg: int,
        bbox: tuple[float, float, float, float],
        rows: Iterable[tuple[str, str, str]],
        successors: Mapping[str, str] | None = None,
    ) -> Communes:
        """Return the lookup of ``(code, nom, codes_postaux)``, a blank between postcodes, as the reference has them."""
        listed = list(rows)
        return cls(
            departement,
            epsg,
            bbox,
            {code: name for code, name, _ in listed},
            {code: frozenset(postcodes.split()) for code, _, postcodes in listed},
            dict(successors or {}),
        )

    def holds(self, lon: float, lat: float) -> bool:
        """Say whether a point in degrees lies in the box of the Département, or just beside it."""
        west, south, east, north = self.bbox
        return west - MARGIN <= lon <= east + MARGIN and south - MARGIN <= lat <= north + MARGIN

    def is_here(self, code: str) -> bool:
        """Say whether an Insee code, right or wrong, begins as those of this Département."""
        return code.startswith(self.departement)

    def called(self, name: str) -> frozenset[str]:
        """Return the codes of the communes of a name, however it is written."""
        return self._by_name.get(fold_commune(name), frozenset())

    @cached_property
    def all_postcodes(self) -> frozenset[str]:
        """Postcodes of all communes of the Département."""
        return frozenset().union(*self.postcodes.values())

    @cached_property
    def _by_name(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for code, name in self.names.items():
            found[fold_commune(name)] = found.get(fold_commune(name), frozenset()) | {code}
        return found
