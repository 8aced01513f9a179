"""The interface's own words, from the files of the languages; which language and country a browser is given first."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from guide.languages.words import DEFAULT_LANGUAGE, languages, words_of
from guide.records import Correction
from guide.safety.wording import card_labels

NAMED_TITLES = 3
"""How many articles are named in a sentence; of the others it says how many there are."""

COUNTRY_OF_LANGUAGE = {"de": "DE", "fr": "FR", "it": "IT", "nl": "NL", "ja": "JP"}
"""A first guess where a browser names no region; languages that are at home in many countries have none."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The strings of one language."""

    language: str
    strings: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.strings[key]


@cache
def all_texts() -> Mapping[str, Texts]:
    """Each language's strings, by ISO 639-1 code."""
    return {language: Texts(language, words_of(language)["page"]) for language in languages()}


def language_name(language: str) -> str:
    """What one of the interface's languages is called in that language."""
    return str(words_of(language)["name"])


def texts_for(language: str) -> Texts:
    """The strings of `language`, or the English ones."""
    return all_texts().get(language) or all_texts()[DEFAULT_LANGUAGE]


def texts_of_card(texts: Texts, language: str) -> Texts:
    """The strings around a help card in `language`: its own, where it has them, else those of the interface."""
    labels = card_labels(language)
    return Texts(language, {**texts.strings, **labels}) if labels else texts


def mended_words(corrections: Sequence[Correction], texts: Texts) -> str:
    """The sentence that says how misspelt words were read.

    >>> mended_words([Correction("clam", "calm")], texts_for("en"))
    'Read “clam” as “calm”.'
    """
    pairs = (texts["read_as"].format(written=one.written, searched=one.searched) for one in corrections)
    return texts["read"].format(words=", ".join(pairs))


def how_many_more(count: int, texts: Texts) -> str:
    """How a sentence goes on that names some articles of which there are `count` more.

    >>> how_many_more(2, texts_for("en"))
    'and 2 more articles'
    """
    return texts["one_more_title"] if count == 1 else texts["more_titles"].format(count=count)


@dataclass(frozen=True, slots=True)
class Greeting:
    """The words of the first page; what is empty stays Guide's own."""

    title: str = ""
    """The chat's name: in the bar on top and as the page's title."""
    heading: str = ""
    sentence: str = ""
    """What this is, below the heading. That it is software and no care is said after it all the same."""
    examples: tuple[str, ...] = ()
    """Questions to begin with; without any, some that the articles answer."""

    def over(self, other: "Greeting") -> "Greeting":
        """This greeting, with the words of `other` where this one has none."""
        return Greeting(
            title=self.title or other.title,
            heading=self.heading or other.heading,
            sentence=self.sentence or other.sentence,
            examples=self.examples or other.examples,
        )


def branded(texts: Texts, greeting: Greeting) -> Texts:
    """The strings with the operator's own title and greeting in their places."""
    own = {"title": greeting.title, "heading": greeting.heading, "what_it_is": greeting.sentence}
    return Texts(texts.language, {**texts.strings, **{key: words for key, words in own.items() if words}})


def language_for(accept_language: str) -> str:
    """The interface's language that a browser with this `Accept-Language` header likes best.

    >>> language_for("es-MX,es;q=0.9,en;q=0.8"), language_for("fi"), language_for("fi, en;q=0.2, es;q=0.7")
    ('es', 'en', 'es')
    """
    spoken = (tag.partition("-")[0].lower() for tag in _tags(accept_language))
    return next((language for language in spoken if language in all_texts()), DEFAULT_LANGUAGE)


def country_for(accept_language: str, known: Container[str]) -> str:
    """The first of the `known` countries that an `Accept-Language` header speaks of; empty if it speaks of none.

    >>> country_for("en-IE,en;q=0.9", {"IE", "US"}), country_for("de", {"DE"}), country_for("en", {"US"})
    ('IE', 'DE', '')
    """
    for tag in _tags(accept_language):
        language, *rest = tag.split("-")
        regions = [part.upper() for part in rest if len(part) == 2 and part.isalpha()]
        guess = regions[0] if regions else COUNTRY_OF_LANGUAGE.get(language.lower(), "")
        if guess and guess in known:
            return guess
    return ""


def _tags(accept_language: str) -> Iterator[str]:
    """The language tags of the header, best liked first. What can't be read is left out: it is only a first guess."""
    weighed = []
    for place, part in enumerate(accept_language[:400].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, tag.strip()))
        except ValueError:
            continue
    yield from (tag for _, _, tag in sorted(weighed) if tag and tag != "*")


def page_names(pages: Sequence[int], texts: Texts) -> str:
    """What to call the pages of a PDF on which a quotation stands; nothing without any.

    >>> page_names((3,), texts_for("en")), page_names((3, 4), texts_for("en"))
    ('page 3', 'pages 3–4')
    """
    if len(pages) < 2:
        return texts["page_one"].format(page=pages[0]) if pages else ""
    return texts["page_many"].format(first=pages[0], last=pages[-1])
