"""What an operator may set about the web server."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    TypeAdapter,
    ValidationError,
)

from guide.errors import GuideError
from guide.validation import expected, first_fault
from guide.web.allowed_paths import is_prefix
from guide.web.shared_counts import without_password

MAX_BODY_BYTES = 256 * 1024
"""A question of 8,000 characters with a dozen like it as its history, as JSON."""

_AT_ONCE = min(4, os.cpu_count() or 1)

_EMPTY_IS_SAID = ("GUIDE_PASSWORD", "GUIDE_TRUSTED_PROXIES", "GUIDE_FRAME_ANCESTORS")
"""Variables that say something, or are wrong, when they are empty; the others then count as unset."""


def _password(written: str) -> str:
    if not written.strip():
        raise GuideError("GUIDE_PASSWORD is set but empty; give it a password, or unset it to ask for none.")
    return written


def _store(written: str) -> str:
    if written:
        without_password(written)
    return written


def _address(written: str) -> str:
    if written != "*":
        ipaddress.ip_network(written)
    return written


def _parts(written: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in written.split(","))))


def _root_path(written: str) -> str:
    path = written.rstrip("/")
    if path and not is_prefix(path):
        raise ValueError
    return path


_ADDRESSES = "addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas, or * for any"
_Address = Annotated[str, AfterValidator(_address), expected(_ADDRESSES)]
_Count = Annotated[int, Field(ge=0, le=1_000_000), expected("a whole number from 0 to 1,000,000")]
_CountFrom1 = Annotated[int, Field(ge=1, le=1_000_000), expected("a whole number from 1 to 1,000,000")]
_Switch = Annotated[
    bool,
    Strict(),
    BeforeValidator(lambda written: {"1": True, "0": False}.get(written)),
    expected("1 (on) or 0 (off)"),
]
_SITE = r"(?:https://[A-Za-z0-9.*:-]+|http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?)"
"""A website, or one that is tried on one's own computer."""
_Sources = Annotated[
    str,
    Field(pattern=rf"^(?:'none'|'self'|{_SITE}(?: +{_SITE})*) *$"),
    AfterValidator(str.strip),
    expected("'none', 'self' or addresses such as https://example.org, separated by blanks"),
]

_RootPath = Annotated[
    str, AfterValidator(_root_path), expected("a path such as /guide, and none that begins like one of Guide's own")
]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the server treats those who ask. The defaults fit a computer of one's own."""

    password: Annotated[str, PlainValidator(_password)] = ""
    """Asked for on every page if there is one; the name that goes with it may be anything."""
    trusted_proxies: Annotated[tuple[_Address, ...], BeforeValidator(_parts)] = ()
    """Addresses or networks whose `X-Forwarded-…` headers are believed; `*` for any."""
    questions_per_minute: _Count = 60
    """How many questions one client may ask in a minute; 0 for as many as it likes."""
    rate_limit_store: Annotated[str, PlainValidator(_store)] = ""
    """The address of the Valkey or Redis in which several servers count together; empty: each counts for itself."""
    at_once: _CountFrom1 = _AT_ONCE
    """How many questions are worked on at the same time: more than there are cores would only slow each other."""
    in_hand: _CountFrom1 = 16
    """How many may be worked on or wait. Sixteen people at once are all answered; more would only wait longer."""
    metrics: _Switch = False
    """Whether `/metrics` is there."""
    log: _Switch = False
    """Whether a line is printed for each question: what came of it and how long it took, no word of it."""
    root_path: _RootPath = ""
    """The path under which a proxy shows the server, such as `/guide`; empty where it has an address to itself."""
    mcp: _Switch = False
    """Whether `/mcp` is there."""
    frame_ancestors: _Sources = "'none'"
    """Which pages may show the chat within theirs, as the Content-Security-Policy names them."""

    __pydantic_config__: ClassVar = ConfigDict(alias_generator=lambda name: f"GUIDE_{name.upper()}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "WebSettings":
        """The settings with what the environment says: each from the variable `GUIDE_` and its name.

        Raises:
            GuideError: a variable holds what it can't.
        """
        said = {name: value for name, value in environment.items() if value or name in _EMPTY_IS_SAID}
        if environment.get("SPACE_ID"):  # a hosted Space stands behind its host's proxy, in its page
            said = {"GUIDE_TRUSTED_PROXIES": "*", "GUIDE_FRAME_ANCESTORS": "https://huggingface.co"} | said
        try:
            return TypeAdapter(cls).validate_python(said)
        except ValidationError as error:
            raise GuideError(first_fault(error).sentence("it must be")) from None
