"""Label files: what is accepted, and the line and column of what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.records import SettingsError
from kneetrack.validation.labels import Label, read_labels

HEADER = "clip,rep,side,rule,status\n"


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_good_labels(tmp_path: Path) -> None:
    text = HEADER + (
        "squat1,2,left,knee_valgus,watch\n"
        "squat1.mp4,all,Right,Knee valgus,good\n"
        "\n"
        "squat2,,,trunk-lean,bad\n"
    )
    assert read_labels(written(tmp_path, text)) == [
        Label("squat1", 2, "left", "knee_valgus", "watch", 2),
        Label("squat1.mp4", 0, "right", "knee_valgus", "ok", 3),
        Label("squat2", 0, "both", "trunk_lean", "bad", 5),
    ]


def test_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    """Semicolons, a byte-order mark, CRLF, columns in another order and one too many."""
    text = "Rule;Clip;Side;Rep;Status;Remark\r\nheel_lift;José;both;1;flag;clear, really\r\n"
    path = written(tmp_path, text, "utf-8-sig")
    assert read_labels(path) == [Label("José", 1, "both", "heel_lift", "flag", 2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: column clip and rep and side and rule and status missing"),
        ("clip,rep,side,status\na,1,left,ok\n", "line 1: column rule missing"),
        (HEADER, "no label below the first line"),
        (HEADER + "a,1,left,knee_valgus\n", "line 2, column status: missing"),
        (HEADER + ",1,left,knee_valgus,ok\n", "line 2, column clip: empty"),
        (HEADER + "a,0,left,knee_valgus,ok\n", "line 2, column rep: '0'"),
        (HEADER + "a,first,left,knee_valgus,ok\n", "line 2, column rep: 'first'"),
        (HEADER + "a,1,l,knee_valgus,ok\n", "line 2, column side: 'l'"),
        (HEADER + "a,1,left,knee_valgus,\n", "line 2, column status: ''"),
        (HEADER + "a,1,left,knee_valgus,fine\n", "line 2, column status: 'fine'"),
        (HEADER + "a,1,left,knee_vagus,ok\n", "line 2, column rule: .* did you mean knee_valgus?"),
        (HEADER + "a,1,left,zzz,ok\n", "line 2, column rule: .*kneetrack exercises"),
        (
            HEADER + "a,1,left,knee_valgus,ok\na,2,left,knee_valgus,ok\na,1,left,knee_valgus,bad\n",
            "line 4, column status: bad here, ok for the same in line 2",
        ),
    ],
)
def test_what_is_wrong_is_named_with_line_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read_labels(written(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="UTF-8"):
        read_labels(written(tmp_path, HEADER + "José,1,left,knee_valgus,ok\n", "latin-1"))
    with pytest.raises(SettingsError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")


def test_the_same_label_twice_is_no_contradiction(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "a,1,left,knee_valgus,ok\na,1,left,knee_valgus,good\n")
    assert len(read_labels(path)) == 2
