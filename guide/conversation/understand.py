"""A message in its conversation → what the person does with it, and what Guide does next."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from guide.conversation.acts import MAX_ACT_WORDS, ActRule, Move, Spoken, in_plain_words, is_gibberish, spoken
from guide.records import Act, Turn
from guide.text.questions import is_question
from guide.text.sentences import message_sentences

ActProbabilities = Callable[[str], Mapping[str, float]]
"""Gives for words what they do by their meaning, and how sure that is, where 1 is sure enough: `vague`, an act, or
`meta` with its move (`meta.shorter`).
"""

STORY_WORDS = 60
"""The words from which on a message that tells is a story."""

MAX_TURNS_FOLDED = 40
"""How far back it is looked whether anything has been asked yet, and whether Guide has asked back."""

MAX_ANSWER_TO_QUESTION = 6
SHORT_ANSWER = 3
"""The words up to which a message right after a question of Guide's is its answer, and up to which it is even where it
looks like a question (“what to do”)."""

LONG_WORD = 6
"""The letters from which on a word says something about the subject."""

SAID_TO_GUIDE = ("identity", "capability", "abuse_of_bot")
SPEAKS_TO = frozenset(
    """
    you u ya ur your youre this it its that thats me my i im here robot bot chat app machine we us site thing answer
    computer clanker program
    """.split()
)
"""Words of which a message that asks who or what Guide is, or insults it, has at least one."""

KEPT_BESIDE = {
    "greeting": ("identity", "capability", "goodbye", "thanks", "meta", "vague"),
    "thanks": ("identity", "capability", "goodbye", "meta"),
    "goodbye": ("identity", "capability"),
}
"""What meaning may find beside a greeting, thanks or a goodbye so that it counts, and not these."""

BROAD_REPLIES = {"identity": "identity", "capability": "capability_about"}
"""The replies where meaning says that Guide is asked about, but not what."""

MEANING = "meaning"
ANSWER = "answer to a question"
"""What `Understood.by` says where meaning decided, and where a message answers what Guide asked back."""

SURE, SURE_AFTER_TOPIC, SURE_BESIDE_ACT = 1.0, 1.17, 0.6
"""How sure meaning must be: alone; where something was asked before, since a few words are mostly a question about that
then, or where a message has a longer word of the articles; and of the words beside a greeting, thanks or a goodbye.
"""


_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|^(?:hi|hey|hello|ok|okay|yes|yeah|no|thanks|so|lol|hmm)\s+", re.I)
"""Where a question may begin within a sentence: “hi why is he so cold”, “he left, is that normal”."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a person does with a message, and what Guide does next."""

    act: Act
    move: Move = "search"
    reply: str = ""
    """The key of what Guide says, in `guide.conversation.replies`; empty where it says nothing of its own."""
    by: str = ""
    """What decided: the id of a rule, `MEANING`, `ANSWER`, or nothing where the message is taken for what most are."""


@dataclass(frozen=True, slots=True)
class Before:
    """What of a conversation counts for how its next message is to be read."""

    topic: bool = False
    """Whether something has been asked or told that an answer could be found for."""
    asked_back: bool = False
    """Whether the last message was answered with a question of Guide's."""


def understand(
    message: str,
    history: Sequence[Turn] = (),
    *,
    meaning: ActProbabilities | None = None,
    known: Container[str] = (),
) -> Understood:
    """What the person does with `message` after `history`, oldest first. By its words; where these don't tell, by
    `meaning`, if there is one. `known` are the articles' words.

    >>> understand("thanks, bye").act, understand("hi, my husband left me").act
    ('goodbye', 'statement')
    """
    return _after(message, before(history, known), meaning, known)


def before(history: Sequence[Turn], known: Container[str] = ()) -> Before:
    """What of `history` counts for its next message: as each turn says, or as its words do."""
    state = Before()
    for turn in [turn for turn in history if turn.role == "user"][-MAX_TURNS_FOLDED:]:
        if not turn.content.strip():
            continue
        found = _after(turn.content, state, None, known)
        act = turn.act or found.act
        asked_back = turn.asked_back or (turn.act is None and found.move == "ask_back")
        # What answers a question of Guide's is searched for, and is a topic from then on.
        topical = found.by == ANSWER or (act in ("question", "statement", "story") and not asked_back)
        state = Before(state.topic or topical, asked_back)
    return state


def undecided(message: str, history: Sequence[Turn] = (), known: Container[str] = ()) -> str:
    """The words of which the meaning decides what `message` is; nothing where its words alone do, or where it is
    long.
    """
    found = spoken(message)
    if found.rule or not found.left or is_gibberish(message, known) or before(history, known).asked_back:
        return ""
    return found.left if len(in_plain_words(message).words) <= MAX_ACT_WORDS else ""


def _after(message: str, state: Before, meaning: ActProbabilities | None, known: Container[str]) -> Understood:
    content = _content(message)
    if content.act == "story" or not message.strip():
        return content
    said = spoken(message)
    short = len(in_plain_words(message).words)
    if not said.rule and is_gibberish(message, known):
        return Understood("gibberish", "reply", "gibberish", by="no words")
    if state.asked_back and _may_answer(said, short, content):
        return Understood("ack", by=ANSWER)
    if said.rule:
        return _by_rule(said.rule, content, state)
    if meaning and said.left and short <= MAX_ACT_WORDS and not state.asked_back:
        return _by_meaning(
            _to_guide(meaning(said.left), said.left), said.opened, content, state, _on_subject(said.left, known)
        )
    return content


def _content(message: str) -> Understood:
    """`message` as what most messages are: a question, a statement or a story."""
    if len(message.split()) >= STORY_WORDS and not all(map(is_question, message_sentences(message))):
        return Understood("story")
    asks = any(is_question(clause) for sentence in message_sentences(message) for clause in _CLAUSE.split(sentence))
    return Understood("question" if asks else "statement")


def _may_answer(said: Spoken, words: int, content: Understood) -> bool:
    """Whether a message right after a question of Guide's is its answer: a few words that do nothing else."""
    if said.rule:
        return said.rule.act in ("ack", "vague")
    return words <= MAX_ANSWER_TO_QUESTION and (content.act == "statement" or words <= SHORT_ANSWER)


def _by_rule(rule: ActRule, content: Understood, state: Before) -> Understood:
    if rule.act == "vague":
        return _vague(content, state, rule.id)
    if rule.act == "ack":
        return _ack(state, rule.id)
    return Understood(cast(Act, rule.act), cast(Move, rule.move), rule.reply, rule.id)


def _by_meaning(
    found: Mapping[str, float], opened: ActRule | None, content: Understood, state: Before, on_subject: bool
) -> Understood:
    """What the person does by the meaning of what no rule knows, where that is sure; else by what stands before it."""
    label = max(found, key=found.__getitem__, default="")
    beside = opened is not None and opened.act in ("greeting", "thanks", "goodbye")
    enough = SURE_BESIDE_ACT if beside else SURE_AFTER_TOPIC if state.topic or on_subject else SURE
    if not label or found[label] < enough:
        return content
    act, _, move = label.partition(".")
    if opened and beside and (act not in KEPT_BESIDE[opened.act] or found[label] < SURE):
        return Understood(cast(Act, opened.act), cast(Move, opened.move), opened.reply, MEANING)
    if act == "vague":
        return _vague(content, state, MEANING)
    if act == "ack":
        return _ack(state, MEANING)
    return Understood(cast(Act, act), *_next_by_meaning(act, move), MEANING)


def _to_guide(found: Mapping[str, float], words: str) -> Mapping[str, float]:
    """`found` without what is only ever said to Guide, where the words speak neither to it nor of the writer."""
    spoken_to = not SPEAKS_TO.isdisjoint(words.split())
    return {label: sure for label, sure in found.items() if spoken_to or label not in SAID_TO_GUIDE}


def _on_subject(words: str, known: Container[str]) -> bool:
    """Whether plain words hold a longer one of the articles' own."""
    return any(len(word) >= LONG_WORD and word in known for word in words.split())


def _next_by_meaning(act: str, move: str) -> tuple[Move, str]:
    if move and move != "back":
        return cast(Move, move), ""
    return "reply", "meta_back" if act == "meta" else BROAD_REPLIES.get(act, act)


def _vague(content: Understood, state: Before, by: str) -> Understood:
    """A vague message is asked back about, unless the conversation says what it is about."""
    if state.topic or state.asked_back:
        return Understood(content.act, by=by)
    return Understood(content.act, "ask_back", "vague", by)


def _ack(state: Before, by: str) -> Understood:
    """A yes goes on with what was said before; where nothing was, Guide asks what it is about."""
    return Understood("ack", "reply", "ack", by) if state.topic else Understood("ack", "ask_back", "ack_alone", by)
