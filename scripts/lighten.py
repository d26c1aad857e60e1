"""Make PNG pictures light, in place: lighten.py WIDTH FILE... - at most so wide, 256 colours or fewer."""

import sys
from pathlib import Path

from PIL import Image

MOST_BYTES = 250_000


def main(width: int, paths: list[Path]) -> None:
    """Lighten the pictures; one that stays too heavy is named."""
    for path in paths:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        if picture.width > width:
            picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        for colours in (256, 128, 64, 32):
            # The rare colours, those of symbols, weigh as much as the grounds.
            palette = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
            palette.save(path, optimize=True)
            if path.stat().st_size <= MOST_BYTES:
                break
        else:
            raise SystemExit(f"{path}: {path.stat().st_size} bytes")
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} ko")


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
