"""Words looked for in all articles: where they stand, as links to their passages."""

from collections.abc import Collection

from markupsafe import Markup

from guide.chat.article_names import Listing
from guide.chat.help_card import care_card
from guide.chat.library import Library
from guide.chat.passage_html import EMPTY, language_attributes
from guide.chat.texts import Texts
from guide.levels import is_danger
from guide.records import Assessment, Passage, SectionRole
from guide.safety.visibility import may_show

LEAST_CHARACTERS, MOST_CHARACTERS = 2, 200
"""How long the words may be."""

SHOWN_PLACES, SHOWN_OF_AN_ARTICLE = 20, 3
"""How many passages are listed, and how many of one article among several."""

COUNTED_PLACES = 1_000
"""The number of places at which counting stops."""

BEFORE, AFTER = 40, 100
"""How many characters are shown on either side of the words, as far as their passage goes."""


def find_words(
    words: str, library: Library, texts: Texts, safety: Assessment, roles: Collection[SectionRole], article: str = ""
) -> Listing:
    """Where `words` stand in the articles, or in the one of the id `article`, whatever their case.

    `safety` is what the gate decided on the words themselves: passages are shown, or the help card, as in an answer.
    `roles` are those of the sections that may be shown after what was said before.
    """
    card = care_card(safety, library, texts, "find", of_turn=False) if is_danger(safety.level) else EMPTY
    wanted = lowered(" ".join(words.split()))
    if is_danger(safety.level) or not roles:
        return Listing("" if card else texts["held_back_crisis"], card)
    if not LEAST_CHARACTERS <= len(wanted) <= MOST_CHARACTERS:
        return Listing("", card)
    within = library.only(article)
    most = SHOWN_PLACES if len(within.articles) == 1 else SHOWN_OF_AN_ARTICLE
    count = 0
    items: list[Markup] = []
    for one, passages in within.entries_holding(wanted):
        text = lowered(one.text)
        # An article without the words costs no more than looking for them once.
        if wanted not in text and not any(wanted in lowered(section.path[-1]) for section in one.sections):
            continue
        of_article = 0
        for passage in passages:
            if passage.role not in roles or not may_show(passage, safety):
                continue
            at = text.find(wanted, passage.start, passage.end)
            places = text.count(wanted, passage.start, passage.end) or int(wanted in lowered(passage.section[-1]))
            count += places
            if places and of_article < most and len(items) < SHOWN_PLACES:
                of_article += 1
                items.append(_place(passage, one.text, at, len(wanted), library))
        if count >= COUNTED_PLACES:
            break
    if not count:
        return Listing(texts["matches_none"], card)
    says = texts["matches_one"] if count == 1 else texts["matches_many"].format(count=_counted(count))
    return Listing(says, card + Markup('<ul class="places">{}</ul>').format(EMPTY.join(items)))


def lowered(text: str) -> str:
    """`text` in lower case, each character in its place.

    >>> lowered("İstanbul"), len("İ".lower())
    ('İstanbul', 2)
    """
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def _counted(count: int) -> str:
    return f"{COUNTED_PLACES}+" if count >= COUNTED_PLACES else str(count)


def _place(passage: Passage, text: str, at: int, length: int, library: Library) -> Markup:
    """A link to the passage, with its words around those found, or its first words where only its heading has them."""
    path = " › ".join((*([library.name(passage.article_id)] * (len(library.articles) > 1)), passage.section[-1]))
    start, end = (at, at + length) if at >= 0 else (passage.start, passage.start)
    first, last = max(passage.start, start - BEFORE), min(passage.end, end + AFTER)
    return Markup(
        '<li><a href="#{}"{}><span class="place-name">{}</span> <span>{}{}<mark>{}</mark>{}{}</span></a></li>'
    ).format(
        passage.id,
        language_attributes(library.languages.get(passage.article_id, "")),
        path,
        "… " if first > passage.start else "",
        text[first:start],
        text[start:end],
        text[end:last],
        " …" if last < passage.end else "",
    )
