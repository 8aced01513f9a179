"""What the articles can be asked about, in few words: signs, causes, what to do; found when the articles are opened.

An article is looked at by its headings, the everyday questions of its sections and what these are for. Where it has
none of the usual sections, its first ones are offered by their headings.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from guide.conversation.acts import spoken
from guide.records import Article, Passage, SectionRole

_KINDS = (
    (
        "signs",
        re.compile(r"\b(?:signs?|symptoms?|look(?:s|ing)? like|recogni[sz]\w*|spot(?:ting)?|señales|síntomas)\b", re.I),
    ),
    ("causes", re.compile(r"\b(?:causes?|reasons?|l(?:ie|ay)s? behind|comes? from|roots?|why|causas|por qué)\b", re.I)),
    (
        "to_do",
        re.compile(
            r"\b(?:strateg\w+|tips?|steps|ways to|how (?:to|can|do|should)|what (?:to|you can) do|treatments?|remed\w+"
            r"|coping|dealing|what helps|words that|consejos|estrategias)\b",
            re.I,
        ),
    ),
    ("meaning", re.compile(r"^(?:what (?:is|are|does)\b|definition|¿?qué (?:es|son|significa)\b)", re.I)),
)
_FAULT = re.compile(r"\b(?:fault|to blame|guilty|is it (?:just |only )?me|did I (?:do|cause)|responsible)\b", re.I)
"""An everyday question on who is to blame."""
_SELF = re.compile(r"\b(?:I|I'm|I’m|me|my|myself)\b")
_OTHER = re.compile(
    r"\b(?:he|she|him|her|his|they|them|somebody|someone|people|person|partner|husband|wife|boyfriend|girlfriend|friend"
    r"|son|daughter|child|mother|father|parents?|boss|[a-z]+-in-law)\b",
    re.I,
)
_ASKS_WHAT_TO_DO = re.compile(r"^(?:how|what|where) (?:can|could|do|should|small|to)\b|\bhelp\b", re.I)
_HELPS_OTHER = re.compile(r"\b(?:help|support|do for|get through to|be there for|reach)\b", re.I)
_PLURAL = re.compile(r"^(?:signs|symptoms|causes|reasons|ways|tips|steps|strategies|kinds|types)\b", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that an article answers, with the plain question that leads there."""

    kind: str
    """`signs_self`, `signs_other`, `signs`, `causes`, `to_do`, `to_do_other`, `meaning`, `fault`; empty for another
    section.
    """
    message: str
    heading: str
    passage_id: str
    role: SectionRole


def topics_of(articles: Iterable[tuple[Article, Sequence[Passage]]]) -> tuple[Topic, ...]:
    """What the articles can be asked about, the usual things first; of several articles, the first that has each.

    Only sections that Guide may quote to anybody in ordinary times count: none on who wrote the article, and not the
    introduction, which is about everything.
    """
    usual: dict[str, Topic] = {}
    first: list[Topic] = []
    for article, passages in articles:
        sections = _sections(article, passages)
        for kind, found in _usual(sections):
            usual.setdefault(kind, found)
        first += [_topic("", _question(passage, passage.questions), passage) for passage in sections]
    if "signs_self" in usual or "signs_other" in usual:
        usual.pop("signs", None)
    order = ("signs_self", "signs_other", "signs", "causes", "to_do", "meaning", "to_do_other", "fault")
    told = [usual[kind] for kind in order if kind in usual]
    known = {topic.passage_id for topic in told}
    return tuple(told + [topic for topic in first if topic.passage_id not in known])


def _sections(article: Article, passages: Sequence[Passage]) -> list[Passage]:
    """The first passage of each section that can be asked about."""
    found: dict[tuple[str, ...], Passage] = {}
    for passage in passages:
        if passage.role != "credit" and passage.section and passage.section[-1] != article.title:
            found.setdefault(passage.section, passage)
    return list(found.values())


def _usual(sections: Sequence[Passage]) -> Iterable[tuple[str, Topic]]:
    made: list[tuple[str, Topic]] = []
    signs = dict(_KINDS)["signs"]
    for passage in sections:
        # A heading that asks this very thing leads there most surely.
        if passage.section[-1].endswith("?") and signs.search(passage.section[-1]):
            yield from _by_person("signs", passage, [passage.section[-1]])
    for passage in sections:
        heading = passage.section[-1]
        questions = [*([heading] if heading.endswith("?") else []), *passage.questions]
        yield from (("fault", _topic("fault", one, passage)) for one in questions if _FAULT.search(one))
        if signs.search(heading):
            yield from _by_person("signs", passage, questions)
        if passage.role == "advice":
            yield from _by_person("to_do", passage, [one for one in questions if _HELPS_OTHER.search(one)])
        for kind, pattern in _KINDS:
            if not pattern.search(heading) or passage.role == "help":
                continue
            if kind == "to_do":
                asked = [question for question in questions if _ASKS_WHAT_TO_DO.search(question)]
            else:
                asked = [one for one in questions if not _SELF.search(one) and not _OTHER.search(one)]
            # A question of the article's own reads better than one made from a heading, if a later section has it.
            if asked or kind != "to_do":
                yield kind, _topic(kind, _question(passage, asked), passage)
            else:
                made.append((kind, _topic(kind, _question(passage, asked), passage)))
    yield from made


def _by_person(kind: str, passage: Passage, questions: Sequence[str]) -> Iterable[tuple[str, Topic]]:
    for question in questions:
        if _OTHER.search(question):
            yield f"{kind}_other", _topic(f"{kind}_other", question, passage)
        elif _SELF.search(question) and kind == "signs":
            yield f"{kind}_self", _topic(f"{kind}_self", question, passage)


def _question(passage: Passage, questions: Sequence[str]) -> str:
    """A plain question that leads to the passage: one of `questions`, or made from its heading."""
    heading = passage.section[-1]
    if heading.endswith("?"):
        return heading
    if _PLURAL.search(heading):
        return f"What are the {heading[0].lower()}{heading[1:]}?"
    return next(iter(questions), f"What does the article say on “{heading}”?")


def whose_signs(passage: Passage) -> Literal["", "self", "other"]:
    """Whose signs the passage tells: its reader's own, those of somebody else, or no signs at all."""
    heading = passage.section[-1] if passage.section else ""
    if not dict(_KINDS)["signs"].search(heading):
        return ""
    questions = [heading, *passage.questions]
    if any(_SELF.search(one) and not _OTHER.search(one) for one in questions):
        return "self"
    return "other" if any(map(_OTHER.search, questions)) else ""


def _topic(kind: str, message: str, passage: Passage) -> Topic:
    return Topic(kind, message, passage.section[-1], passage.id, passage.role)


# ── what answers a question of Guide's ───────────────────────────────────────────────────────────────────────────────

_NAMES_OTHER = re.compile(
    r"\b(?:he|she|him|her|his|hers|they|them|their|somebody|someone|others?|partner|husband|wife|boyfriend|girlfriend|bf|gf"
    r"|ex|friend|son|daughter|kids?|child|children|mother|mum|mom|mam|father|dad|parents?|brother|sister|boss|family)\b",
    re.I,
)
_NAMES_SELF = re.compile(r"\b(?:me|myself|mine|i|im|i'm)\b", re.I)
_NAMES_KIND = (
    ("signs", re.compile(r"\b(?:signs?|symptoms?|recogni[sz]e|spot|notice|how (?:do|can) i (?:know|tell))\b", re.I)),
    ("fault", re.compile(r"\b(?:fault|blame|guilty|responsible|is it me)\b", re.I)),
    ("causes", re.compile(r"\b(?:causes?|reasons?|why|how come|where (?:does )?it comes? from)\b", re.I)),
    (
        "to_do",
        re.compile(
            r"\b(?:what (?:to|now|next)|what (?:can|should|do|could) i do|what helps|do about|fix\w*|help\w*|tips?"
            r"|advice|solutions?|change|better|hope|ideas)\b",
            re.I,
        ),
    ),
    ("meaning", re.compile(r"\b(?:what (?:is|are)|mean\w*|normal|definition)\b", re.I)),
)


MAX_BARE_ANSWER = 3
"""The words up to which an answer is searched together with what it answers."""


def question_meant(answer: str, asked_about: str, topics: Sequence[Topic]) -> str:
    """The question that somebody asks who wrote `asked_about`, was asked what it is about, and gave this `answer`.

    A person or a thing that the answer names (“my husband”, “the causes”) chooses among the `topics`; what it leaves
    open the first message may say. An answer that names neither is itself what to search for; one that says nothing
    gets an overview.
    """
    by_kind = {topic.kind: topic.message for topic in reversed(topics) if topic.kind}
    kind, person = _kind_named(answer), _person_named(answer)
    if kind or person:
        kind = kind or _kind_named(asked_about) or "signs"
        person = person or _person_named(asked_about) or "self"
        # Who is to blame lies among the causes, where no question asks for it.
        for name in (f"{kind}_{person}", kind, "causes" if kind == "fault" else f"signs_{person}"):
            if name in by_kind:
                return by_kind[name]
        return f"{asked_about} {answer}"
    if spoken(answer).rule:
        return overview_question(topics) or answer
    return f"{asked_about} {answer}" if len(answer.split()) <= MAX_BARE_ANSWER else answer


def added(message: str) -> str:
    """The question by which somebody or a fact alone adds to what was asked before.

    >>> added("And my brother?"), added("3 years")
    ('and my brother?', 'and 3 years?')
    """
    return "and " + re.sub(r"^\s*and\s+|[\s.!?]+$", "", message, flags=re.I) + "?"


def names_topic(message: str) -> bool:
    """Whether `message` names somebody or an aspect, as an answer to a question of Guide's does."""
    return bool(_kind_named(message) or _person_named(message))


def asked_first(topics: Sequence[Topic], message: str) -> list[Topic]:
    """`topics`, first that on who is to blame where a vague `message` asks for it; other kinds are offered anyway."""
    asks = _kind_named(message) == "fault"
    return sorted(topics, key=lambda topic: not (asks and topic.kind == "fault"))


def overview_question(topics: Sequence[Topic]) -> str:
    """The question to which the articles answer most generally; empty without any."""
    general = next((topic for topic in topics if topic.kind == "meaning"), None) or next(iter(topics), None)
    return general.message if general else ""


def _kind_named(message: str) -> str:
    return next((kind for kind, pattern in _NAMES_KIND if pattern.search(message)), "")


def _person_named(message: str) -> str:
    """Whom `message` is about: `self`, `other`, or nobody in particular."""
    if _NAMES_OTHER.search(message):
        return "other"
    return "self" if _NAMES_SELF.search(message) else ""
