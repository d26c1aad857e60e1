"""Packages that an algorithm needs and QGIS does not always bring."""

from __future__ import annotations

import importlib.metadata
import re

from ...i18n import translate


def missing_package(packages: dict[str, tuple[int, int]]) -> str:
    """Return a sentence naming the first package that is missing or too old and how to get it, or ''."""
    for package, lowest in packages.items():
        found = _version(package)
        if found is None or found < lowest:
            return translate(
                "Tisserand",
                "This needs the Python package {package} {version} or later. Windows: install python3-{package} with "
                "OSGeo4W Setup, or QGIS by its complete installer. Debian, Ubuntu: apt install python3-{package}. "
                "macOS: install QGIS 4 or later.",
            ).format(package=package, version=".".join(map(str, lowest)))
    return ""


def _version(package: str) -> tuple[int, ...] | None:
    try:
        return tuple(map(int, re.findall(r"\d+", importlib.metadata.version(package))[:2]))
    except importlib.metadata.PackageNotFoundError:
        return None
