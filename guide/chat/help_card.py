"""The card that a safety decision asks for, as HTML, and the quieter lines that it may ask for instead."""

import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from guide.chat.helpline_html import best_way, helpline_list, professional_details
from guide.chat.library import Library, point_anchor
from guide.chat.passage_html import EMPTY, language_attributes, quoted
from guide.chat.texts import Texts, texts_of_card
from guide.languages.words import DEFAULT_LANGUAGE
from guide.levels import goes_on, is_danger
from guide.records import Assessment, Criterion, Match, Passage
from guide.safety.helplines import ANYWHERE, line_offered
from guide.safety.wording import card_labels


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
    ).format(safety.language, safety.offer_message, best_way(line, texts) if line else EMPTY, texts["offer_more"])


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


def _criteria(criteria: Sequence[Criterion], library: Library, texts: Texts, turn: str) -> tuple[Markup, Markup]:
    """The first criterion and the further ones, in the article's words; those that it doesn't state are said to be
    Guide's.
    """
    here = library.cited(criterion.passage_id for criterion in criteria if criterion.quote)

    def stated(criterion: Criterion) -> bool:
        return criterion.passage_id in here

    named = sorted((criterion for criterion in criteria if criterion.quote), key=stated, reverse=True)

    def blocks(places: range) -> Markup:
        parts = []
        for name, of_article in (("criteria", True), ("criteria_of_guide", False)):
            if some := [(n, named[n]) for n in places if stated(named[n]) is of_article]:
                quotes = EMPTY.join(_criterion(one, here, library, f"{turn}-k{n + 1}", texts) for n, one in some)
                parts.append(Markup('<div class="criteria"><p>{}</p>{}</div>').format(texts[name], quotes))
        return EMPTY.join(parts)

    return blocks(range(min(1, len(named)))), blocks(range(1, len(named)))


def _criterion(
    criterion: Criterion, here: Mapping[str, Passage], library: Library, link_id: str, texts: Texts
) -> Markup:
    passage = here.get(criterion.passage_id)
    if passage is None:
        return Markup('<p dir="auto">{}</p>').format(criterion.quote)
    target = point_anchor(passage.id, passage.start, criterion.start, criterion.end)
    language = library.languages.get(passage.article_id, "")
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
