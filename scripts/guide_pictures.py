"""Make the pictures of the guide again: drawn figures, and stills of rendered clips.

python scripts/guide_pictures.py [--clips FOLDER] [--only NAME ...]

Clips are looked for in samples/ first, then in FOLDER; a picture whose clips are missing is left as
it is.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from figures.filmed import FILMED, FOLDER, MissingError, drawn
from figures.light import Image, render
from figures.marks import mark
from figures.scenes import FIGURES

from kneetrack.guide import load_page

SIZE = (960, 720)
AREA = cv2.INTER_AREA
MOST_BYTES = 58_000
PAPER = (247, 246, 244)
ALONE = {
    "figure_four": "figure_four-seated",
    "modified_pigeon": "modified_pigeon-supported",
}
TOGETHER = {"hip_flexor_release": 460, "soft_tissue": 420}
"""Name -> width of each of three columns."""
COLUMNS = 3
INK = (48, 36, 26)


def main() -> int:
    """Write what was asked for; 1 when clips are missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clips", type=Path, help="more rendered clips with their truth")
    parser.add_argument("--only", nargs="*", default=[], help="names that begin like this")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    missing = 0
    for name in [*FIGURES, *ALONE, *TOGETHER, *FILMED]:
        if options.only and not name.startswith(tuple(options.only)):
            continue
        try:
            write(name, picture(name, options.clips))
        except MissingError as told:
            missing += 1
            print(f"{name}: {told}", file=sys.stderr)
    return 1 if missing else 0


def picture(name: str, clips: Path | None) -> Image:
    """The picture of that name."""
    if name in FIGURES:
        figure = FIGURES[name]()
        return mark(render(figure.scene, SIZE), figure)
    if name in ALONE:
        return drawn(ALONE[name])
    if name in TOGETHER:
        return together(name)
    return FILMED[name](clips)


def together(name: str) -> Image:
    """The figures of one exercise in rows, each with its title."""
    width = TOGETHER[name]
    tiles = []
    for place in load_page(name).positions:
        part = drawn(Path(place.figure).stem)
        high = round(part.shape[0] * width / part.shape[1])
        title = np.full((46, width, 3), PAPER, np.uint8)
        cv2.putText(title, place.title, (20, 36), INK, cv2.FontFace("sans"), 27, 620)
        tiles.append(np.vstack([title, cv2.resize(part, (width, high), interpolation=AREA)]))
    rows = [tiles[i : i + COLUMNS] for i in range(0, len(tiles), COLUMNS)]
    return np.vstack([_row(row, COLUMNS * width) for row in rows])


def _row(tiles: list[Image], width: int) -> Image:
    row = np.hstack(tiles)
    spare = width - row.shape[1]
    ends = ((0, 0), (spare // 2, spare - spare // 2), (0, 0))
    return np.asarray(np.stack([np.pad(row[..., c], ends[:2], constant_values=PAPER[c])
                                for c in range(3)], axis=-1), np.uint8)  # fmt: skip


def write(name: str, image: Image) -> None:
    """As a JPEG that is small enough for a report."""
    for quality in range(88, 40, -3):
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if data.nbytes <= MOST_BYTES:
            break
    (FOLDER / f"{name}.jpg").write_bytes(data.tobytes())
    print(f"{name}: {image.shape[1]} x {image.shape[0]}, {data.nbytes / 1000:.0f} kB at {quality}")


if __name__ == "__main__":
    sys.exit(main())
