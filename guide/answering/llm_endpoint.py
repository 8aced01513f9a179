"""Asks a language model that the operator runs or names, over the protocol that OpenAI's servers speak."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from guide.config import Endpoint
from guide.errors import GuideError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SECONDS = 20.0
"""How long the model may take in all; nobody should wait longer for what is only a courtesy."""

_HEADERS = frozenset(("accept", "accept-encoding", "connection", "content-length", "content-type", "host"))
"""What is sent besides the question, the passages and the key. The library would add its version, the system's and
Python's, and what it finds in `OPENAI_…` variables, which were set for another server.
"""


def check_endpoint(endpoint: Endpoint) -> None:
    """Does nothing if `endpoint` can be asked; whether anything answers there isn't tried.

    Raises:
        GuideError: the package openai isn't installed, or the address is none.
    """
    try:
        import openai  # noqa: F401
    except ImportError:
        raise GuideError(
            "A language model is named (GUIDE_LLM_URL), and the package openai, which asks it, isn't installed; "
            "run `pip install 'quoted-guide[phrasing]'`, or name no model."
        ) from None
    try:
        _address(endpoint)
    except ValueError:
        raise GuideError(
            f"The language model's address (GUIDE_LLM_URL) is {endpoint.url!r}; it must be one such as "
            "http://127.0.0.1:11434/v1."
        ) from None


def complete(endpoint: Endpoint, prompt: str, seconds: float | None = None) -> str:
    """What the model answers to `prompt`; an empty text if it fails or takes longer than `seconds`, or `SECONDS`."""
    from openai import OpenAIError

    try:
        # A thread of its own: where this is called, an event loop may be running already.
        with ThreadPoolExecutor(max_workers=1) as thread:
            text = thread.submit(asyncio.run, _completed(endpoint, prompt, seconds or SECONDS)).result()
    except (OpenAIError, TimeoutError, ValueError, AttributeError, LookupError, TypeError):
        return ""
    return text if isinstance(text, str) else ""


async def _completed(endpoint: Endpoint, prompt: str, seconds: float) -> object:
    # The library's own time-out is one for each read: a server that sends a byte now and then would never meet it.
    async with asyncio.timeout(seconds), _client(endpoint, seconds) as client:
        reply = await client.chat.completions.create(
            model=endpoint.model, messages=[{"role": "user", "content": prompt}], temperature=0
        )
        return reply.choices[0].message.content


def _client(endpoint: Endpoint, seconds: float) -> "AsyncOpenAI":
    """Sends a question once, to this address and no other, with nothing else."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    async def reduce_headers(request: Any) -> None:
        for name in set(request.headers) - _HEADERS:
            del request.headers[name]
        if endpoint.key:
            request.headers["authorization"] = f"Bearer {endpoint.key}"

    return AsyncOpenAI(
        base_url=_address(endpoint),
        api_key=endpoint.key or "none",
        timeout=seconds,
        max_retries=0,
        http_client=DefaultAsyncHttpxClient(follow_redirects=False, event_hooks={"request": [reduce_headers]}),
    )


def _address(endpoint: Endpoint) -> str:
    """The address as it will be asked.

    Raises:
        ValueError: it is none.
    """
    # Imported here: a help card and an answer without a model wait for no such library.
    from pydantic import HttpUrl, TypeAdapter

    return str(TypeAdapter(HttpUrl).validate_python(endpoint.url))
