"""The guide as tools for assistants, over the Model Context Protocol (MCP).

What keeps a person safe comes first in each result.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from guide import __version__
from guide.answering.to_json import answer_to_json, safety_to_json
from guide.errors import GuideError, QuestionError
from guide.request import safety_of
from guide.safety.helplines import ANYWHERE, country_code, country_names, read_country, registry
from guide.safety.professionals import professional_routes, professionals

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from guide.guide import Guide

INSTRUCTIONS = """\
Guide answers questions about emotional distance with quoted, cited passages of trusted articles, and nothing else.
Show the text under "safety" → "message" with its help lines before anything else whenever it isn't empty, as it is.
Show that under "safety" → "offer_message", where there is one, as a quiet line below the answer, with one help line.
Quote passages word for word and name their article and section. If "reply" isn't empty, show it first, and "choices" as
what the person can say next; if there are no passages then, say nothing else. Otherwise, if "covered" is false, say
that the articles don't answer the question; don't fill the gap. Guide is software, not care."""


def mcp_server(guide: "Guide") -> "MCPServer[Any]":
    """The MCP server over `guide`, with the tools `ask`, `search_passages`, `help_lines` and `find_professional`.

    Raises:
        GuideError: the package `mcp` isn't installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
    except ImportError:
        raise GuideError("The MCP server needs the package mcp; run `pip install 'quoted-guide[mcp]'`.") from None

    server: MCPServer[Any] = MCPServer("guide", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    for tool in (_ask(guide), _search_passages(guide), help_lines, find_professional):
        server.tool(structured_output=True)(tool)
    return server


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


def _ask(guide: "Guide") -> Callable[..., dict[str, Any]]:
    def ask(
        question: str, history: list[str] | None = None, country: str | None = None, withdrawn: bool = False
    ) -> dict[str, Any]:
        """Answers a question on emotional distance with quoted passages. `history` holds the person's earlier messages,
        oldest first; `country` (ISO 3166-1 alpha-2) decides which help lines are shown; `withdrawn` says that the
        person has answered the help shown for this very question with “that isn't what I meant”.
        """
        return _answered(guide, question, history or (), country, withdrawn=withdrawn)

    return ask


def _search_passages(guide: "Guide") -> Callable[..., dict[str, Any]]:
    def search_passages(query: str, country: str | None = None) -> dict[str, Any]:
        """The passages nearest to a query, each with its exact words, article and section."""
        found = _answered(guide, query, (), country)
        return {key: found[key] for key in ("safety", "error", "covered", "passages", "reply") if key in found}

    return search_passages


def _answered(
    guide: "Guide", message: str, history: Sequence[str], country: str | None, *, withdrawn: bool = False
) -> dict[str, Any]:
    """The answer with its safety part first; if there is none, that part and one sentence that says why."""
    try:
        found = answer_to_json(guide.ask(message, history, country, withdrawn=withdrawn))
    except GuideError as error:
        return {"safety": safety_to_json(safety_of(error, message, history, country)), "error": str(error)}
    return {"safety": found.pop("safety"), **found}
