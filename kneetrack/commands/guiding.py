"""How exercises are done, and the rules by which a camera judges them."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kneetrack.console import inform, show_exercises

Name = Annotated[str, typer.Argument(help="As `kneetrack exercises` names it, or part of it.")]


class _NamesToo(TyperGroup):
    """``exercises squat`` is ``exercises show squat``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["show", *args])


group = typer.Typer(cls=_NamesToo, invoke_without_command=True)


@group.callback()
def exercises(ctx: typer.Context) -> None:
    """List the exercises; show how one is done, or the rules it is judged by."""
    if ctx.invoked_subcommand is None:
        from kneetrack.commands.guide_page import show_list
        from kneetrack.guide import load_page, page_names

        show_list([load_page(name) for name in page_names()])


@group.command()
def show(
    name: Name,
    html: Annotated[
        Path | None, typer.Option(help="Write it as a page with its pictures, to read or print.")
    ] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open that page in the browser.")] = False,
) -> None:
    """Show how an exercise is done: steps, dose, common slips, and when to stop."""
    from kneetrack.commands.guide_page import show_page
    from kneetrack.guide import load_page

    page = load_page(name)
    if html is None and not browser:
        show_page(page)
        return
    written = _written(page.name, html)
    inform(f"{page.title}: {written}")
    if browser and not webbrowser.open(written.absolute().as_uri()):
        inform("No browser could be opened: open that file yourself.")


@group.command()
def rules(
    name: Annotated[str | None, typer.Argument(help="Only this exercise.")] = None,
) -> None:
    """List the rules of the camera with their bands and references."""
    from kneetrack.recorded import exercise_name

    show_exercises(exercise_name(_judged(name)) if name else None)


def _judged(name: str) -> str:
    """The name of an exercise that has rules. Raises SettingsError."""
    from kneetrack.exercises import all_exercises
    from kneetrack.guide import load_page, spelt
    from kneetrack.records import SettingsError

    page = load_page(name)
    if page.name not in all_exercises():
        raise SettingsError(
            f"{spelt(page.name)} is timed, no camera judges it: "
            f"kneetrack exercises show {spelt(page.name)}"
        )
    return page.name


def _written(name: str, path: Path | None) -> Path:
    """The page as a file; without a path in the data folder, where it may be overwritten."""
    from kneetrack.folders import data_folder
    from kneetrack.guide import spelt
    from kneetrack.records import OutputError
    from kneetrack.report.guide_section import render_guide
    from kneetrack.report.writing import make_folder, write_text

    where = path or data_folder() / "exercises" / f"{spelt(name)}.html"
    try:
        make_folder(where.parent)
        return write_text(where, render_guide(name))
    except OutputError as error:
        raise OutputError(str(error).replace("--out", "--html")) from error


def add_to(app: typer.Typer) -> None:
    """The commands."""
    app.add_typer(group, name="exercises")
