"""Checks of the help-line registry, for whoever edits it: nobody may be sent to a number that nobody saw.

Apart from `helplines`, which every help card needs: pydantic takes longer to import than all the safety gate does.
"""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import ValidationError

from guide.records import Purpose
from guide.safety.helplines import ANYWHERE, Registry, registry_of
from guide.safety.load_toml import SafetyDataError, load_table
from guide.safety.registry_fields import (
    CountryOrAnywhere,
    FilledText,
    LanguageCodes,
    OneNumber,
    PlainText,
    RegistryFile,
    SeenOn,
    SourcePage,
    WebAddress,
)
from guide.validation import Record, expected

_FILE = RegistryFile("helplines.toml", "helpline", "help line")


class _Line(Record):
    """A help line as the file must have it: every key, and what each says."""

    name: Annotated[FilledText, expected("the service's name")]
    country: CountryOrAnywhere
    purpose: Annotated[Purpose, expected(f"one of {', '.join(get_args(Purpose))}")]
    phone: OneNumber
    sms: OneNumber
    sms_text: PlainText
    url: WebAddress
    hours: Annotated[FilledText, expected("when somebody answers")]
    language: LanguageCodes
    source: SourcePage
    seen: SeenOn


class _Registry(Record):
    names: dict[str, str]
    helpline: list[_Line]


def check_registry() -> Registry:
    """The registry that Guide ships with, every entry checked.

    Raises:
        SafetyDataError: an entry can't be used.
    """
    return read_registry(load_table("helplines.toml", {"names", "helpline"}))


def read_registry(raw: Mapping[str, Any]) -> Registry:
    """The registry in a TOML document: its table `names` and its tables `helpline`.

    Raises:
        SafetyDataError: a key is missing or unknown, or a value isn't what its key says.
    """
    try:
        lines = _Registry.model_validate(raw).helpline
    except ValidationError as error:
        raise _FILE.refusal(error, raw) from None
    for line in lines:
        # Only the words “your local emergency number” have no way to reach it: it is another one in every country.
        reachable = line.phone or line.sms or line.url or (line.country, line.purpose) == (ANYWHERE, "emergency")
        if not reachable:
            raise _FILE.unfit(line.name, "phone", line.phone, "a number, or else an sms or a url")
        if line.sms_text and not line.sms:
            raise _FILE.unfit(line.name, "sms_text", line.sms_text, "nothing where there is no sms")
    registry = registry_of(raw)
    if odd := sorted((registry.names.keys() ^ {line.country for line in lines}) - {ANYWHERE}):
        raise SafetyDataError(
            f"helplines.toml has a name without a help line, or a help line without a name, for {', '.join(odd)}; "
            "each country needs both."
        )
    return registry
