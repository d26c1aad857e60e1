"""How far two pictures of a page are from each other, whatever the machine that drew them does to edges of letters."""

import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

DPI = 60
FINER = 4
"""Drawn so many times finer and then reduced, thin lines and letters weigh what they cover, wherever pixels begin."""
COLOURS = 256
MAXIMUM_COVERAGE, NO_DITHER = 1, 0
"""As Pillow counts ways to choose a palette and to dither; their names are not the same in all its versions."""
AROUND = 3
"""Pixels on each side over which a picture is blurred: 7 pixels are 3 mm, wider than a letter, as wide as a symbol."""


def page_picture(pdf, number, target):
    """Draw a page of a PDF, the first being 1, as a small PNG with a palette of its own."""
    command = ["pdftoppm", "-r", str(DPI * FINER), "-f", str(number), "-l", str(number), "-singlefile", "-png"]
    subprocess.run([*command, str(pdf), str(Path(target).with_suffix(""))], check=True)
    with Image.open(target) as image:
        reduced = image.convert("RGB").reduce(FINER)
    # The palette that keeps flat tints as they are; the usual one loses those of small patches.
    small = reduced.quantize(COLOURS, method=MAXIMUM_COVERAGE, dither=NO_DITHER)
    small.save(target, optimize=True)


def _blurred(path):
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float)
    side = 2 * AROUND + 1
    padded = np.pad(pixels, ((AROUND + 1, AROUND), (AROUND + 1, AROUND), (0, 0)), mode="edge")
    sums = padded.cumsum(axis=0).cumsum(axis=1)
    return (sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]) / side**2


def distances(one, other):
    """Return for each pixel by how much the blurred pictures differ, 0 to 255; None for pictures of two sizes."""
    first, second = _blurred(one), _blurred(other)
    if first.shape != second.shape:
        return None
    return np.abs(first - second).max(axis=2)


def distance(one, other):
    """Return the largest of ``distances``; 255 for pictures of two sizes."""
    found = distances(one, other)
    return 255.0 if found is None else float(found.max())


def draw_difference(one, other, target):
    """Save the second picture, pale, with a red that deepens where the first differs from it."""
    with Image.open(other) as image:
        pale = 255 - (255 - np.asarray(image.convert("L"), dtype=float)) / 3
    found = distances(one, other)
    if found is None:
        return
    strength = np.clip(found / 40, 0, 1)
    red = np.array([200.0, 0.0, 0.0])
    mixed = pale[..., None] * (1 - strength[..., None]) + red * strength[..., None]
    Image.fromarray(mixed.astype("uint8")).save(target)
