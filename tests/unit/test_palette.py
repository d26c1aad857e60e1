"""The colours of the palette as people who are colour-blind see them."""

from itertools import combinations

import numpy as np
import pytest

from tisserand.styles import palette

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "all": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def seen(colour, sight):
    """Return a colour #rrggbb in CIE Lab as someone with that sight sees it."""
    value = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    relative = TO_XYZ @ np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1) / WHITE
    x, y, z = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
def test_two_themes_never_have_one_colour(sight):
    colours = [look["colour"] for look in palette()["themes"].values()]
    apart = [np.linalg.norm(seen(a, sight) - seen(b, sight)) for a, b in combinations(colours, 2)]
    assert min(apart) > 10


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("classes", ["gaps", "needs"])
def test_classes_grow_darker_to_every_eye(classes, sight):
    lightness = [seen(colour, sight)[0] for colour in palette()[classes]]
    assert all(lighter - darker > 5 for lighter, darker in zip(lightness, lightness[1:]))


def test_no_two_themes_have_one_shape():
    shapes = [look["shape"] for look in palette()["themes"].values()]
    assert len(set(shapes)) == len(shapes)
