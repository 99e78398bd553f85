"""Make pose_landmarker_full.task again from the mediapipe 0.10.21 wheel.

    pip download mediapipe==0.10.21 --no-deps --only-binary=:all: --python-version 3.11
    .venv/bin/python models/build_bundle.py mediapipe-0.10.21-*.whl

The wheel is only unzipped, never installed. Its two networks (manifest.json names them) get the
normalisation metadata that the Tasks API asks for and go, uncompressed and aligned to 4 bytes,
into one file. The bytes are the same every time; the exit code tells whether they are the ones
of the manifest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).resolve().with_name("manifest.json")
MADE_AT = (2026, 11, 22, 13, 32, 54)
"""The time in the bundle's zip headers; fixed, so that the bytes do not change."""
PARSER_MODULE = "mediapipe.tasks.cc.metadata.python._pywrap_metadata_version"


def main(arguments: list[str] | None = None) -> int:
    """Write the bundle; 0 when it is the one of the manifest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path, help="the mediapipe 0.10.21 wheel of any platform")
    parser.add_argument("--out", type=Path, default=Path("pose_landmarker_full.task"))
    options = parser.parse_args(arguments)

    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    stand_in_for_parser_version()
    write_bundle(read_networks(options.wheel, manifest["networks"]), options.out)
    same = sha256(options.out.read_bytes()) == manifest["sha256"]
    print(f"{options.out}: {'identical to' if same else 'NOT the bundle of'} {MANIFEST.name}")
    return 0 if same else 1


def read_networks(wheel: Path, networks: list[dict[str, Any]]) -> dict[str, bytes]:
    """Name in the bundle -> network with its metadata, read out of the wheel."""
    finished = {}
    with zipfile.ZipFile(wheel) as archive:
        for network in networks:
            tflite = archive.read(network["in_wheel"])
            if sha256(tflite) != network["sha256_in_wheel"]:
                raise SystemExit(f"{wheel}: {network['in_wheel']} is not the one of 0.10.21")
            finished[network["in_bundle"]] = with_metadata(tflite, network)
    return finished


def with_metadata(tflite: bytes, network: dict[str, Any]) -> bytes:
    """The network, told how its input picture is normalised."""
    from mediapipe.tasks.python.metadata.metadata_writers.metadata_writer import MetadataWriter

    writer = MetadataWriter.create(bytearray(tflite))
    writer.add_general_info(network["title"])
    writer.add_image_input([network["mean"]], [network["std"]])
    return bytes(writer.populate()[0])


def write_bundle(networks: dict[str, bytes], path: Path) -> None:
    """All networks into one zip, uncompressed, each at a multiple of 4 bytes."""
    from mediapipe.tasks.python.metadata.metadata_writers import model_asset_bundle_utils

    with model_asset_bundle_utils.AlignZipFile(path, mode="w", alignment=4) as bundle:
        for name, content in networks.items():
            entry = zipfile.ZipInfo(name, date_time=MADE_AT)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            bundle.writestr(entry, content)


def sha256(content: bytes) -> str:
    """Hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()


def stand_in_for_parser_version() -> None:
    """Supply the compiled module that mediapipe 1.x wheels lack: all it does is name a version."""
    try:
        __import__(PARSER_MODULE)
    except ModuleNotFoundError:
        parts = PARSER_MODULE.split(".")
        for depth in range(3, len(parts) + 1):
            module = types.ModuleType(".".join(parts[:depth]))
            module.__path__ = []
            sys.modules.setdefault(module.__name__, module)
        version = sys.modules[PARSER_MODULE]
        version.__dict__["GetMinimumMetadataParserVersion"] = lambda _metadata: "1.0.0"


if __name__ == "__main__":
    sys.exit(main())
