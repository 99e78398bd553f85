from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from kneetrack.records import FrameTable, OutputError
from kneetrack.report.html import render_report, write_report
from kneetrack.report.stills import choose_stills
from kneetrack.report.take import Take, Video
from tests.report import make_results as made

JPEG = b"\xff\xd8\xff\xe0 not really a picture"
VIDEO = Video("annotated.mp4")
ALL = ("one_knee_in", "nothing_judged", "lunges", "nothing_recognised", "two_sets", "side_take")
VOID = {"meta", "img", "br", "use", "path", "circle", "rect", "input", "link", "source"}


class Page(HTMLParser):
    """Collects what a browser would show, and checks that the tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def take(name: str, video: Video | None = VIDEO) -> Take:
    result, frames = getattr(made, name)()
    return Take(result, frames, dict.fromkeys(choose_stills(result), JPEG), video)


def page(name: str) -> Page:
    return Page(render_report([take(name)], date="22 November 2025"))


@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_result_gives_a_whole_page(name: str) -> None:
    shown = page(name)
    assert "22 November 2025" in shown.text
    assert "Not a medical device" in shown.text
    for _, attribute, value in shown.attributes:
        if attribute == "href":
            assert value.removeprefix("#") in shown.ids
    for number in ("nan", "None", "inf"):
        assert not re.search(rf"\b{number}\b", shown.text)


@pytest.mark.parametrize("name", ALL)
def test_it_needs_no_network(name: str) -> None:
    text = render_report([take(name)])
    assert "http:" not in text
    assert "https:" not in text
    sources = " ".join(Page(text).values("src"))
    assert "//" not in re.sub(r"data:image/\w+;base64,[\w+/=]*", "", sources)
    links = [v for v in (*Page(text).values("src"), *Page(text).values("href")) if v]
    assert all(v.startswith(("#", "data:")) or v == "annotated.mp4" for v in links)
    assert "@import" not in text
    assert "url(" not in text


def test_the_verdict_comes_first_in_plain_words() -> None:
    text = page("one_knee_in").text
    assert "Right knee falls inward" in text
    assert "In 2 of 2 reps: 30 ± 4 % of the shank’s length inside the toes (ok: up to 4 %)" in text
    assert "Left knee stays over the foot" in text
    assert "Point your right kneecap at your second toe." in text
    assert text.index("Right knee falls inward") < text.index("Left knee stays")
    assert text.index("Left knee stays") < text.index("Every check")
    assert "1 to work on" in text


def test_what_could_not_be_judged_tells_what_to_change() -> None:
    text = page("one_knee_in").text
    assert "Heel lift Heels are not visible from the front." in text
    assert "Next time: Film a side take." in text


def test_cannot_tell_does_not_look_like_ok() -> None:
    text = render_report([take("nothing_judged")])
    shown = Page(text)
    assert "The knees could not be judged" in shown.text
    assert "Next step Turn 45 degrees to your left to face it." in shown.text
    assert 'class="verdict cannot_tell"' in text
    body = text[text.index("<main") : text.index('class="method"')]
    assert "#sign-ok" not in body
    assert "stays over" not in shown.text


def test_signs_differ_in_shape_not_only_in_colour() -> None:
    text = render_report([take("one_knee_in")])
    shapes = {
        status: re.sub(r'(fill|stroke)="#?\w+"', "", found.group(1))
        for status in ("ok", "watch", "flag", "cannot_tell")
        if (found := re.search(rf'id="sign-{status}"[^>]*>(.*?)</symbol>', text))
    }
    assert len(shapes) == len(set(shapes.values())) == 4


def test_every_sign_has_words_for_a_screen_reader() -> None:
    text = render_report([take("one_knee_in")])
    signs = re.findall(r'<svg class="sign[^>]*>', text)
    assert signs
    assert all("aria-label=" in sign for sign in signs)


def test_no_exercise_says_why_and_what_was_not_counted() -> None:
    text = page("nothing_recognised").text
    assert "No exercise was recognised" in text
    assert "The person walks; no squat, lunge or bridge was seen" in text
    assert "Not counted: 1.0–1.5 s, shorter than 0.6 s." in text


def test_two_exercises_get_a_verdict_each() -> None:
    text = page("two_sets").text
    assert "Squat and Lateral lunge" in text
    assert "Set 2: lateral lunge" in text
    assert text.index("Right knee falls inward") < text.index("2 reps, left leg")
    assert "Lunge depth (left)" in text


def test_lunges_name_the_leg_of_every_rep() -> None:
    text = page("lunges").text
    assert "Left knee drifts inward" in text
    assert "In 3 of 4 reps" in text
    assert "Counted, not judged" in text
    assert "mixed up left and right 3 times" in text


def test_joined_takes_name_the_view_of_each_number() -> None:
    text = render_report([take("one_knee_in"), take("side_take", Video("side/annotated.mp4"))])
    shown = Page(text)
    assert shown.text.index("Front take") < shown.text.index("Side take")
    assert "(ok: up to 4 %) – front view" in shown.text
    assert "further forward than the shanks – side view" in shown.text
    assert "side/annotated.mp4" in shown.values("src")
    assert "The knees could not be judged" not in shown.text
    rows = re.findall(r"<tr class=\"(?:ok|watch|flag|information)\">.*?</tr>", text, re.S)
    assert rows
    assert all(re.search(r'class="badge">(Front|Side)<', row) for row in rows)
    left_heel = [row for row in rows if "Heel lift, left" in row]
    assert len(left_heel) == 1
    assert ">Side<" in left_heel[0]


def test_names_from_outside_are_escaped() -> None:
    evil = "<script>alert(1)</script>\"'&.mp4"
    result, frames = made.one_knee_in(evil)
    result = result.model_copy(update={"notes": ["</script><b>bold</b>"]})
    take_ = Take(result, frames, {}, Video('"><img src=x onerror=alert(1)>.mp4'))
    text = render_report([take_], date="<i>today</i>")
    shown = Page(text)
    assert "<script>alert" not in text
    assert "<b>bold" not in text
    assert "<img src=x" not in text
    assert evil.rsplit("/", maxsplit=1)[-1] in shown.text
    assert text.count("<script") == text.count("</script>") == 2


def test_column_names_cannot_end_the_script() -> None:
    result, frames = made.one_knee_in()
    columns = {"kfo_ratio_left": frames.columns["kfo_ratio_left"], "</script>_deg": frames.t_s}
    table = FrameTable(frames.t_s, frames.rep, frames.phase, columns)
    Page(render_report([Take(result, table)]))


def test_the_folder_of_the_clip_stays_private() -> None:
    for path in ("/home/anna/clinic/Müller squat.mp4", r"C:\Users\anna\Müller squat.mp4"):
        result, frames = made.one_knee_in(path)
        text = render_report([Take(result, frames)])
        assert "Müller squat.mp4" in text
        assert "anna" not in text


def test_video_and_numbers_share_a_clock() -> None:
    text = render_report([take("one_knee_in", Video("annotated.mp4", t0_s=0.2, stretch=4.0))])
    found = re.search(r'id="data">(.*?)</script>', text, re.S)
    assert found
    (data,) = json.loads(found.group(1))
    assert (data["t0"], data["stretch"]) == (0.2, 4.0)
    (numbers,) = data["sets"]
    for chart in numbers["charts"]:
        for line in chart["lines"]:
            assert len(line["v"]) == len(numbers["t"])
    kfo = numbers["charts"][0]["lines"][1]["v"]
    assert None in kfo
    assert max(v for v in kfo if v is not None) == pytest.approx(32, abs=1.5)
    assert {"1.525", "3.925"} <= set(Page(text).values("data-seek"))


def test_without_video_nothing_points_to_one() -> None:
    text = render_report([take("one_knee_in", None)])
    assert "<video" not in text
    assert "the video goes there" not in Page(text).text


def test_a_video_in_a_folder_with_spaces_is_linked() -> None:
    text = render_report([take("one_knee_in", Video("side take/José.mp4"))])
    assert "side%20take/Jos%C3%A9.mp4" in Page(text).values("src")


def test_the_same_takes_give_the_same_page() -> None:
    assert render_report([take("lunges")]) == render_report([take("lunges")])


def test_a_long_clip_stays_light() -> None:
    n = 60 * 60 * 10
    t_s = np.arange(n) / 60
    result, frames = made.one_knee_in()
    columns = {name: np.sin(t_s) for name in frames.columns}
    table = FrameTable(t_s, np.zeros(n, np.int64), ("",) * n, columns)
    row = result.sets[0].model_copy(update={"end_s": 590.0})
    text = render_report([Take(result.model_copy(update={"sets": [row]}), table)])
    assert len(text) < 600_000


def test_no_frames_at_all() -> None:
    result, _ = made.nothing_recognised()
    empty = FrameTable(np.empty(0), np.empty(0, np.int64), ())
    assert "no curves" in Page(render_report([Take(result, empty)])).text


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write_report([take("one_knee_in")], tmp_path / "report.html")
    assert path.read_text("utf-8") == render_report([take("one_knee_in")])
    with pytest.raises(OutputError):
        write_report([take("one_knee_in")], tmp_path / "missing" / "report.html")
