"""The web app: puts the pages together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from kneetrack.records import (
    ConsentError,
    KneetrackError,
    OutputError,
    SettingsError,
    SourceError,
    StoreError,
    UnknownRecordError,
)
from kneetrack.web import routes
from kneetrack.web.config import KEEP_INCOMING, WebConfig
from kneetrack.web.guard import NotAllowedError, SignInNeededError, let_in, read_form, recognise
from kneetrack.web.jobs import Jobs
from kneetrack.web.pages import STATIC, is_htmx, make_templates, problem_page
from kneetrack.web.security import Doorkeeper, TooLargeError
from kneetrack.web.session import routers as session_routers
from kneetrack.web.sign_ins import SignIns
from kneetrack.web.visit import visit_of
from kneetrack.web.waiting import WaitingFiles
from kneetrack.web.words import for_pages

STATUS: dict[type[KneetrackError], int] = {
    UnknownRecordError: 404,
    NotAllowedError: 403,
    ConsentError: 409,
    SettingsError: 422,
    SourceError: 422,
    TooLargeError: 413,
    OutputError: 507,
    StoreError: 503,
}
_PLACE = re.compile(r" (?:/|[A-Za-z]:\\)[^:]*?(?=: | is | cannot | does | was )")
NOT_FOUND = "there is nothing at this address; it may have been deleted"


def make_app(config: WebConfig) -> FastAPI:
    """The app on a store that is open; whoever made the config closes the store."""
    app = FastAPI(
        title="kneetrack",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(read_form), Depends(let_in)],
        middleware=[Middleware(Doorkeeper, config=config)],
        lifespan=_lifespan,
    )
    app.add_exception_handler(KneetrackError, _known_problem)
    app.add_exception_handler(SignInNeededError, _to_sign_in)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.state.config = config
    app.state.templates = make_templates()
    app.state.sign_ins = SignIns(config)
    app.state.busy = set()
    app.state.waiting = WaitingFiles(config.now)
    app.state.jobs = Jobs(
        config.store, config.db, now=config.now, keep=KEEP_INCOMING, intake=config.intake
    )
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (*routes.routers(), *session_routers()):
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    jobs, wanted = app.state.jobs, app.state.config.analyse
    if wanted:
        jobs.start()
    yield
    if wanted:
        await run_in_threadpool(jobs.stop)


def _known_problem(request: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    reason = str(error)
    if isinstance(error, StoreError):
        reason = without_places(reason)
    return problem_page(request, status, for_pages(reason))


def without_places(reason: str) -> str:
    """What a store complains of, without the files and addresses that it names: these are the
    server's own affair."""
    if "postgresql" in reason:
        return "the store does not answer"
    return _PLACE.sub("", reason)


def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeededError)
    if is_htmx(request):
        return Response(status_code=200, headers={"HX-Redirect": "/sign-in?said=session-over"})
    return RedirectResponse(error.address, status_code=303)


def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if not visit_of(request).token:  # no page is there, so nothing has run before it
        with suppress(KneetrackError):
            recognise(request)
    reason = NOT_FOUND if error.status_code == 404 else str(error.detail)
    return problem_page(request, error.status_code, reason)


def _not_found(request: Request, error: Exception) -> Response:
    return problem_page(request, 404, NOT_FOUND)
