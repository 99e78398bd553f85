"""What users read (MEASURES 7): it measures and coaches; it never diagnoses, scores or predicts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneetrack.exercises import all_exercises

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kneetrack"

FORBIDDEN = {
    r"\bdiagnos\w*": "diagnosis",
    r"\b(?:at )?risks?\b|\brisky\b": "risk",
    r"\bweak\w*\s+(?:\w+\s+)?(?:glute\w*|hips?|muscles?)\b": "weak glutes",
    r"\bglutes?\b[^.]{0,30}\bweak": "weak glutes",
    r"\bknee (?:ab|ad)duction\b": "knee abduction",
    r"\b3-?d\b": "3-D",
    r"\bscreen(?:ing|s for|ed for| for)\b": "screening",
    r"\babnormal\w*": "abnormal",
    r"\bpatholog\w*": "pathological",
    r"\binjur(?:y|ies)\b": "injury",
    r"\brehab\w*": "rehab",
    r"\btreat(?:s|ment|ments)\b": "treats",
}
DISCLAIMER = re.compile(
    r"does\s+not\s+diagnose(?:,\s+screen\s+for,\s+predict\s+or\s+prevent\s+injury\s+or\s+disease)?",
    re.IGNORECASE,
)


def offences(text: str) -> list[str]:
    """Forbidden words outside the disclaimer."""
    rest = DISCLAIMER.sub(" ", " ".join(text.split()))
    return [
        f"{word}: ...{rest[max(0, m.start() - 40) : m.end() + 40]}..."
        for pattern, word in FORBIDDEN.items()
        for m in re.finditer(pattern, rest, re.IGNORECASE)
    ]


def docstrings(tree: ast.AST) -> set[int]:
    """Lines on which docstrings start: those are for developers."""
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    lines: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for item in body if isinstance(body, list) else ():
            if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                lines.add(item.value.lineno)
        assert not isinstance(node, nodes) or isinstance(body, list)
    return lines


def shown_strings(path: Path) -> Iterator[tuple[int, str]]:
    """String constants of a module that are not docstrings; a command's docstring is its help."""
    tree = ast.parse(path.read_text("utf-8"))
    commands = path.name == "cli.py" or path.parent.name == "commands"
    skip = set() if commands else docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.lineno not in skip
        ):
            yield node.lineno, node.value


MODULES = sorted(p for p in PACKAGE.rglob("*.py"))
TEXTS = sorted(
    p
    for p in PACKAGE.rglob("*")
    if p.suffix in (".toml", ".j2", ".html", ".js") and "vendor" not in p.parts
)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_module_says_what_it_must_not(path: Path) -> None:
    wrong = [f"line {line}: {o}" for line, text in shown_strings(path) for o in offences(text)]
    assert wrong == []


def spoken(text: str) -> str:
    """A template or table without titles of papers (sources) and comments."""
    return re.sub(r"(?m)^\s*#.*$|\{#.*?#\}|/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    "path",
    [p for p in TEXTS if p.name != "sources.toml"],
    ids=lambda p: p.relative_to(PACKAGE).as_posix(),
)
def test_no_report_text_says_what_it_must_not(path: Path) -> None:
    assert offences(spoken(path.read_text("utf-8"))) == []


def test_the_report_carries_the_disclaimer() -> None:
    whole = " ".join(" ".join(p.read_text("utf-8").split()) for p in [*TEXTS, *MODULES])
    assert "Not a medical device" in whole
    assert "prevent injury or disease" in whole


def test_rules_speak_of_what_was_seen_and_what_to_do() -> None:
    for exercise in all_exercises().values():
        for text in (exercise.title, exercise.film, exercise.dose):
            assert offences(text) == []
        for rule in exercise.rules:
            for text in (rule.found, rule.cue, rule.note):
                assert offences(text) == []
                assert not re.search(r"\b(?:bad|wrong|poor|fault|fail\w*)\b", text, re.IGNORECASE)


def test_readme_and_guides() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        if page.is_file():
            assert offences(page.read_text("utf-8")) == [], page.name


def test_this_test_can_fail() -> None:
    assert len(offences("A high risk of injury: weak glutes, abnormal knee abduction in 3D")) == 6
    assert offences("It does not diagnose, screen for, predict or prevent injury or disease.") == []
    assert offences("Screening for injuries")
    assert offences("the screen shows it, and --screen too") == []
