"""What users read (MEASURES 7): it measures and coaches; it never diagnoses, scores or predicts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from kneetrack import red_flags
from kneetrack.cli import app
from kneetrack.cue_words import WORDS, WORDS_IN
from kneetrack.exercises import all_exercises
from kneetrack.guide.pages import load_page, page_names
from kneetrack.live import phrases
from kneetrack.selfcheck.outcome import SEE_SOMEBODY_IF
from kneetrack.selfcheck.questions import QUESTIONS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kneetrack"

FORBIDDEN = {
    r"\bdiagnos\w*": "diagnosis",
    r"\b(?:at )?risks?\b|\brisky\b": "risk",
    r"\bweak\w*\s+(?:\w+\s+)?(?:glute\w*|hips?|muscles?)\b": "weak glutes",
    r"\bglutes?\b[^.]{0,30}\bweak": "weak glutes",
    r"\bknee (?:ab|ad)duction\b": "knee abduction",
    r"\b3-?d\b": "3-D",
    r"\w*screen\w*": "screening",
    r"\babnormal\w*": "abnormal",
    r"\bpatholog\w*": "pathological",
    r"\binjur(?:y|ies)\b": "injury",
    r"\brehab\w*": "rehab",
    r"\btreat(?:s|ment|ments)\b": "treats",
}
CAUSES = {
    r"\bcaused\b|\bcaus(?:es|ing) (?:it|your|the|knee|pain)\b": "caused by",
    r"\b(?:because of|due to|from) (?:\w+ )?(?:weak|tight)\w*": "because of weak",
    r"\b(?:comes?|stems?) from (?:your|the) (?:hips?|glutes?|muscles?)\b": "comes from the hips",
    r"\byou have (?:a |dynamic )?(?:valgus|varus|knock)": "you have valgus",
    r"\byour (?:hips|glutes|muscles|knees) are\b": "your hips are",
}
DISCLAIMER = re.compile(
    r"does\s+not\s+diagnose(?:,\s+screen\s+for,\s+predict\s+or\s+prevent\s+injury\s+or\s+disease)?",
    re.IGNORECASE,
)
THE_COMMAND = re.compile(r"\bkneetrack screen\b(?!\s+for\b)|^\s*screen\s*$|`screen`|│ screen(?=  )")
"""The command's name, after the program's, by itself, or in the list of commands."""
EXCEPTIONS = (DISCLAIMER, THE_COMMAND)
"""The only places where the word may stand for looking at somebody."""
A_DISPLAY = re.compile(
    r"\b(?:the|a|full|live|on|no)[ -]screen\b(?! (?:for|you|your|who)\b)"
    r"|\bscreen readers?\b|\bLiveScreen\b|\bscreen_size\b|@media screen\b",
    re.IGNORECASE,
)
"""What pictures are shown on."""


def offences(text: str) -> list[str]:
    """Forbidden words, and words that name a cause, outside the exceptions."""
    for allowed in (*EXCEPTIONS, A_DISPLAY):
        text = allowed.sub(" ", text)
    rest = " ".join(text.split())
    return [
        f"{word}: ...{rest[max(0, m.start() - 40) : m.end() + 40]}..."
        for pattern, word in {**FORBIDDEN, **CAUSES}.items()
        for m in re.finditer(pattern, rest, re.IGNORECASE)
    ]


# -- strings of the program ---------------------------------------------------------------------


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


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """String constants; of one with values in it all words, with an X for each value."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            parts = (p.value if isinstance(p, ast.Constant) else "X" for p in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif _is_string(node) and id(node) not in inner:
            yield node.lineno, str(node.value)


def shown_strings(path: Path) -> list[tuple[int, str]]:
    """Strings of a module that are not docstrings; a command's docstring is its help."""
    tree = ast.parse(path.read_text("utf-8"))
    commands = path.name == "cli.py" or path.parent.name == "commands"
    skip = set() if commands else docstrings(tree)
    return [(line, text) for line, text in strings(tree) if line not in skip]


MODULES = sorted(p for p in PACKAGE.rglob("*.py"))
TEXTS = sorted(
    p
    for p in PACKAGE.rglob("*")
    if p.suffix in (".toml", ".j2", ".html", ".js", ".css") and "vendor" not in p.parts
)
GUIDES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


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
def test_no_text_says_what_it_must_not(path: Path) -> None:
    assert offences(spoken(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_readme_and_guides(path: Path) -> None:
    if path.is_file():
        assert offences(path.read_text("utf-8")) == []


# -- helps, as they are read --------------------------------------------------------------------


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that call each command, hidden ones too."""
    yield words
    for name, other in getattr(command, "commands", {}).items():
        yield from commands(other, (*words, name))


COMMANDS = sorted(commands(get_command(app)))


@cache
def help_of(words: tuple[str, ...]) -> str:
    """The help of a command as it is rendered."""
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert shown.exit_code == 0, shown.output
    return shown.output


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "kneetrack")
def test_no_help_says_what_it_must_not(words: tuple[str, ...]) -> None:
    shown = help_of(words)
    assert "Usage: " in shown
    text = re.sub(r"Usage: \w+ screen\b", "Usage: kneetrack screen", shown)
    assert offences(re.sub(r"(?<=\S)\s*[│╭╮╰╯─]+\s*(?=\S)", " ", text)) == []


def test_every_option_is_in_a_help() -> None:
    for words in COMMANDS:
        command: Any = get_command(app)
        for word in words:
            command = command.commands[word]
        for param in command.params:
            if param.param_type_name == "option" and not param.hidden:
                assert max(param.opts, key=len) in help_of(words)


# -- what must be said --------------------------------------------------------------------------


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


def test_all_that_is_said_is_read_here() -> None:
    """One sentence of every room that speaks: what is not among the texts would be read nowhere."""
    said = {text for path in MODULES for _, text in shown_strings(path)}
    tables = " ".join(p.read_text("utf-8") for p in TEXTS if p.suffix == ".toml")
    for flag in red_flags.RED_FLAGS:
        assert {flag.question, flag.short} <= said
    for text in (red_flags.SEE_A_DOCTOR, *red_flags.STOP_IF, *red_flags.WITH_SOMEBODY):
        assert text in said
    for question in QUESTIONS:
        assert {question.question, question.title} <= said
    assert set(SEE_SOMEBODY_IF) <= said
    assert {words.say for words in (*WORDS.values(), *WORDS_IN.values())} <= said
    assert {phrases.WHENEVER, *phrases.THE_END.values()} <= said
    for name in page_names():
        page = load_page(name)
        for text in (page.title, page.summary, *page.steps, *page.stop_if):
            assert text in tables


# -- that it can fail ---------------------------------------------------------------------------


def test_this_test_can_fail() -> None:
    assert len(offences("A high risk of injury: weak glutes, abnormal knee abduction in 3D")) == 6
    assert offences("It does not diagnose, screen for, predict or prevent injury or disease.") == []
    assert offences("It does not screen for injury")
    assert offences("the screen shows it, and --full-screen too, also to screen readers") == []


@pytest.mark.parametrize(
    "text",
    ["kneetrack screen K-022", "screen", "`screen`", "│ screen       Measure a client"],
)
def test_the_command_may_carry_the_word(text: str) -> None:
    assert offences(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Screening for injuries",
        "kneetrack selfcheck screens your knees",
        "kneetrack screens your knees",
        "kneetrack screen for the knees",
        "a screen for knees",
        "the screen your knees need",
        "a knee screen",
        "to screen athletes",
        "prescreened",
    ],
)
def test_a_third_exception_is_none(text: str) -> None:
    assert [o.split(":")[0] for o in offences(text)][:1] == ["screening"]


@pytest.mark.parametrize(
    "text",
    [
        "caused by your hips",
        "this is because of weak hip muscles",
        "due to weak legs",
        "due to your tight calves",
        "you have valgus",
        "you have a knock knee",
        "your hips are not strong",
        "it comes from the hips",
    ],
)
def test_causes_are_not_named(text: str) -> None:
    assert offences(text)


def test_what_stands_around_a_value_is_read_with_it() -> None:
    tree = ast.parse('f"weak {side} glutes", "an " f"injury {x}"')
    assert [bool(offences(text)) for _, text in strings(tree)] == [True, True]


def test_helps_are_read_as_they_are_rendered() -> None:
    assert "│ screen" in help_of(())
    assert "Usage: " in help_of(("screen",))
    assert ("client", "add") in COMMANDS
