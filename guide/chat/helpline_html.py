"""Help lines and the ways to find a professional as HTML, and the panel with all of them that is always in reach."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from guide.chat.passage_html import EMPTY
from guide.chat.texts import Texts
from guide.records import Helpline, ProfessionalRoute
from guide.safety.helplines import ANYWHERE, country_names, sms_href, tel_href
from guide.safety.professionals import first_call, professional_routes
from guide.safety.wording import left_to_right, lines_in

_NAMED_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}(?![0-9])")
PURPOSES = ("emergency", "crisis", "abuse", "poison", "bereaved", "directory")


def helpline_list(lines: Iterable[Helpline], texts: Texts) -> Markup:
    """Help lines, each with a way to call, to text and to chat, their hours in the language of `texts`; nothing if
    there are none.
    """
    items = EMPTY.join(_helpline(line, texts) for line in lines_in(texts.language, lines))
    return Markup('<ul class="lines">{}</ul>').format(items) if items else EMPTY


def professional_details(country: str, texts: Texts) -> Markup:
    """The folded ways to find a professional in `country`, as the registry has them in English, with what to say on the
    first call.
    """
    name = country_names().get(country)
    title = Markup.escape(texts["professional_in" if name else "professional_anywhere"])
    # The browser knows the country's name in every language; without it the English one stands.
    named = Markup('<span data-region="{}">{}</span>').format(country, name)
    return Markup(
        '<details class="professionals"><summary><span>{title}</span></summary>'
        '<div><ul class="lines">{routes}</ul></div>'
        "<p>{first_call}</p><ul>{sentences}</ul></details>"
    ).format(
        title=title.format(country=named),
        routes=EMPTY.join(_route(route, texts) for route in professional_routes(country)),
        first_call=texts["professional_first_call"],
        sentences=first_call_items(texts),
    )


def first_call_items(texts: Texts) -> Markup:
    """The sentences for the first call as items of a list."""
    return EMPTY.join(Markup("<li>{}</li>").format(sentence) for sentence in first_call(texts.strings))


def help_panel(
    lines: Sequence[Helpline], countries: Mapping[str, str], chosen: str, texts: Texts, *, back: str = "#welcome"
) -> Markup:
    """The panel behind “Need help now?”: every country's lines, of which one country's are shown.

    All are in the page from the start, so that choosing a country needs no connection.
    """
    options = EMPTY.join(
        Markup('<option value="{}"{}>{}</option>').format(code, Markup(" selected") if code == chosen else EMPTY, name)
        for code, name in [*countries.items(), ("", texts["anywhere"])]
    )
    parts = EMPTY.join(_country(code, lines, chosen, texts) for code in [*countries, ""])
    return Markup(
        '<section id="help" class="help-panel" tabindex="-1" aria-labelledby="help-title">'
        '<div class="panel-head"><h2 id="help-title">{title}</h2>'
        '<a class="button back" href="{back}">{close}</a></div>'
        '<p>{intro}</p><label class="country">{country} <select id="country">{options}</select></label>'
        '{parts}<p class="small">{listed}</p></section>'
    ).format(
        title=texts["help_title"],
        back=back,
        close=texts["close"],
        intro=texts["help_intro"],
        country=texts["country"],
        options=options,
        parts=parts,
        listed=texts["listed"].format(date=max((line.seen for line in lines), default="")),
    )


def web_link(url: str) -> str:
    """`url` if it is an https address, otherwise nothing: no other kind is ever made clickable.

    >>> web_link("https://findahelpline.com"), web_link("javascript:alert(1)")
    ('https://findahelpline.com', '')
    """
    return url if urlsplit(url).scheme == "https" and urlsplit(url).netloc else ""


def _country(code: str, lines: Sequence[Helpline], chosen: str, texts: Texts) -> Markup:
    parts = []
    for purpose in PURPOSES:
        fitting = [line for line in lines if line.purpose == purpose]
        own = [line for line in fitting if line.country == code]
        if listed := own or [line for line in fitting if line.country == ANYWHERE]:
            parts.append(Markup("<h3>{}</h3>{}").format(texts[f"purpose_{purpose}"], helpline_list(listed, texts)))
    parts.append(professional_details(code, texts))
    hidden = EMPTY if code == chosen else Markup(" hidden")
    return Markup('<div class="country-lines" data-country="{}"{}>{}</div>').format(code, hidden, EMPTY.join(parts))


def _helpline(line: Helpline, texts: Texts) -> Markup:
    ways = []
    if line.phone:
        label = texts["call"].format(phone=left_to_right(line.phone, texts.language))
        ways.append(_way(_address(tel_href, line.phone), label, line.name, main=True))
    elif line.purpose == "emergency" and line.country == ANYWHERE:
        # Where the country isn't known the line only names numbers; on a phone they too can be pressed.
        ways += [
            _way(_address(tel_href, number), texts["call"].format(phone=number), line.name, main=True)
            for number in _NAMED_NUMBER.findall(line.name)
        ]
    if line.sms:
        label = texts["text_word" if line.sms_text else "text_to"].format(
            word=line.sms_text, sms=left_to_right(line.sms, texts.language)
        )
        ways.append(_way(_address(sms_href, line.sms, line.sms_text), label, line.name))
    if web := web_link(line.url):
        ways.append(_way(web, texts["website"], line.name))
    hours = Markup('<span class="hours">{}</span>').format(line.hours) if line.hours else EMPTY
    return Markup('<li><span class="line-name"><bdi>{}</bdi>{}</span><span class="ways">{}</span></li>').format(
        line.name, hours, EMPTY.join(ways)
    )


def _route(route: ProfessionalRoute, texts: Texts) -> Markup:
    ways = []
    if route.phone:
        label = texts["call"].format(phone=route.phone)
        ways.append(_way(_address(tel_href, route.phone), label, route.name, main=True))
    if web := web_link(route.url):
        ways.append(_way(web, texts["website"], route.name))
    facts = (route.for_whom, route.cost, route.ask)
    said = EMPTY.join(Markup('<span class="hours">{}</span>').format(fact) for fact in facts)
    return Markup(
        '<li><span class="line-name" lang="en"><bdi>{}</bdi>{}</span><span class="ways">{}</span></li>'
    ).format(route.name, said, EMPTY.join(ways))


def best_way(line: Helpline, texts: Texts) -> Markup:
    """The one way to reach `line`: by telephone where it has one."""
    if line.phone:
        return _way(_address(tel_href, line.phone), texts["call"].format(phone=line.phone), line.name)
    return _way(web_link(line.url), line.name, texts["website"])


def _address(of: Callable[..., str], *parts: str) -> str:
    """The link's address; empty where the number can't be dialled, and is then shown as text: a card never fails."""
    try:
        return of(*parts)
    except ValueError:
        return ""


def _way(href: str, label: str, name: str, *, main: bool = False) -> Markup:
    if not href:
        return Markup("<bdi>{}</bdi>").format(label)
    new_page = Markup(' target="_blank" rel="noopener noreferrer"') if href.startswith("https:") else EMPTY
    return Markup('<a class="way{}" href="{}"{}>{}<span class="unseen"> – {}</span></a>').format(
        " main" if main else "", href, new_page, label, name
    )
