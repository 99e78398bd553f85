"""Two sessions of a client side by side."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from kneetrack.clinic.change import compared, protocol_of
from kneetrack.clinic_records.visits import Session
from kneetrack.records import UnknownRecordError
from kneetrack.web.pages import page
from kneetrack.web.session.asked import Id
from kneetrack.web.session.compareview import change_rows, choose_pair, pairs, setup_title
from kneetrack.web.session.reading import size_of
from kneetrack.web.session.sessionview import deepest
from kneetrack.web.visit import store_of

router = APIRouter()


@router.get("/clients/{client_id}/compare")
def compare_page(
    request: Request,
    client_id: Id,
    before: str = "",
    after: str = "",
    take: str = "",
    step: str = "",
    view: str = "",
) -> Response:
    """Pictures in step at the bottom of a repetition, and below them what changed."""
    store = store_of(request)
    client = store.client(client_id)
    every = store.sessions(client_id)
    old, new = _chosen(every, before, after)
    protocol = protocol_of(store, [new])
    found = pairs(protocol, store.trials(old.id), store.trials(new.id))
    asked, _, from_view = take.partition(".")
    pair = choose_pair(found, asked or step, from_view or view)
    changes, setup = compared(store, old, new, protocol)
    ours = [(c, t) for c, t in (("before", pair.before), ("after", pair.after))] if pair else []
    return page(
        request,
        "session/compare.html",
        client=client,
        sessions=every,
        before=old,
        after=new,
        pairs=found,
        pair=pair,
        sizes={name: size_of(store, trial.id) for name, trial in ours if trial is not None},
        deepest=deepest(pair.step.exercise) if pair else "bottom",
        rows=change_rows(changes, pair.step.key if pair else None, setup),
        others=[
            (step.title, change_rows(changes, step.key, setup))
            for step in protocol.steps
            if pair is not None and step.key != pair.step.key
        ],
        setup=setup,
        setup_title=setup_title(setup),
    )


def _chosen(every: Sequence[Session], before: str, after: str) -> tuple[Session, Session]:
    """The sessions asked for, the earlier one first; the last two where none was."""
    if len(every) < 2:
        raise UnknownRecordError("two sessions are needed to put side by side")
    by_id = {session.id: session for session in every}
    for asked in (before, after):
        if asked and asked not in by_id:
            raise UnknownRecordError("this client has no such session")
    new = by_id[after] if after else every[-1]
    if not after and before == new.id:
        new = every[-1]
    if before and before != new.id:
        old = by_id[before]
    else:
        at = every.index(new)
        old = every[at - 1] if at else every[1]
    return (old, new) if old.number < new.number else (new, old)
