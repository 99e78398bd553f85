"""Validate the samples and the shared truth clips, and write docs/accuracy.md.

    python benchmarks/accuracy.py [FOLDER ...] [--out docs/accuracy.md] [--jobs N]

It is `kneetrack validate` over samples/, and ../shared/truth where it is there, as a page. Exit 1
when a clip could not be judged.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kneetrack.console import Progress
from kneetrack.validation.command import ValidateJob, run
from kneetrack.validation.page import accuracy_page, machine_class
from kneetrack.validation.plots import bland_altman_png

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {
    ROOT / "samples": "the bundled samples",
    ROOT.parent / "shared" / "truth": "the shared truth clips",
}
PICTURE = Path("pictures") / "bland-altman.png"


def words(folders: Sequence[Path]) -> str:
    """What the folders are called on a page that others read."""
    known = {folder.resolve(): name for folder, name in FOLDERS.items()}
    named = [known.get(folder.resolve(), folder.name) for folder in folders]
    return f"Rendered people with exact truth, {' and '.join(named)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "accuracy.md")
    parser.add_argument("--jobs", type=int, default=None)
    options = parser.parse_args()
    folders = options.folders or [folder for folder in FOLDERS if folder.is_dir()]
    with Progress() as progress:
        found = run(ValidateJob(folders, jobs=options.jobs), progress.update)
    picture = bland_altman_png(found.readings)
    if picture is not None:
        (options.out.parent / PICTURE).parent.mkdir(parents=True, exist_ok=True)
        (options.out.parent / PICTURE).write_bytes(picture)
    machine = machine_class(os.cpu_count() or 1)
    page = accuracy_page(found, PICTURE.as_posix() if picture else "", words(folders), machine)
    options.out.write_text(page, encoding="utf-8")
    print(found.text())
    return found.exit_code


if __name__ == "__main__":
    sys.exit(main())
