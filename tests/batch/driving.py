"""A batch of fake clips as a process of its own: python -m tests.batch.driving JSON."""

from __future__ import annotations

import json
import sys

from kneetrack import cli
from kneetrack.batch import command
from tests.batch.faking import fake_work


def main() -> None:
    """Run the real command line with the fake work."""
    run = command.run
    command.run = lambda job, told=None, **more: run(job, told, work=fake_work, **more)  # type: ignore[assignment]
    sys.argv = ["kneetrack", *json.loads(sys.argv[1])]
    cli.main()


if __name__ == "__main__":
    main()
