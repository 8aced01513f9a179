"""The guide as tools for assistants, over the Model Context Protocol (MCP).

What keeps a person safe comes first in each result.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from guide import __version__
from guide.answering.to_json import answer_to_json, passage_to_json, safety_to_json
from guide.errors import GuideError, QuestionError
from guide.index.state import State
from guide.records import Answer, Article, AskRequest
from guide.request import read_request, safety_of
from guide.safety.helplines import ANYWHERE, country_code, country_names, read_country, registry
from guide.safety.professionals import professional_routes, professionals

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context, MCPServer

INSTRUCTIONS = """\
Guide answers questions with quoted, cited passages of trusted articles, and nothing else. It reads {titles}.
Show the text under "safety" → "message" with its help lines before anything else whenever it isn't empty, as it is.
Show that under "safety" → "offer_message", where there is one, as a quiet line below the answer, with one help line.
Quote passages word for word and name their article and section. If "reply" isn't empty, show it first, and "choices" as
what the person can say next; if there are no passages then, say nothing else. Otherwise, if "covered" is false, say
that the articles don't answer the question; don't fill the gap. The resources show where cited words stand; what a
person writes goes to the tool `ask`, which decides first what may be shown: at the levels "crisis", "emergency" and
"abuse" show nothing of a resource. Guide is software, not care."""

LISTED_ARTICLES = 100
"""How many articles are listed at once; the list says where the next are."""

MOST_TITLES = 5
"""How many articles the instructions name; of the others they say how many there are."""


class McpSource(Protocol):
    """What the server asks: a `Guide`, or a queue before one."""

    def reading(self) -> AbstractContextManager[State]:
        """The one state that its corpus is in now."""

    def answer(self, request: AskRequest) -> Answer:
        """The answer to `request`; see `guide.guide.Guide.answer`."""


Admit = Callable[[str], Awaitable[None]]
"""Asked before each question whether the client at an address may ask one; the address is empty where there is none."""

AnswerSoon = Callable[[AskRequest], Awaitable[Answer]]
"""Answers a request, while others go on."""


async def _anybody(client: str) -> None:
    """Lets anybody ask."""


def mcp_server(guide: McpSource, admit: Admit = _anybody, answer: AnswerSoon | None = None) -> "MCPServer[Any]":
    """The MCP server over `guide`: the tools `ask`, `search_passages`, `help_lines` and `find_professional`, and the
    articles and their passages as resources. Without `answer`, `guide` answers in a thread.

    Raises:
        GuideError: the package `mcp` isn't installed.
    """
    try:
        from mcp.server.mcpserver import Context, MCPServer
    except ImportError:
        raise GuideError("The MCP server needs the package mcp; run `pip install 'quoted-guide[mcp]'`.") from None

    async def answered_in_thread(request: AskRequest) -> Answer:
        return await asyncio.to_thread(guide.answer, request)

    with guide.reading() as state:
        titles = titles_in_words(list(state.titles.values()))
    door = _Door(admit, answer or answered_in_thread)
    instructions = INSTRUCTIONS.format(titles=titles)
    server: MCPServer[Any] = MCPServer("guide", version=__version__, instructions=instructions, log_level="ERROR")
    for tool in (_ask(door, Context), _search_passages(door, Context), help_lines, find_professional):
        server.tool(structured_output=True)(tool)
    _add_resources(server, guide)
    return server


def titles_in_words(titles: Sequence[str]) -> str:
    """The first titles, and how many more there are.

    >>> titles_in_words(["Tea", "Pots"]), titles_in_words([str(number) for number in range(7)])
    ('“Tea”, “Pots”', '“0”, “1”, “2”, “3”, “4” and 2 more articles')
    """
    named = ", ".join(f"“{title}”" for title in titles[:MOST_TITLES])
    more = len(titles) - MOST_TITLES
    return named if more < 1 else f"{named} and {'one more article' if more == 1 else f'{more} more articles'}"


def _add_resources(server: "MCPServer[Any]", guide: McpSource) -> None:
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError

    @server.resource("guide://articles", mime_type="application/json")
    def articles() -> str:
        """The first articles that answers come from, each with the address of its text, and the address of the next."""
        return listed("")

    @server.resource("guide://articles{?after}", mime_type="application/json")
    def articles_after(after: str = "") -> str:
        """The articles after the one of an id, in the same form."""
        return listed(after)

    def listed(after: str) -> str:
        with guide.reading() as state:
            if after and not state.has([after]):
                raise ResourceNotFoundError(f"There is no article {after!r}; guide://articles lists them.")
            found = [article for article, _ in state.entries(after, LISTED_ARTICLES + 1)]
        shown = found[:LISTED_ARTICLES]
        more = f"guide://articles?after={quote(shown[-1].id, safe='')}" if len(found) > len(shown) else ""
        return _json({"articles": [_article(article) for article in shown], "next": more})

    @server.resource("guide://articles/{id}", mime_type="text/plain")
    def article(id: str) -> str:
        """The whole text of an article, in which the offsets of passages count."""
        return text_of(id)

    def text_of(id: str) -> str:
        with guide.reading() as state:
            if state.has([id]):
                return state.article(id).text
        raise ResourceNotFoundError(f"There is no article {id!r}; guide://articles lists them.")

    @server.resource("guide://passages/{id}", mime_type="application/json")
    def passage(id: str) -> str:
        """A passage by the id that an answer names: its exact words, and where they stand."""
        with guide.reading() as state:
            if found := state.passage(id):
                return _json(passage_to_json(found, state.texts[found.article_id]))
        raise ResourceNotFoundError(f"There is no passage {id!r}; answers name the ids of theirs.")


def _article(article: Article) -> dict[str, Any]:
    about = {key: getattr(article, key) for key in ("id", "title", "author", "source", "language", "licence")}
    return {"uri": f"guide://articles/{quote(article.id, safe='')}", **about}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def help_lines(country: str) -> dict[str, Any]:
    """Help lines of a country (ISO 3166-1 alpha-2, such as US), and those for anywhere if none are known for it."""
    code, refused = _read(country)
    lines = [line for line in registry().lines if line.country == (code or ANYWHERE)]
    return {"country": country_names().get(code, ""), "helplines": [asdict(line) for line in lines], **refused}


def find_professional(country: str) -> dict[str, Any]:
    """Ways to find a psychologist, counsellor, couples' or family therapist in a country (ISO 3166-1 alpha-2), with
    cost and how to ask, and what to say on the first call; an international directory if none are known for it.
    """
    code, refused = _read(country)
    routes = [asdict(route) for route in professional_routes(code)]
    first_call = list(professionals().first_call)
    return {"country": country_names().get(code, ""), "routes": routes, "first_call": first_call, **refused}


def _read(country: str) -> tuple[str, dict[str, str]]:
    """The code of the country, empty if it isn't known, and under `error` what is wrong with what was written."""
    try:
        return country_code(read_country(country)), {}
    except QuestionError as error:
        return "", {"error": str(error)}


@dataclass(frozen=True, slots=True)
class _Door:
    """The way in for a question."""

    admit: Admit
    answer: AnswerSoon


def _ask(door: _Door, context: type) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def ask(
        question: str,
        caller: "Context[Any, Any]",
        history: list[str] | None = None,
        country: str | None = None,
        withdrawn: bool = False,
    ) -> dict[str, Any]:
        """Answers a question with quoted passages of the articles. `history` holds the person's earlier messages,
        oldest first; `country` (ISO 3166-1 alpha-2) decides which help lines are shown; `withdrawn` says that the
        person has answered the help shown for this very question with “that isn't what I meant”.
        """
        return await _answered(door, caller, question, history or (), country, withdrawn=withdrawn)

    ask.__annotations__["caller"] = context
    return ask


def _search_passages(door: _Door, context: type) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def search_passages(query: str, caller: "Context[Any, Any]", country: str | None = None) -> dict[str, Any]:
        """The passages nearest to a query, each with its exact words, article and section."""
        found = await _answered(door, caller, query, (), country)
        return {key: found[key] for key in ("safety", "error", "covered", "passages", "reply") if key in found}

    search_passages.__annotations__["caller"] = context
    return search_passages


async def _answered(
    door: _Door,
    caller: "Context[Any, Any]",
    message: str,
    history: Sequence[str],
    country: str | None,
    *,
    withdrawn: bool = False,
) -> dict[str, Any]:
    """The answer with its safety part first; if there is none, that part and one sentence that says why."""
    try:
        await door.admit(_address(caller))
        found = answer_to_json(await door.answer(read_request(message, history, country, withdrawn=withdrawn)))
    except GuideError as error:
        return {"safety": safety_to_json(safety_of(error, message, history, country)), "error": str(error)}
    return {"safety": found.pop("safety"), **found}


def _address(caller: "Context[Any, Any]") -> str:
    """Where a call came from; empty over standard input, and where a tool is called by a program of this process."""
    try:
        client = getattr(caller.request_context.request, "client", None)
    except ValueError:
        return ""
    return str(client.host) if client else ""
