"""Install a built wheel into a fresh environment and run what a new user runs there.

python scripts/wheel_test.py dist/kneetrack-0.1.0-py3-none-any.whl [--borrow]

--borrow takes the dependencies from the environment that runs this script (no network), the
default installs them as pipx would.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """0 when the demo of the installed wheel leaves a result behind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--borrow", action="store_true", help="use this environment's dependencies")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kneetrack wheel ") as folder:
        scripts = install(options.wheel.resolve(), Path(folder) / "venv", options.borrow)
        work = Path(folder) / "somewhere else"
        work.mkdir()
        for command in (["--version"], ["doctor"], ["demo"]):
            run([scripts / "kneetrack", *command], work)
        results = list(work.rglob("result.json"))
    print(f"{options.wheel.name}: demo left {len(results)} result.json")
    return 0 if results else 1


def install(wheel: Path, environment: Path, borrow: bool) -> Path:
    """A fresh environment with the wheel in it; returns its folder of commands."""
    venv.create(environment, with_pip=False)
    paths = {"base": str(environment), "platbase": str(environment)}
    scripts = Path(sysconfig.get_path("scripts", "venv", paths))
    extra = ["--no-deps", "--no-index"] if borrow else []
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(environment)]
    run([*pip, "install", "-q", *extra, wheel], environment)
    if borrow:
        packages = Path(sysconfig.get_path("purelib", "venv", paths))
        (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return scripts


def run(command: list[str | Path], folder: Path) -> None:
    """Run a command in a folder; CalledProcessError when it fails."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([str(part) for part in command], cwd=folder, env=clean, check=True)


if __name__ == "__main__":
    sys.exit(main())
