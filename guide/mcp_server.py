"""The guide as tools for assistants, over the Model Context Protocol (MCP).

What keeps a person safe comes first in each result.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from guide import __version__
from guide.answering.to_json import answer_to_json, passage_to_json, safety_to_json
from guide.errors import GuideError, QuestionError
from guide.records import Answer, Article, AskRequest, Passage
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

MOST_TITLES = 5
"""How many articles the instructions name; of the others they say how many there are."""


class McpSource(Protocol):
    """What the server asks: a `Guide`, or a queue before one."""

    @property
    def articles(self) -> Sequence[Article]:
        """The articles that answers come from."""

    @property
    def passages(self) -> Sequence[Passage]:
        """All their passages, in reading order."""

    def answer(self, request: AskRequest) -> Answer:
        """The answer to `request`; see `guide.guide.Guide.answer`."""


def mcp_server(guide: McpSource, admit: Callable[[str], None] = lambda client: None) -> "MCPServer[Any]":
    """The MCP server over `guide`: the tools `ask`, `search_passages`, `help_lines` and `find_professional`, and the
    articles and their passages as resources. `admit` is asked before each question whether the client at an address may
    ask one; the address is empty where there is none.

    Raises:
        GuideError: the package `mcp` isn't installed.
    """
    try:
        from mcp.server.mcpserver import Context, MCPServer
    except ImportError:
        raise GuideError("The MCP server needs the package mcp; run `pip install 'quoted-guide[mcp]'`.") from None

    titles = titles_in_words([article.title for article in guide.articles])
    instructions = INSTRUCTIONS.format(titles=titles)
    server: MCPServer[Any] = MCPServer("guide", version=__version__, instructions=instructions, log_level="ERROR")
    for tool in (_ask(guide, admit, Context), _search_passages(guide, admit, Context), help_lines, find_professional):
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
        """The articles that answers come from, each with the address of its text."""
        return _json([_article(article) for article in guide.articles])

    @server.resource("guide://articles/{id}", mime_type="text/plain")
    def article(id: str) -> str:
        """The whole text of an article, in which the offsets of passages count."""
        return text_of(id)

    def text_of(id: str) -> str:
        for one in guide.articles:
            if one.id == id:
                return one.text
        raise ResourceNotFoundError(f"There is no article {id!r}; guide://articles lists them.")

    @server.resource("guide://passages/{id}", mime_type="application/json")
    def passage(id: str) -> str:
        """A passage by the id that an answer names: its exact words, and where they stand."""
        for one in guide.passages:
            if one.id == id:
                return _json(passage_to_json(one, text_of(one.article_id)))
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


def _ask(guide: McpSource, admit: Callable[[str], None], context: type) -> Callable[..., dict[str, Any]]:
    def ask(
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
        return _answered(guide, admit, caller, question, history or (), country, withdrawn=withdrawn)

    ask.__annotations__["caller"] = context
    return ask


def _search_passages(guide: McpSource, admit: Callable[[str], None], context: type) -> Callable[..., dict[str, Any]]:
    def search_passages(query: str, caller: "Context[Any, Any]", country: str | None = None) -> dict[str, Any]:
        """The passages nearest to a query, each with its exact words, article and section."""
        found = _answered(guide, admit, caller, query, (), country)
        return {key: found[key] for key in ("safety", "error", "covered", "passages", "reply") if key in found}

    search_passages.__annotations__["caller"] = context
    return search_passages


def _answered(
    guide: McpSource,
    admit: Callable[[str], None],
    caller: "Context[Any, Any]",
    message: str,
    history: Sequence[str],
    country: str | None,
    *,
    withdrawn: bool = False,
) -> dict[str, Any]:
    """The answer with its safety part first; if there is none, that part and one sentence that says why."""
    try:
        admit(_address(caller))
        found = answer_to_json(guide.answer(read_request(message, history, country, withdrawn=withdrawn)))
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
