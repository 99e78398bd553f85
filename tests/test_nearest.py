"""What is offered for a name that is not known."""

from __future__ import annotations

import pytest

from kneetrack.commands.panels import meant
from kneetrack.nearest import did_you_mean


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("squad", "did you mean 'squat'?"),
        ("knie", "did you mean 'left_knee' or 'right_knee'?"),
        ("nix", "use squat, left_knee, right_knee, nose"),
    ],
)
def test_only_what_is_close_is_offered(wanted: str, told: str) -> None:
    assert did_you_mean(wanted, ["squat", "left_knee", "right_knee", "nose"]) == told


def test_other_words_for_a_command_name_it() -> None:
    assert meant("No such command 'measure'.") == (
        "No such command 'measure'. Did you mean 'screen'?"
    )
    assert meant("No such command 'nix'.") == "No such command 'nix'"
