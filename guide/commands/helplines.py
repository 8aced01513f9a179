"""`guide helplines`."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from guide.errors import GuideError


def add(commands: Any) -> None:
    """Adds the command."""
    summary = "list the help lines of a country, or of all"
    lines = commands.add_parser("helplines", help=summary, description=summary)
    lines.add_argument("country", nargs="?", metavar="COUNTRY", help="a code such as US, or an English name")
    lines.add_argument("--professional", action="store_true", help="list the ways to find a professional instead")
    lines.add_argument("--json", action="store_true", help="print them as JSON")
    lines.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the lines, each with the page and the day on which its number was seen."""
    from guide.safety.check_helplines import check_registry
    from guide.safety.helplines import ANYWHERE

    if options.professional:
        return _print_professionals(options)
    known = check_registry()
    wanted = [_code(options.country), ANYWHERE] if options.country else [*known.names, ANYWHERE]
    lines = [line for code in wanted for line in known.lines if line.country == code]
    if options.json:
        print(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
        return 0
    for code in wanted:
        print(f"{known.names.get(code, 'Anywhere')} ({code})" if code != ANYWHERE else "Anywhere")
        for line in (line for line in lines if line.country == code):
            ways = [
                line.phone and f"call {line.phone}",
                line.sms and f"text {line.sms}" + (f" with {line.sms_text}" if line.sms_text else ""),
                line.url,
            ]
            print(
                f"  {line.purpose}: {line.name}: {', '.join(filter(None, ways))}"
                + (f" ({line.hours})" * bool(line.hours))
            )
            print(f"      seen on {line.seen} at {line.source}")
    return 0


def _print_professionals(options: argparse.Namespace) -> int:
    """Prints the ways to a professional, each with its page and day, and what to say on the first call."""
    from guide.safety.check_professionals import check_professionals
    from guide.safety.helplines import ANYWHERE, country_names
    from guide.safety.professionals import professional_routes

    known = check_professionals()
    everything = sorted(known.routes, key=lambda route: route.country == ANYWHERE)
    routes = professional_routes(_code(options.country)) if options.country else everything
    if options.json:
        found = {"routes": [asdict(route) for route in routes], "first_call": known.first_call}
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    heading = ""
    for route in routes:
        where = "Anywhere" if route.country == ANYWHERE else f"{country_names()[route.country]} ({route.country})"
        if where != heading:
            print(heading := where)
        ways = filter(None, (route.phone and f"call {route.phone}", route.url))
        print(f"  {route.kind}: {route.name}: {', '.join(ways)}")
        for said in (f"for: {route.for_whom}", f"cost: {route.cost}", f"how: {route.ask}"):
            print(f"      {said}")
        print(f"      seen on {route.seen} at {route.source}")
    print("On the first call:")
    for sentence in known.first_call:
        print(f"  {sentence}")
    return 0


def _code(country: str) -> str:
    """The code of the country that somebody means.

    Raises:
        GuideError: it is neither a code nor a country's name, or no help line is known for it.
    """
    from guide.safety.helplines import country_names, read_country

    names = country_names()
    named = (code for code, name in names.items() if name.casefold() == country.strip().casefold())
    code = next(named, None) or read_country(country) or ""
    if code not in names:
        there = ", ".join(f"{code} {name}" for code, name in names.items())
        raise GuideError(
            f"No help line is known for {country!r}; the countries are {there}. "
            "findahelpline.com lists lines in most others."
        )
    return code
