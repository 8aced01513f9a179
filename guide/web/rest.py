"""The REST interface: `/v1/ask`, `/v1/assess`, `/v1/articles`, `/v1/passages`, `/v1/helplines` and
`/v1/professionals`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from guide.answering.to_json import answer_to_json, passage_to_json, safety_to_json
from guide.errors import GuideError, NotNowError, QuestionError
from guide.index.catalogue import catalogue
from guide.records import AskRequest, Passage
from guide.request import assess_words, read_request, safety_of
from guide.safety.helplines import ANYWHERE, country_code, registry
from guide.safety.professionals import professional_routes, professionals
from guide.validation import WholeText, expected
from guide.web import schema
from guide.web.question_queue import BusyError, LimitError, QuestionQueue
from guide.web.request_limits import client_of
from guide.web.responses import Json, refusal
from guide.web.unfit_request import NO_JSON, sentence_of

_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_FAULTS: dict[int | str, dict[str, Any]] = {
    413: {"model": schema.ErrorModel, "description": "The request is too large."},
    422: {"model": schema.ErrorWithSafetyModel, "description": "The question can't be used."},
    429: {"model": schema.ErrorWithSafetyModel, "description": "This client has asked too often.", "headers": _RETRY},
    500: {"model": schema.ErrorWithSafetyModel, "description": "Guide itself failed."},
    503: {"model": schema.ErrorWithSafetyModel, "description": "Too many questions are waiting.", "headers": _RETRY},
}
_LISTED: dict[int | str, dict[str, Any]] = {
    404: {"model": schema.ErrorModel, "description": "There is no such article."},
    422: {"model": schema.ErrorModel, "description": "A number is out of bounds."},
}
_COUNTRY_QUERY = Query(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2; without it, every country's.")
_Offset = Annotated[
    int,
    Query(ge=0, le=10_000_000, description="How many to leave out first."),
    expected("a whole number from 0 to 10,000,000"),
]
_After = Annotated[
    WholeText,
    Query(max_length=200, description="The id of the last article of the page before; without it, the first page."),
    expected("an article's id of at most 200 characters"),
]
_ArticleId = Annotated[
    WholeText,
    Query(max_length=200, description="The id of the article whose passages are listed; without it, all of them."),
    expected("an article's id of at most 200 characters"),
]
_Limit = Annotated[
    int, Query(ge=1, le=1_000, description="How many to give at most."), expected("a whole number from 1 to 1,000")
]


def routes(queue: QuestionQueue) -> APIRouter:
    """The routes of the REST interface, which ask `queue`."""
    router = APIRouter(prefix="/v1")

    @router.post("/ask", response_model=schema.AnswerModel, responses=_FAULTS)
    async def ask(asked: schema.AskBody, request: Request) -> Response:
        """The answer to a question: quoted, cited passages, and the way to help where one is needed."""
        return Json(await _answer(queue, asked, request))

    @router.post("/assess", response_model=schema.SafetyModel, responses=_FAULTS)
    async def assess(asked: schema.AssessBody, request: Request) -> Response:
        """What the safety gate decides on a message, the same as in its answer: no article is searched."""
        read = _read(asked)
        with _safety_kept(read):
            await queue.admit_soon(client_of(request.scope))
            return Json(safety_to_json(await queue.assess_soon(read)))

    @router.get("/articles", response_model=schema.ArticlesModel, responses=_LISTED)
    def articles(after: _After = "", limit: _Limit = 100) -> Response:
        """The articles that answers come from; `count` says how many there are in all."""
        with queue.reading() as state:
            if after and not state.has([after]):
                return _no_article(after)
            rows = [asdict(article) for article in catalogue(state, after, limit + 1)]
            more = f"?{urlencode({'after': rows[limit - 1]['id'], 'limit': limit})}" if len(rows) > limit else ""
            return Json({"count": state.counts.articles, "articles": rows[:limit], "next": more})

    @router.get("/passages", response_model=schema.PassagesModel, responses=_LISTED)
    def passages(offset: _Offset = 0, limit: _Limit = 100, article: _ArticleId = "") -> Response:
        """What the articles were split into, in reading order; `count` says how many there are in all."""
        with queue.reading() as state:
            if article and not state.has([article]):
                return _no_article(article)
            of_article = state.passages_of(article) if article else ()
            found = of_article[offset : offset + limit] if article else state.some_passages(offset, limit)
            count = len(of_article) if article else state.counts.passages
            rows = [_listed(passage, state.texts) for passage in found]
            named = {"article": article} if article else {}
            following = {**named, "offset": offset + limit, "limit": limit}
            more = f"?{urlencode(following)}" if offset + limit < count else ""
            return Json({"count": count, "passages": rows, "next": more})

    @router.get("/helplines", response_model=schema.HelplinesModel, responses={422: {"model": schema.ErrorModel}})
    def helplines(country: Annotated[str | None, _COUNTRY_QUERY] = None) -> Response:
        """The help lines of a country, or all; those that help anywhere are always among them."""
        wanted = (country_code(country), ANYWHERE)
        lines = [line for line in registry().lines if country is None or line.country in wanted]
        rows = [{name: getattr(line, name) for name in schema.ListedHelplineModel.model_fields} for line in lines]
        return Json({"helplines": rows})

    @router.get(
        "/professionals", response_model=schema.ProfessionalsModel, responses={422: {"model": schema.ErrorModel}}
    )
    def find_professionals(country: Annotated[str | None, _COUNTRY_QUERY] = None) -> Response:
        """The ways to find a professional in a country, or all; the international directory where none is known."""
        known = professionals()
        routes = known.routes if country is None else professional_routes(country)
        return Json({"routes": [asdict(route) for route in routes], "first_call": known.first_call})

    return router


def gradio_compatible_routes(queue: QuestionQueue) -> APIRouter:
    """The chat's endpoint `/ask`, called in one step as Gradio would be, at a third of what its own way costs."""
    router = APIRouter(prefix="/gradio_api", include_in_schema=False)

    @router.post("/run/ask")
    @router.post("/api/ask")
    async def ask(called: schema.GradioCallBody, request: Request) -> Response:
        question, history, country = (*called.data, *((None,) * 3))[:3]
        try:
            asked = schema.AskBody.model_validate({"question": question, "history": history or [], "country": country})
        except ValidationError as error:
            raise RequestValidationError(
                error.errors(), body={"question": question, "history": history, "country": country}
            ) from None
        return Json({"data": [await _answer(queue, asked, request)], "is_generating": False})

    return router


async def _answer(queue: QuestionQueue, asked: schema.AskBody, request: Request) -> dict[str, Any]:
    read = _read(asked)
    with _safety_kept(read):
        await queue.admit_soon(client_of(request.scope))
        return answer_to_json(await queue.answer_soon(read))


def _read(asked: schema.AssessBody) -> AskRequest:
    history = [turn if isinstance(turn, str) else turn.model_dump() for turn in asked.history]
    articles = asked.articles if isinstance(asked, schema.AskBody) else ()
    return read_request(asked.question, history, asked.country, articles=articles, withdrawn=asked.withdrawn)


@contextmanager
def _safety_kept(read: AskRequest) -> Iterator[None]:
    """Whatever goes wrong within, the error says what the safety gate decides."""
    try:
        yield
    except GuideError as error:
        error.safety = safety_of(error, read.question, read.history, read.country)
        raise


def add_error_handlers(app: FastAPI) -> None:
    """Makes every error of `app` JSON with one sentence, and with the safety part wherever a question was read."""

    @app.exception_handler(GuideError)
    def fault(request: Request, error: GuideError) -> Response:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, NotNowError) else None
        return refusal(_status(error), str(error), error.safety, headers)

    @app.exception_handler(RequestValidationError)
    def unfit(request: Request, error: RequestValidationError) -> Response:
        body = error.body if isinstance(error.body, Mapping) else {}
        question, history, country = body.get("question"), body.get("history"), body.get("country")
        safety = None
        if isinstance(question, str):
            safety = assess_words(question, history, country)
        return refusal(422, sentence_of(error, body), safety)

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # bytes that aren't text
            return refusal(422, NO_JSON)
        sentence = {
            404: "There is nothing here; the chat is at / and the API under /v1/.",
            405: f"{request.method} isn't possible here; use {(error.headers or {}).get('Allow', 'another method')}.",
        }.get(error.status_code, "The request can't be read; see /v1/openapi.json.")
        return refusal(error.status_code, sentence, headers=error.headers)


def _no_article(article_id: str) -> Response:
    return refusal(404, f"The index has no article {article_id[:60]!r}; /v1/articles lists those it has.")


def _status(error: GuideError) -> int:
    if isinstance(error, LimitError):
        return 429
    if isinstance(error, BusyError):
        return 503
    return 422 if isinstance(error, QuestionError) else 500


def _listed(passage: Passage, texts: Mapping[str, str]) -> dict[str, Any]:
    text = texts[passage.article_id]
    points = [
        {"start": point.start, "end": point.end, "text": text[point.start : point.end], "kind": point.kind}
        for point in passage.points
    ]
    return {**passage_to_json(passage, text), "points": points}
