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
"""Gives for words what they do by their meaning, as far as that is sure, with its probability: `content` (they ask or
tell), `vague`, an act, or `meta` with its move (`meta.shorter`); nothing where none is sure.
"""

STORY_WORDS = 60
"""The words from which on a message that tells is a story."""

MAX_TURNS_FOLDED = 40
"""How far back it is looked whether anything has been asked yet, and whether Guide has asked back."""

MAX_ANSWER_TO_QUESTION = 6
SHORT_ANSWER = 3
"""The words up to which a message right after a question of Guide's is its answer, and up to which it is even where it
looks like a question (“what to do”)."""

BROAD_REPLIES = {"identity": "identity", "capability": "capability_about"}
"""The replies where meaning says that Guide is asked about, but not what."""

MEANING = "meaning"
ANSWER = "answer to a question"
"""What `Understood.by` says where meaning decided, and where a message answers what Guide asked back."""

SURE_OF_MORE = 0.7
"""The probability that meaning must have where something was asked before: a few words are mostly a question about
that then.
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
        topical = act in ("question", "statement", "story") and not asked_back
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
    if state.asked_back and _may_answer(said, short, content):
        return Understood("ack", by=ANSWER)
    if said.rule:
        return _by_rule(said.rule, content, state)
    if is_gibberish(message, known):
        return Understood("gibberish", "reply", "gibberish", by="no words")
    if meaning and said.left and short <= MAX_ACT_WORDS and not state.asked_back:
        return _by_meaning(meaning(said.left), said.opened, content, state)
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


def _by_meaning(found: Mapping[str, float], opened: ActRule | None, content: Understood, state: Before) -> Understood:
    """What the person does by the meaning of what no rule knows, where that is sure; else by what stands before it."""
    label = max(found, key=found.__getitem__, default="content")
    if label == "content" or (state.topic and found[label] < SURE_OF_MORE):
        return content
    if label == "vague":
        return _vague(content, state, MEANING)
    act, _, move = label.partition(".")
    if act == "ack":
        return _ack(state, MEANING)
    if opened and act == "smalltalk" and opened.act in ("greeting", "thanks", "goodbye"):
        act = opened.act
    return Understood(cast(Act, act), *_next_by_meaning(act, move), MEANING)


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
