"""A message that leans on its conversation → what of the conversation it is searched with.

Nothing is rewritten: what was told and asked before is put before the message, in the person's own words. A question
that stands on its own takes the place of the one before it; a message that leans on another takes the place of an
earlier one that did.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guide.conversation.aspects import aspect_of
from guide.conversation.understand import MAX_TURNS
from guide.query.follow_up import content, names, needs_context
from guide.query.groups import group_of
from guide.query.ordinals import pick
from guide.records import Act, Turn
from guide.text.normalise import words
from guide.text.questions import is_question

MAX_TOLD = 2
"""How many earlier statements a message is searched with, the latest ones."""

MAX_TURN_WORDS = 40
"""How many words of an earlier message, the first ones; its question and its gist have been found before."""

MAX_NAMES = 8
"""How many names of the conversation, the latest ones."""

MAX_PLAIN_ANSWER = 60
"""The words up to which an answer says what it was about; a longer one is a page to read."""

MAX_LISTED = 200
"""Characters of an item that a message points to; more would drown the message."""

NO_SUBJECT: frozenset[Act] = frozenset(
    (
        "greeting",
        "thanks",
        "goodbye",
        "capability",
        "ack",
        "meta",
        "smalltalk",
        "abuse_of_bot",
        "gibberish",
        "other_language",
    )
)
"""What people do without asking or telling anything that a later message can be about."""

_KINDS = {
    word: kind
    for kind, listed in {
        "woman": "she her hers herself she's shes wife girlfriend gf mother mom mum sister daughter aunt gran grandma"
        " woman women girl girls lady",
        "man": "he him his himself he's hes husband hubby boyfriend bf father dad brother son uncle grandad grandpa man"
        " men guy guys boy boys bloke",
        "child": "child children kid kids toddler toddlers",
        "young": "teen teens teenager teenagers adolescent adolescents",
        "adult": "adult adults grown-up grown-ups",
    }.items()
    for word in listed.split()
}
"""Whom a word speaks of: when a conversation comes back to somebody, what was said of others is left out."""

_ASPECT = re.compile(
    r"^.*\b(?:signs?|symptoms?|red flags?|causes?|reasons?|effects?|consequences|tips|strategies|steps|kinds?|types?"
    r"|meaning|definition)\b(?:\s+(?:of|for|behind|against|to)\b)?",
    re.I,
)
_OTHER_ASPECT = re.compile(r"\b(?:why|how come)\b", re.I)
_ANOTHER = re.compile(r"^(?:(?:and|but|or|so|ok|okay)\b[\s,]*)*(?:and|but|or|(?:what|how) about)\b", re.I)
_PRONOUNS = frozenset("she her hers herself she's shes he him his himself he's hes".split())
_PHRASE = re.compile(
    # A preposition with all words up to the next small one: “of emotional detachment”.
    r"\b(for|in|with|at|against|during|after|about|of)\s+(?:(?:the|a|an|my|our|your|his|her|their)\s+)?[\w’'-]+"
    r"(?:\s+(?!(?:and|or|but|for|in|with|at|against|during|after|about|of|to|on|from|by|when|if|that|who|is|are|was"
    r"|do|does|can|it|i|he|she|we|they)\b)[\w’'-]+)*",
    re.I,
)
_GROUP = re.compile(
    r"\b(?:people|persons|couples?|folks?|elderly|seniors|pensioners|singles|students|patients)\b", re.I
)
"""Many people at once: whom something is asked for, which takes no topic's place."""
_SOMEBODY = re.compile(
    r"(?:\b(?:for|in|with|to|of|by|among|about)\s+)?(?:\b(?:my|our|the|a)\s+)?"
    rf"\b(?:{'|'.join(sorted(set(_KINDS) - _PRONOUNS))})\b",
    re.I,
)
_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]+(\S.*)$", re.M)


@dataclass(frozen=True, slots=True)
class _Said:
    """An earlier message of the person's."""

    text: str
    kind: Literal["asked", "told", "went on"]
    """Whether it stands on its own, as a question or not, or leans on another."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What a conversation has been about."""

    said: tuple[_Said, ...] = ()
    names: tuple[str, ...] = ()
    """The latest first."""
    answer: str = ""
    """The last answer, where it is a plain one."""
    listed: tuple[str, ...] = ()
    """What the last answer that listed something listed: the items in its text, or what was shown of the article."""

    def context(self, message: str) -> str:
        """What comes before `message` when it is searched, in sentences.

        >>> thread_of([Turn("user", "Does yoga help with stress?"), Turn("user", "And with migraine?")]).context("Why?")
        'Does yoga help? And with migraine?'
        """
        if not self.said:
            return ""
        # A plain answer says more of what it is about than the question that it answers.
        taken = [self.answer] if self.answer else self._in_view(message)
        return " ".join(_sentence(text) for text in (" ".join(self.names), *taken) if text)

    def items(self, message: str) -> list[str]:
        """The items of the last list that `message` points to."""
        asked = [said.text for said in self.said if said.kind == "asked"][-1:]
        return [item[:MAX_LISTED] for item in pick(message, asked, self.listed)] if self.said else []

    def _in_view(self, message: str) -> list[str]:
        """The earlier messages that `message` goes on from, without what it or a later one replaces."""
        people = next((found for text in self._latest(message) if (found := _people(text))), frozenset())
        # One aspect takes the place of another: “why?”, then “what can I do?”.
        told = [said for said in self.said if not aspect_of(said.text)] if aspect_of(message) else self.said
        said_of = {said: _people(said.text) for said in told}
        spoken_of = any(people & said_of[said] for said in told if said.kind != "went on")
        in_view = [said for said in told if not (spoken_of and said_of[said]) or people & said_of[said]]
        standing = [said for said in in_view if said.kind != "went on"]
        kept = [said for said in standing if said.kind == "told"][-MAX_TOLD:]
        kept += [said for said in standing if said.kind == "asked"][-1:]
        begun = max((in_view.index(said) for said in kept), default=-1)
        leaning = [said for said in in_view[begun + 1 :] if said.kind == "went on"]
        with_words = [said for said in leaning if content(said.text)]
        kept += with_words[-1:] + ([] if content(message) or leaning == with_words else leaning[-1:])
        texts = [said.text for said in sorted(dict.fromkeys(kept), key=self.said.index)]
        for place in range(len(texts)):
            for later in (*texts[place + 1 :], message):
                texts[place] = _without_replaced(texts[place], later)
        return texts

    def _latest(self, message: str) -> list[str]:
        return [message, *(said.text for said in reversed(self.said))]


def thread_of(history: Sequence[Turn], known: Container[str] | None = None) -> Thread:
    """What was said in `history`; `known` are the articles' words."""
    thread = Thread()
    for turn in history[-MAX_TURNS:]:
        if turn.role == "assistant":
            thread = _after_answer(turn.content, thread)
        elif turn.act not in NO_SUBJECT or thread.items(turn.content):
            thread = _after_message(turn, thread, known)
    return thread


def _after_message(turn: Turn, thread: Thread, known: Container[str] | None) -> Thread:
    message = " ".join(turn.content.split()[:MAX_TURN_WORDS])
    if not message or not (content(message) or is_question(message)):
        return thread
    if items := thread.items(message):
        # The list that was shown stays the one that “the second one” means; the item is meant until something else is.
        return replace(thread, said=(*thread.said, _Said(" ".join(items), "went on")), answer="")
    # “what helps” has a word of its own and is none the less about what was told before it.
    leans = bool(thread.said) and (aspect_of(message) is not None or needs_context(message, known) != "nothing")
    said = _Said(message, "went on" if leans else "asked" if is_question(message) else "told")
    return Thread((*thread.said, said), _latest_names(message, thread), listed=turn.shown or thread.listed)


def _after_answer(answer: str, thread: Thread) -> Thread:
    plain = " ".join(answer.split()) if len(words(answer)) <= MAX_PLAIN_ANSWER else ""
    listed = tuple(_ITEM.findall(answer)) or thread.listed
    return replace(thread, names=_latest_names(answer, thread), answer=plain, listed=listed)


def _latest_names(text: str, thread: Thread) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names(text), *thread.names)))[:MAX_NAMES]


def _people(text: str) -> frozenset[str]:
    return frozenset(_KINDS[word] for word in map(str.lower, words(text)) if word in _KINDS)


def _without_replaced(earlier: str, later: str) -> str:
    """`earlier` without the words that `later` puts others in place of: “with stress” before “and with migraine?”."""
    if _OTHER_ASPECT.search(later) and (rest := _ASPECT.sub("", earlier, count=1).strip()) != earlier:
        return rest if content(rest) else ""
    if not _ANOTHER.match(later) or len(content(later)) > 2:
        return earlier
    if (group := group_of(earlier)) and group.alone and (_people(later) or group_of(later)):
        return ""
    if new := _people(" ".join(word for word in words(later) if word.lower() not in _PRONOUNS)):
        rest = _tidied(_SOMEBODY.sub(lambda found: found[0] if _people(found[0]) <= new else "", earlier))
        return rest if content(rest) else ""
    if _GROUP.search(later):
        return earlier
    phrases = [found for found in _PHRASE.finditer(earlier) if content(found[0])]
    asked = next((found for found in reversed([*_PHRASE.finditer(later)]) if content(found[0])), None)
    if not asked:
        return earlier
    same = [found for found in phrases if found[1].lower() == asked[1].lower()]
    replaced = same or (phrases if len(phrases) == 1 and asked[1].lower() in ("for", "about") else [])
    for found in replaced[-1:]:
        return _tidied(earlier[: found.start()] + earlier[found.end() :])
    return earlier


def _tidied(text: str) -> str:
    """A sentence of which words are gone, without the spaces that stood around them."""
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))


def _sentence(text: str) -> str:
    return f"{text}." if text and text[-1] not in ".?!" else text
