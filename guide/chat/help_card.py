"""The way to help as HTML: the card that a safety decision asks for, and the panel that is always in reach."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from guide.chat.library import Library, point_anchor
from guide.chat.passage_html import EMPTY, language_attributes, quoted
from guide.chat.texts import Texts, texts_of_card
from guide.languages.words import DEFAULT_LANGUAGE
from guide.levels import goes_on, is_danger
from guide.records import Assessment, Criterion, Helpline, Match, ProfessionalRoute
from guide.safety.helplines import ANYWHERE, country_names, line_offered, sms_href, tel_href
from guide.safety.professionals import first_call, professional_routes
from guide.safety.wording import card_labels, left_to_right, lines_in

_NAMED_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}(?![0-9])")
PURPOSES = ("emergency", "crisis", "abuse", "poison", "bereaved", "directory")


def care_card(
    safety: Assessment,
    library: Library,
    texts: Texts,
    turn: str,
    *,
    of_turn: bool = True,
    told_before: bool = False,
) -> Markup:
    """The help card of an answer, or nothing if the safety gate has nothing to say. `turn` is the answer's HTML id.

    Card and banner can be told to be wrong, but not the line that stays once all they speak of is taken back, and what
    stands beside no turn of the conversation (`of_turn`). When danger goes on, the lines come before the
    words; of words that an earlier card said already (`told_before`) the last paragraph stands, and the others unfold.
    """
    texts = texts_of_card(texts, safety.language)
    if safety.level == "none":
        return _reminder(safety, texts, EMPTY if safety.taken_back else _not_meant(texts, turn))
    first, *rest = [part.strip().split("\n") for part in re.split(r"\n\s*\n", safety.message) if part.strip()] or [[]]
    lines = helpline_list(safety.helplines, texts)
    criteria, further = _criteria(safety.criteria, library, texts, turn)
    why = _why(safety, texts)
    # Where somebody may be in danger the lines stand on the first screen of a phone. Otherwise the reason comes first,
    # and all else is folded, also the words that name several reasons: the answer begins on the first screen.
    country = next((line.country for line in safety.helplines if line.country != ANYWHERE), "")
    place = _country_choice(turn, country, texts) if of_turn else EMPTY
    if safety.level == "professional":
        opening = _words([first], safety)
        seen, more = ([criteria], [opening, further]) if further else ([opening, criteria], [])
        routes = professional_details(country, texts)
        folded_lines = lines + place if lines else EMPTY
        parts, folded = seen, [_folded(EMPTY.join([*more, _words(rest, safety), folded_lines]), texts), routes]
    elif goes_on(safety.level, safety.earlier, safety.also_earlier):
        words = _repeated([first, *rest], safety, texts, told_before=told_before)
        parts, folded = [lines, place, words, criteria, further], []
    else:
        parts, folded = [_words([first], safety), lines, place, _words(rest, safety), criteria, further], []
    return Markup(
        '<div class="care care-{level}" role="group" aria-labelledby="{turn}-care"{language}>'
        '<h3 id="{turn}-care">{title}</h3>{parts}<div class="care-foot">{folded}{not_meant}</div></div>'
    ).format(
        level=safety.level,
        turn=turn,
        language=language_attributes(safety.language) if card_labels(safety.language) else EMPTY,
        title=texts[f"care_{safety.level}"],
        parts=EMPTY.join(parts),
        folded=EMPTY.join([*folded, why]),
        not_meant=_not_meant(texts, turn) if of_turn else EMPTY,
    )


def offer_line(safety: Assessment, texts: Texts) -> Markup:
    """The quiet line under an answer that offers help, with one line to call; nothing without an offer."""
    if not safety.offer_message:
        return EMPTY
    line = line_offered(safety.helplines)
    return Markup(
        '<p class="offer"><span lang="{}" dir="auto">{}</span> {} <a class="more-help" href="#help">{}</a></p>'
    ).format(safety.language, safety.offer_message, _best_way(line, texts) if line else EMPTY, texts["offer_more"])


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


def _reminder(safety: Assessment, texts: Texts, not_meant: Markup) -> Markup:
    """A quiet line that keeps help in reach after somebody has spoken of danger."""
    if not safety.message and not is_danger(safety.earlier):
        return EMPTY
    return Markup(
        '<p class="care-reminder"{}><span lang="{}" dir="auto">{}</span> <a href="#help">{}</a>{}</p>'
    ).format(
        language_attributes(safety.language) if card_labels(safety.language) else EMPTY,
        safety.language if safety.message else texts.language,
        safety.message or texts["care_earlier"],
        texts["care_earlier_link"],
        not_meant,
    )


def _country_choice(turn: str, chosen: str, texts: Texts) -> Markup:
    """The choice of the country whose lines the card of `turn` shows; the page fills in what can be chosen."""
    return Markup(
        '<label class="country">{} <select class="country-of-card" data-turn="{}" data-country="{}"></select></label>'
    ).format(texts["country"], turn, chosen)


def _repeated(paragraphs: Sequence[Sequence[str]], safety: Assessment, texts: Texts, *, told_before: bool) -> Markup:
    """A card's words when danger goes on, in short where they have been said before."""
    if not told_before or len(paragraphs) < 2:
        return _words(paragraphs, safety)
    return Markup('{}<details class="care-more"><summary>{}</summary>{}</details>').format(
        _words(paragraphs[-1:], safety), texts["show_all"], _words(paragraphs[:-1], safety)
    )


def _folded(more: Markup, texts: Texts) -> Markup:
    if not more:
        return EMPTY
    return Markup('<details class="care-more"><summary>{}</summary>{}</details>').format(texts["care_more"], more)


def _not_meant(texts: Texts, turn: str) -> Markup:
    """The button by which the person says that they weren't understood."""
    return Markup(' <button type="button" class="quiet not-meant" data-withdraw="{}">{}</button>').format(
        turn, texts["not_meant"]
    )


def _words(paragraphs: Sequence[Sequence[str]], safety: Assessment) -> Markup:
    if not any(paragraphs):
        return EMPTY
    written = EMPTY.join(Markup("<p>{}</p>").format(Markup("<br>").join(lines)) for lines in paragraphs)
    return Markup('<div class="care-words" lang="{}" dir="auto">{}</div>').format(safety.language, written)


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


def _best_way(line: Helpline, texts: Texts) -> Markup:
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


def _criteria(criteria: Sequence[Criterion], library: Library, texts: Texts, turn: str) -> tuple[Markup, Markup]:
    """The first criterion and the further ones, in the article's words; those that it doesn't state are said to be
    Guide's.
    """

    def stated(criterion: Criterion) -> bool:
        return criterion.passage_id in library.passages

    named = sorted((criterion for criterion in criteria if criterion.quote), key=stated, reverse=True)

    def blocks(places: range) -> Markup:
        parts = []
        for name, of_article in (("criteria", True), ("criteria_of_guide", False)):
            if some := [(n, named[n]) for n in places if stated(named[n]) is of_article]:
                quotes = EMPTY.join(_criterion(one, library, f"{turn}-k{n + 1}", texts) for n, one in some)
                parts.append(Markup('<div class="criteria"><p>{}</p>{}</div>').format(texts[name], quotes))
        return EMPTY.join(parts)

    return blocks(range(min(1, len(named)))), blocks(range(1, len(named)))


def _criterion(criterion: Criterion, library: Library, link_id: str, texts: Texts) -> Markup:
    passage = library.passages.get(criterion.passage_id)
    if passage is None:
        return Markup('<p dir="auto">{}</p>').format(criterion.quote)
    target = point_anchor(passage.id, passage.start, criterion.start, criterion.end)
    language = library.articles[passage.article_id].language
    return Markup(
        '<blockquote{language}>{quote}</blockquote><a class="cite" id="{link_id}" href="#{target}">{cite}</a>'
    ).format(
        language=language_attributes(language),
        quote=criterion.quote,
        link_id=link_id,
        target=target,
        cite=texts["cite"],
    )


def _why(safety: Assessment, texts: Texts) -> Markup:
    if not safety.matches:
        return EMPTY
    words: dict[tuple[str, str], list[str]] = {}
    for match in safety.matches:
        reason = _reason_in(texts, match) or texts["why_other"]
        # What a message means comes of several of its words; each rule's match stands for itself.
        key = match.rule if match.rule.startswith("meaning.") else match.text
        words.setdefault((key, reason), []).append(match.text)
    items = EMPTY.join(
        Markup("<li>{} – {}</li>").format(_noticed(list(dict.fromkeys(of_one)), texts), reason)
        for (_, reason), of_one in words.items()
    )
    return Markup("<details class='why'><summary>{}</summary><p>{}</p><ul>{}</ul><p>{}</p></details>").format(
        texts["why"], texts["why_words"], items, texts["why_wrong"]
    )


def _noticed(words: Sequence[str], texts: Texts) -> Markup:
    listed = Markup(", ").join(quoted(text, texts) for text in words)
    if len(words) == 1:
        return listed
    before, _, after = texts["why_together"].partition("{words}")
    return Markup("{}{}{}").format(before, listed, after)


def _reason_in(texts: Texts, match: Match) -> str:
    """What a match speaks of: a rule gives its own reason in English; other languages have one for each level."""
    if texts.language == DEFAULT_LANGUAGE:
        return match.reason
    return next((texts[f"why_{part}"] for part in match.rule.split(".") if f"why_{part}" in texts.strings), "")


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
