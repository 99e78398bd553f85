"""Commands of the reviewer's hand: kneetrack correct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.console import inform
from kneetrack.records import SettingsError, SideName, Status

if TYPE_CHECKING:
    from kneetrack.clinic_records.visits import Correction
    from kneetrack.store import Store

Client = Annotated[str, typer.Argument(help="The client's code.", metavar="CLIENT")]
Number = Annotated[
    str, typer.Argument(help="Number or day of the session: 2, 2026-05-03.", metavar="SESSION")
]
Take = Annotated[str, typer.Argument(help="STEP:VIEW, such as squat:front.", metavar="TAKE")]
Reason = Annotated[str, typer.Option(help="Why; it stands wherever the correction is shown.")]
Rep = Annotated[int, typer.Option(help="Number of the repetition, as `correct list` shows it.")]
Seconds = Annotated[float | None, typer.Option(help="Second of the clip.")]


def correct_landmark(
    client: Client,
    session: Number,
    take: Take,
    at: Annotated[float, typer.Option(help="Second of the clip.")],
    landmark: Annotated[str, typer.Option(help="Name or number: left_knee, 25.")],
    to: Annotated[str, typer.Option(help="Where it is: X,Y in pixels of the upright picture.")],
    reason: Reason,
    until: Annotated[
        float | None, typer.Option(help=r"Moved as far until this second \[this moment].")
    ] = None,
    db: DbOption = None,
) -> None:
    """Put a landmark where it belongs, at one moment or over a span."""
    from kneetrack.clinic import correcting

    point = _point(to)
    with opened_store(db) as store:
        made = correcting.move_landmark(
            store,
            _trial(store, client, session, take),
            at_s=at,
            landmark=landmark,
            to_px=point,
            until_s=until,
            reason=reason,
        )
        _say(store, made)


def correct_bounds(
    client: Client,
    session: Number,
    take: Take,
    rep: Rep,
    reason: Reason,
    start: Seconds = None,
    bottom: Seconds = None,
    end: Seconds = None,
    db: DbOption = None,
) -> None:
    """Say when a repetition begins, is deepest and ends; what is left out stays."""
    from kneetrack.clinic import correcting

    with opened_store(db) as store:
        trial_id = _trial(store, client, session, take)
        made = correcting.move_bounds(
            store, trial_id, rep, start_s=start, bottom_s=bottom, end_s=end, reason=reason
        )
        _say(store, made)


def correct_strike(
    client: Client, session: Number, take: Take, rep: Rep, reason: Reason, db: DbOption = None
) -> None:
    """Strike out a repetition that is none."""
    from kneetrack.clinic import correcting

    with opened_store(db) as store:
        made = correcting.strike_rep(
            store, _trial(store, client, session, take), rep, reason=reason
        )
        _say(store, made)


def correct_add(
    client: Client,
    session: Number,
    take: Take,
    start: Annotated[float, typer.Option(help="Second of the clip.")],
    bottom: Annotated[float, typer.Option(help="Second of the clip.")],
    end: Annotated[float, typer.Option(help="Second of the clip.")],
    reason: Reason,
    side: Annotated[str, typer.Option(help=r"The leg that works \[as it looks].")] = "",
    db: DbOption = None,
) -> None:
    """Add a repetition that was missed."""
    from kneetrack.clinic import correcting

    with opened_store(db) as store:
        made = correcting.add_rep(
            store,
            _trial(store, client, session, take),
            start_s=start,
            bottom_s=bottom,
            end_s=end,
            side=side_name(side) if side else None,
            reason=reason,
        )
        _say(store, made)


def correct_verdict(
    client: Client,
    session: Number,
    take: Take,
    rep: Rep,
    rule: Annotated[str, typer.Option(help="As `kneetrack exercises rules` says: knee_valgus.")],
    status: Annotated[str, typer.Option(help="ok, watch, flag or cannot_tell.")],
    reason: Reason,
    side: Annotated[str, typer.Option(help="left, right or both.")] = "both",
    db: DbOption = None,
) -> None:
    """Put your own verdict in the place of a rule's."""
    from kneetrack.clinic import correcting

    wanted = status.strip().lower().replace("-", "_").replace(" ", "_")
    told: Status | None = next((s for s in get_args(Status) if s == wanted), None)
    if told is None:
        raise SettingsError(f"unknown verdict {status!r}: use {', '.join(get_args(Status))}")
    with opened_store(db) as store:
        trial_id = _trial(store, client, session, take)
        made = correcting.overrule(store, trial_id, rep, rule, side_name(side), told, reason=reason)
        _say(store, made)


def correct_list(
    client: Client,
    session: Number,
    take: Take,
    withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="Those that hold no more, too.")
    ] = False,
    at: Annotated[
        float | None,
        typer.Option(help="Where the landmarks are at this second of the clip, in pixels."),
    ] = None,
    json: JsonOption = False,
    db: DbOption = None,
) -> None:
    """Repetitions as they now stand, and every correction with its id."""
    from dataclasses import asdict
    from json import dumps

    from kneetrack.clinic import correcting
    from kneetrack.clinic.correction_words import SHORT_ID, line

    with opened_store(db) as store:
        trial_id = _trial(store, client, session, take)
        if not correcting.is_settled(store, trial_id):
            correcting.settle(store, trial_id)
        if at is not None:
            _show_landmarks(store, trial_id, at, json)
            return
        found = store.corrections(trial_id, withdrawn=withdrawn)
        if json:
            typer.echo(dumps([asdict(c) for c in found], default=str, indent=1))
            return
        for rep in store.rep_lines(trial_id):
            side = "" if rep.side == "both" else f", {rep.side}"
            mark = "  corrected" if rep.corrected else ""
            times = f"{rep.start_s:6.2f}  bottom {rep.bottom_s:6.2f}  end {rep.end_s:6.2f} s"
            typer.echo(f"rep {rep.index}{side}:  start {times}{mark}")
        for correction in found:
            off = " (withdrawn)" if correction.withdrawn_at else ""
            typer.echo(f"{correction.id[:SHORT_ID]}  {line(correction)}{off}")
    if not found:
        inform("No corrections.")


def correct_withdraw(
    correction: Annotated[
        str, typer.Argument(help="Its id, as `correct list` shows it; six digits or more.")
    ],
    db: DbOption = None,
) -> None:
    """Take a correction back; it stays on record."""
    from kneetrack.clinic import correcting
    from kneetrack.clinic.correction_words import in_words

    with opened_store(db) as store:
        gone = correcting.withdraw(store, store.correction_named(correction).id)
    typer.echo(f"withdrawn: {in_words(gone)}")


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        help="Correct a landmark, a repetition or a verdict; the original stays.",
        no_args_is_help=True,
    )
    for name, command in (
        ("landmark", correct_landmark),
        ("bounds", correct_bounds),
        ("strike", correct_strike),
        ("add", correct_add),
        ("verdict", correct_verdict),
        ("list", correct_list),
        ("withdraw", correct_withdraw),
    ):
        group.command(name)(command)
    app.add_typer(group, name="correct")


def _trial(store: Store, client: str, session: str, take: str) -> str:
    from kneetrack.clinic.naming import find_trial

    return find_trial(store, client, session, take).id


def _say(store: Store, made: Correction) -> None:
    """What was changed, by what id, and how many numbers it and the others touch."""
    from kneetrack.clinic.correction_words import SHORT_ID, in_words

    readings = store.readings(trial_ids=[made.trial_id])
    touched = sum(reading.corrected for reading in readings)
    typer.echo(f"{in_words(made)}: {made.reason}")
    inform(f"{touched} of {len(readings)} numbers of the take are marked as corrected.")
    inform(f"To take it back: kneetrack correct withdraw {made.id[:SHORT_ID]}")


def _show_landmarks(store: Store, trial_id: str, at_s: float, json: bool) -> None:
    """Every landmark in pixels of the upright picture, as drawn, in the frame nearest to at_s."""
    from json import dumps

    from kneetrack.clinic.pointing import landmarks_at

    found = landmarks_at(store, trial_id, at_s)
    if json:
        told = {"t_s": found.t_s, "size_px": found.size_px, "landmarks": dict(found.xy_px)}
        typer.echo(dumps(told, indent=1))
        return
    width, height = found.size_px
    typer.echo(f"at {found.t_s:.2f} s, in the upright picture of {width} by {height} pixels")
    for name, point in found.xy_px.items():
        where = "not seen" if point is None else f"{point[0]:.0f},{point[1]:.0f}"
        typer.echo(f"{name:<18}{where}")


def _point(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise SettingsError(f"cannot read {text!r}: write X,Y such as 410,560") from None
    return x, y


def side_name(text: str) -> SideName:
    """A side by name. Raises SettingsError."""
    found: SideName | None = next((s for s in get_args(SideName) if s == text.strip()), None)
    if found is None:
        raise SettingsError(f"unknown side {text!r}: use left, right or both")
    return found
