"""Draw the fictional photos of the example into layers/demo/illustrations.

    QT_QPA_PLATFORM=offscreen python scripts/demo_pictures.py [NAME...]

They are scenes, nobody's place and nobody's face; drawn again they are the same.
"""

from __future__ import annotations

import sys
from math import cos, pi, sin
from pathlib import Path

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen
from scene import (
    BARK,
    BRICK,
    CREAM,
    FOREST,
    HEIGHT,
    LEAF,
    MINT,
    NIGHT,
    OCHRE,
    PLUM,
    SAND,
    SEA,
    SKINS,
    STONE,
    TEAL,
    WHITE,
    WIDTH,
    WOOD,
    Scene,
)

FOLDER = Path(__file__).resolve().parents[1] / "layers" / "demo" / "illustrations"
SCALE, QUALITY, MOST_BYTES = 0.85, 70, 60_000


def kitchen(scene: Scene) -> None:
    """Draw a shared kitchen with its pots."""
    scene.sky(MINT, "#d8e8dc")
    scene.setPen(QPen(QColor("#a9cbbf"), 2))
    for x in range(0, WIDTH, 75):
        scene.drawLine(x, 0, x, 560)
    for y in range(0, 570, 56):
        scene.drawLine(0, y, WIDTH, y)
    scene.box(90, 70, 330, 300, WHITE, 6)
    scene.box(106, 86, 298, 268, "#9fc8d6")
    scene.disc(330, 150, 34, "#f6d27a")
    scene.shape(LEAF, (106, 354), (106, 280), (200, 240), (300, 300), (404, 262), (404, 354))
    scene.box(248, 86, 14, 268, WHITE)
    scene.box(106, 210, 298, 12, WHITE)
    scene.box(520, 90, 600, 14, BARK, 6)
    for x, kind in ((560, 0), (640, 1), (720, 0), (800, 2), (880, 1), (960, 0), (1050, 2)):
        scene.line(STONE, 6, (x, 100), (x, 190))
        if kind == 0:
            scene.disc(x, 214, 30, STONE, 26)
        elif kind == 1:
            scene.box(x - 22, 186, 44, 66, OCHRE, 10)
        else:
            scene.disc(x, 224, 42, NIGHT)
            scene.disc(x, 224, 33, "#33506a")
    scene.box(0, 540, WIDTH, 34, WOOD)
    scene.box(0, 574, WIDTH, 226, TEAL)
    for x in (40, 335, 630, 925):
        scene.box(x, 610, 240, 190, "#2a686c", 6)
        scene.box(x + 90, 640, 60, 10, SAND, 5)
    for x, width, height, colour in ((560, 250, 170, BRICK), (850, 200, 120, NIGHT)):
        pot(scene, x, width, height, colour)
    scene.box(130, 520, 330, 22, SAND, 8)
    for x, y, r, colour in ((190, 490, 34, BRICK), (250, 497, 27, BRICK), (400, 488, 36, LEAF)):
        scene.disc(x, y, r, colour)
    scene.line(FOREST, 7, (190, 458), (196, 442))
    for x in (300, 322, 344):
        scene.shape(OCHRE, (x - 12, 470), (x + 12, 470), (x + 2, 522))
        scene.line(FOREST, 6, (x, 468), (x - 8, 440))
        scene.line(FOREST, 6, (x, 468), (x + 9, 442))


def pot(scene: Scene, x: float, width: float, height: float, colour: str) -> None:
    """Draw a pot on the worktop, and its steam."""
    scene.box(x, 540 - height, width, height, colour, 16)
    scene.box(x - 14, 540 - height - 14, width + 28, 22, QColor(colour).lighter(120).name(), 10)
    scene.box(x + width / 2 - 22, 540 - height - 36, 44, 26, BARK, 8)
    scene.box(x - 40, 540 - height * 0.7, 44, 16, BARK, 8)
    scene.box(x + width - 4, 540 - height * 0.7, 44, 16, BARK, 8)
    for shift in (0.25, 0.5, 0.75):
        left = x + shift * width
        path = scene.curve(
            (left, 490 - height),
            (left - 26, 455 - height, left, 425 - height),
            (left + 26, 395 - height, left, 360 - height),
        )
        scene.stroke("#f4f8f3", 7, path)


def car(scene: Scene) -> None:
    """Draw a car on a country road, somebody at the wheel and somebody behind."""
    scene.sky("#f7dca6", CREAM, 520)
    scene.disc(900, 230, 92, "#f3bf5f")
    scene.land("#a9c3ad", (0, 400), (250, 260, 520, 380), (820, 500, WIDTH, 300))
    scene.land("#86a978", (0, 470), (330, 360, 700, 470), (980, 545, WIDTH, 430))
    for x, y, w, h, wall, roof in (
        (150, 452, 90, 60, CREAM, BRICK),
        (262, 446, 70, 50, SAND, PLUM),
        (345, 452, 84, 56, WHITE, BRICK),
    ):
        scene.house(x, y, w, h, wall, roof)
    scene.shape(SAND, (225, 440), (225, 330), (241, 290), (257, 330), (257, 440))
    scene.land(LEAF, (0, 540), (400, 470, 800, 545), (1010, 580, WIDTH, 530))
    for x, y, size in ((70, 560, 170), (1090, 565, 230), (980, 570, 150), (520, 540, 110)):
        scene.tree(x, y, size)
    scene.land("#6d7178", (0, 640), (500, 590, WIDTH, 640))
    for x in range(40, WIDTH, 170):
        scene.box(x, 722, 90, 9, CREAM, 4)
    scene.disc(605, 703, 320, "#53565c", 14)
    body = scene.curve(
        (300, 660), (300, 585, 395, 575), (440, 470, 560, 465), (700, 460, 765, 570), (905, 575, 915, 660)
    )
    body.lineTo(905, 690)
    body.lineTo(308, 690)
    body.closeSubpath()
    scene.fill(TEAL)
    scene.drawPath(body)
    glass = scene.curve((455, 575), (490, 495, 570, 492), (680, 488, 728, 575))
    glass.closeSubpath()
    scene.fill("#d9ecec")
    scene.drawPath(glass)
    for x, coat, skin, hair in ((535, PLUM, SKINS[1], "#d8d4cb"), (650, OCHRE, SKINS[0], NIGHT)):
        scene.disc(x, 537, 22, hair)
        scene.disc(x + 5, 541, 18, skin)
        scene.box(x - 32, 558, 64, 17, coat, 8)
    scene.box(588, 490, 12, 90, TEAL)
    scene.box(430, 600, 52, 9, "#24595c", 4)
    scene.box(640, 600, 52, 9, "#24595c", 4)
    scene.disc(893, 622, 17, "#fbe6a6", 22)
    scene.disc(312, 626, 11, BRICK, 18)
    scene.box(290, 664, 640, 20, NIGHT, 10)
    for x in (430, 785):
        scene.disc(x, 690, 58, "#1d2a36")
        scene.disc(x, 690, 30, STONE)
        scene.disc(x, 690, 9, NIGHT)


def hall(scene: Scene) -> None:
    """Draw a covered market lit up for the evening; its stage is empty yet."""
    scene.sky("#2b3f5c", "#a1586a", 600)
    for x, y in ((80, 70), (210, 40), (1120, 60), (1010, 28), (330, 90), (880, 80)):
        scene.disc(x, y, 3, CREAM)
    scene.box(0, 560, WIDTH, 240, "#8d6a55")
    scene.shape("#a27c62", (0, 800), (330, 560), (870, 560), (1200, 800))
    roof = scene.curve((60, 330), (600, 10, 1140, 330))
    roof.lineTo(1140, 372)
    roof.quadTo(600, 70, 60, 372)
    roof.closeSubpath()
    inside = scene.curve((90, 372), (600, 80, 1110, 372))
    inside.lineTo(1110, 600)
    inside.lineTo(90, 600)
    scene.fill("#f1c877")
    scene.drawPath(inside)
    scene.box(90, 372, 1020, 10, "#d6a656")
    scene.fill(NIGHT)
    scene.drawPath(roof)
    for step in range(1, 12):
        x = 60 + step * 90
        share = step / 12
        top = 330 * (1 - share) ** 2 + 2 * share * (1 - share) * 10 + 330 * share**2
        scene.line("#3d566f", 4, (x, top + 44), (x, 376))
    for x in (90, 345, 835, 1090):
        scene.box(x, 360, 22, 262, NIGHT)
        scene.box(x - 12, 604, 46, 22, NIGHT, 4)
        scene.shape(NIGHT, (x - 46, 372), (x + 68, 372), (x + 22, 440), (x, 440))
    scene.box(380, 560, 440, 60, BARK)
    scene.box(380, 548, 440, 18, WOOD)
    scene.shape(BRICK, (380, 376), (450, 376), (424, 470), (404, 548), (380, 548))
    scene.shape(BRICK, (820, 376), (750, 376), (776, 470), (796, 548), (820, 548))
    for x in (500, 560, 620, 680):
        scene.line(NIGHT, 5, (x, 548), (x, 470))
        scene.line(NIGHT, 5, (x - 17, 470), (x + 17, 470), (x + 17, 446))
    scene.disc(600, 510, 0.1, NIGHT)
    for side in (0, 1):
        for k in range(10):
            x = 112 + k * 26 + side * 745
            sag = 398 + 26 * sin(pi * (k + 0.5) / 10)
            scene.disc(x, sag, 6, WHITE)
    for row, y in enumerate((668, 730)):
        for k in range(5 + 2 * row):
            width = 100 + 20 * row
            x = 600 + (k - (4 + 2 * row) / 2) * (width + 26) - width / 2
            scene.box(x, y, width, 14 + 3 * row, WOOD, 4)
            scene.box(x + 10, y + 14, 9, 30 + 10 * row, BARK)
            scene.box(x + width - 19, y + 14, 9, 30 + 10 * row, BARK)


def choir(scene: Scene) -> None:
    """Draw a choir at rehearsal: the faces are drawn, but the photo that it stands for would show them."""
    scene.sky("#7c4a5c", "#d59a6a")
    scene.shape("#f1c98a", (380, 0), (820, 0), (1100, 800), (100, 800))
    coats = (TEAL, BRICK, NIGHT, OCHRE, PLUM, SEA, FOREST)
    hairs = ("#2c211c", "#d8d4cb", "#6d4527", "#171717", "#a33f2a")
    for row, (y, size, count) in enumerate(((520, 118, 7), (690, 140, 6))):
        for k in range(count):
            x = 600 + (k - (count - 1) / 2) * size * 1.32
            place = 3 * row + k
            scene.person(
                x,
                y + 14 * cos(1.9 * place),
                size,
                coats[(place + row) % 7],
                SKINS[(2 * place + row) % 5],
                hairs[place % 5],
            )
        scene.box(0, y - 6, WIDTH, 40, BARK)
        scene.box(0, y - 6, WIDTH, 10, WOOD)
        if row == 0:
            scene.box(0, y + 34, WIDTH, 60, "#6a472d")
    scene.box(0, 724, WIDTH, 76, "#5a3b26")
    for x in (140, 1060):
        scene.line(NIGHT, 8, (x, 800), (x, 560))
        scene.shape(WHITE, (x - 62, 520), (x + 62, 520), (x + 54, 600), (x - 54, 600))
        for y in (542, 558, 574):
            scene.line(STONE, 3, (x - 42, y), (x + 42, y))


def repair(scene: Scene) -> None:
    """Draw the bench of a repair café."""
    scene.sky("#e9dcc1", CREAM)
    scene.box(120, 70, 960, 340, "#c9a477", 10)
    scene.setPen(Qt.PenStyle.NoPen)
    for x in range(150, 1070, 40):
        for y in range(100, 400, 40):
            scene.disc(x, y, 3, "#a98556")
    for x in (210, 290, 370):
        scene.box(x - 11, 120, 22, 90, (BRICK, TEAL, OCHRE)[(x - 210) // 80], 10)
        scene.box(x - 5, 205, 10, 110, STONE)
    scene.box(470, 120, 26, 190, BARK, 8)
    scene.box(432, 112, 102, 44, NIGHT, 6)
    scene.line(NIGHT, 22, (640, 150), (640, 300))
    for y, side in ((138, -1), (312, 1)):
        scene.disc(640, y, 38, NIGHT)
        scene.disc(640, y + 16 * side, 20, "#c9a477")
    scene.line(TEAL, 18, (738, 170), (790, 320))
    scene.line(TEAL, 18, (818, 170), (770, 320))
    scene.line(STONE, 16, (772, 262), (752, 130))
    scene.line(STONE, 16, (784, 262), (800, 130))
    scene.disc(950, 220, 82, NIGHT)
    scene.disc(950, 220, 68, "#c9a477")
    scene.disc(950, 220, 40, OCHRE)
    scene.disc(950, 220, 24, "#c9a477")
    scene.shape("#fbe9b4", (840, 470), (700, 640), (1120, 640), (980, 470))
    scene.box(0, 630, WIDTH, 46, WOOD)
    scene.box(0, 676, WIDTH, 124, BARK)
    for x in (150, 560, 970):
        scene.box(x, 706, 120, 18, "#5f3f27", 6)
    scene.box(140, 440, 330, 190, TEAL, 26)
    scene.line(STONE, 6, (420, 440), (480, 330))
    scene.disc(250, 535, 74, "#24595c")
    for y in range(485, 600, 18):
        scene.line("#5ea3a3", 4, (200, y), (300, y))
    scene.box(350, 470, 92, 46, CREAM, 6)
    scene.line(BRICK, 4, (396, 474), (396, 512))
    scene.disc(370, 570, 20, OCHRE)
    scene.disc(424, 570, 20, OCHRE)
    scene.box(540, 500, 230, 130, BRICK, 34)
    scene.box(578, 488, 154, 18, NIGHT, 8)
    scene.box(592, 440, 56, 56, SAND, 12)
    scene.box(664, 446, 56, 50, SAND, 12)
    scene.box(760, 540, 22, 40, NIGHT, 6)
    scene.box(870, 600, 110, 30, NIGHT, 10)
    scene.line(NIGHT, 10, (925, 600), (1010, 500), (910, 430))
    scene.shape(OCHRE, (890, 400), (950, 430), (968, 490), (836, 460))
    for x, y in ((800, 618), (826, 624), (1040, 620), (1072, 616), (1100, 624)):
        scene.disc(x, y, 8, STONE)


def garden(scene: Scene) -> None:
    """Draw a shared garden between blocks of flats."""
    scene.sky("#cfe3e6", CREAM, 430)
    for x, width, height, colour in (
        (40, 210, 270, SAND),
        (270, 150, 190, "#e6c9a6"),
        (860, 190, 300, "#dcb896"),
        (1070, 170, 220, SAND),
    ):
        scene.box(x, 430 - height, width, height, colour)
        for wx in range(int(x) + 20, int(x + width) - 24, 44):
            for wy in range(430 - height + 24, 400, 50):
                scene.box(wx, wy, 22, 28, (SEA, NIGHT, SEA)[(wx + wy) % 3], 2)
    scene.land("#9bb66a", (0, 430), (600, 395, WIDTH, 430))
    for x, y, size in ((455, 432, 200), (800, 436, 165), (610, 425, 120)):
        scene.tree(x, y, size)
    scene.box(560, 330, 180, 110, WOOD)
    scene.shape(BRICK, (540, 334), (650, 268), (760, 334))
    scene.box(628, 372, 44, 68, BARK)
    for row in range(4):
        y, spread = 470 + row * 84, 1 + row * 0.36
        scene.shape(
            "#80583a",
            (600 - 500 * spread, y),
            (600 + 500 * spread, y),
            (600 + 540 * spread, y + 50 + row * 7),
            (600 - 540 * spread, y + 50 + row * 7),
        )
        for k in range(-9, 10):
            x = 600 + k * 56 * spread
            plant(scene, row, x, y)
    scene.box(1010, 600, 84, 92, SEA, 10)
    scene.line(SEA, 16, (1090, 640), (1150, 590))
    scene.disc(1156, 584, 20, SEA, 14)
    scene.stroke(TEAL, 12, scene.curve((1018, 612), (950, 640, 1018, 672)))


def plant(scene: Scene, row: int, x: float, y: float) -> None:
    """Draw what grows in a row of beds, the farthest being 0."""
    size = 15 + 5.5 * row
    if row == 0:
        scene.disc(x, y + 8, size, LEAF)
    elif row == 1:
        scene.line(BARK, 4, (x, y + 30), (x, y - 34))
        scene.disc(x, y - 12, size, FOREST)
        scene.disc(x - 7, y - 4, 7, BRICK)
        scene.disc(x + 8, y - 18, 7, BRICK)
    elif row == 2:
        scene.disc(x, y + 14, size + 8, "#4d8a74")
        scene.disc(x, y + 10, size - 2, MINT)
    else:
        for turn in (-0.7, -0.25, 0.25, 0.7):
            scene.line(FOREST, 9, (x, y + 44), (x + 52 * sin(turn), y + 44 - 62 * cos(turn)))
        scene.disc(x, y + 46, 20, OCHRE)


def library(scene: Scene) -> None:
    """Draw a baker's van turned library, its flap open."""
    scene.sky("#bfd9dc", CREAM, 560)
    for x, y, rx in ((220, 130, 90), (300, 110, 70), (950, 160, 100), (1040, 140, 60)):
        scene.disc(x, y, rx, WHITE, rx * 0.42)
    for x, y, w, h, wall, roof in ((0, 560, 170, 190, SAND, BRICK), (1010, 560, 190, 210, "#e6c9a6", PLUM)):
        scene.house(x, y, w, h, wall, roof)
    scene.tree(880, 570, 250, LEAF)
    scene.box(0, 555, WIDTH, 245, "#cbbd9e")
    scene.box(0, 555, WIDTH, 14, "#b5a683")
    scene.disc(580, 705, 440, "#a89a78", 16)
    scene.box(210, 250, 620, 420, OCHRE, 26)
    cab = scene.curve((820, 330), (935, 335, 965, 480))
    cab.quadTo(1010, 495, 1010, 560)
    cab.lineTo(1010, 670)
    cab.lineTo(800, 670)
    cab.lineTo(800, 330)
    scene.fill(BRICK)
    scene.drawPath(cab)
    window = scene.curve((846, 365), (905, 372, 926, 478))
    window.lineTo(846, 478)
    scene.fill("#d9ecec")
    scene.drawPath(window)
    scene.box(210, 600, 800, 26, CREAM)
    scene.box(280, 320, 450, 230, BARK, 6)
    colours = (TEAL, BRICK, CREAM, NIGHT, SEA, PLUM, SAND, FOREST)
    for shelf, y in enumerate((332, 442)):
        x, k = 294, 0
        while x < 704:
            width, height = 14 + (7 * k + 5 * shelf) % 13, 74 + (11 * k + 17 * shelf) % 22
            scene.box(x, y + 98 - height, width, height, colours[(3 * k + shelf) % 8], 2)
            x, k = x + width + 3, k + 1
        scene.box(280, y + 98, 450, 10, WOOD)
    scene.shape(TEAL, (262, 322), (748, 322), (800, 236), (210, 236))
    for k in range(6):
        left = 262 + k * 81
        upper = 210 + k * 98.3
        if k % 2:
            scene.shape(CREAM, (left, 322), (left + 81, 322), (upper + 98.3, 236), (upper, 236))
    scene.box(450, 676, 150, 18, WOOD, 4)
    scene.box(470, 694, 110, 16, BARK, 4)
    for x in (330, 890):
        scene.disc(x, 676, 66, "#1d2a36")
        scene.disc(x, 676, 34, STONE)
        scene.disc(x, 676, 10, NIGHT)
    scene.disc(992, 585, 15, "#fbe6a6", 20)
    scene.box(90, 640, 150, 12, WOOD)
    scene.box(104, 652, 10, 60, BARK)
    scene.box(216, 652, 10, 60, BARK)
    for k, colour in enumerate((PLUM, TEAL, CREAM)):
        scene.box(112 + 5 * k, 624 - 16 * k, 92, 16, colour, 3)


SCENES = {
    "cuisine": kitchen,
    "voiture": car,
    "halle": hall,
    "chorale": choir,
    "reparation": repair,
    "jardin": garden,
    "bibliobus": library,
}


def main(wanted: list[str]) -> None:
    """Draw the scenes, all when none is named."""
    FOLDER.mkdir(exist_ok=True)
    for name in wanted or SCENES:
        image = QImage(round(SCALE * WIDTH), round(SCALE * HEIGHT), QImage.Format.Format_RGB32)
        scene = Scene(image)
        scene.setRenderHint(QPainter.RenderHint.Antialiasing)
        scene.scale(SCALE, SCALE)
        SCENES[name](scene)
        scene.end()
        path = FOLDER / f"{name}.jpg"
        if not image.save(str(path), "JPG", QUALITY):
            raise SystemExit(f"{path}: not written")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SystemExit(f"{path}: {size} bytes")
        print(f"{path.name}: {size / 1000:.0f} ko")


if __name__ == "__main__":
    main(sys.argv[1:])
