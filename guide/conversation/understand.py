"""A message in its conversation → what the person does with it, and what Guide does next."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from guide.conversation.act_rule import ActRule, Move
from guide.conversation.acts import CLOSING, MAX_ACT_WORDS, Spoken, in_plain_words, is_gibberish, spoken
from guide.conversation.aspects import aspect_of
from guide.conversation.topics import names_topic
from guide.records import Act, Turn
from guide.text.lexicon import english
from guide.text.questions import is_question
from guide.text.sentences import message_sentences

ActProbabilities = Callable[[str], Mapping[str, float]]
"""Gives for words what they do by their meaning, and how sure that is, where 1 is sure enough: `vague`, an act, or
`meta` with its move (`meta.shorter`).
"""

STORY_WORDS = 60
"""The words from which on a message that tells is a story."""

MAX_TURNS = 40
"""How far back a conversation is read; an older topic has long been left or been named again."""

CANT = "cant"
CANT_ANSWER = (CANT, "dont_know")
"""The rules of somebody who can't, and of all who can't answer what Guide asked."""

MAX_ANSWER_TO_QUESTION = 6
SHORT_ANSWER = 4
"""The words up to which a message right after a question of Guide's is its answer, and up to which it is even where it
looks like a question, if it names somebody or an aspect (“what to do”).
"""

OPENING_MOVES: tuple[Move, ...] = ("summary", "list", "item")
"""Moves that quote something without anything having been asked before."""
NO_ASKING = "meta_no_asking"
"""The reply to somebody who doesn't want to be asked back."""

LONG_WORD = 6
"""The letters from which on a word says something about the subject."""

SAID_TO_GUIDE = ("identity", "capability", "abuse_of_bot")
SPEAKS_TO = frozenset(
    """
    you u ya ur your youre this that thats me my i im here robot bot chat app machine we us site thing answer
    computer clanker program
    """.split()
)
"""Words of which a message that asks who or what Guide is, or insults it, has at least one."""

KEPT_BESIDE = {
    "greeting": ("identity", "capability", "goodbye", "thanks", "meta", "vague"),
    "thanks": ("identity", "capability", "goodbye", "meta"),
    "goodbye": ("identity", "capability"),
}
"""What meaning may find beside a greeting, thanks or a goodbye so that it counts, and not these; beside a goodbye only
a question.
"""

BROAD_REPLIES = {"identity": "identity", "capability": "capability_about"}
"""The replies where meaning says that Guide is asked about, but not what."""

MEANING = "meaning"
ANSWER = "answer to a question"
ADDS = "adds to what was asked"
"""What `Understood.by` says where meaning decided; where a message answers what Guide asked; and where it only adds
somebody, a time or an aspect to what was asked before, and is searched for together with that.
"""

SURE, SURE_AFTER_TOPIC, SURE_ON_SUBJECT, SURE_BESIDE_ACT = 1.0, 1.1, 3.0, 0.3
"""How sure meaning must be: alone; where something was asked before, since a few words are mostly a question about that
then; where a message has a longer word of the articles, or one that may be a slip of theirs; and of the words beside a
greeting, thanks or a goodbye.
"""
SURER = {"vague": 0.5, "goodbye": 6.0, "abuse_of_bot": 1.1}
"""How much surer it must be of these: a needless question back does little harm, a goodbye to “nobody is left” much. At
6 times the odds 25 of 35 goodbyes of the bank that weren't learned from are told, at 1 time 27.
"""

ASKED_ABOUT_GUIDE = ("identity", "capability", "meta", "smalltalk", "abuse_of_bot")
SAYS_YOU = frozenset("you u ya ur your youre yours yourself yous bot robot app chat site machine".split())
"""Of these acts a question may be, and of all but `meta` only one that speaks to Guide in one of these words."""

ASKING_WORDS = frozenset("how what why which where who whose when".split())
GOING_ON = ("and ", "or ", "what about ", "how about ", "such as ", "same ")
"""What shows after a topic that a message is about that, wherever it stands in it, and at its beginning."""

SAYS_NOTHING_NEW = frozenset(
    """
    a about again ah all always and any as at be been before but by can cant could do does dont ever every feel for from
    get go had has have he her him his how i if im in is it its just know like little lot many me mean more most much
    my never no nor not now of often on only or really said say see she should sure since so some that thats the them
    then there they thing things think this time to too up us very was way we well what when which who will with would
    yes yet you
    """.split()
)
"""The words of which a short answer that only meaning knows consists."""

ASKS_LITTLE = 3
"""How many turns must pass before Guide asks back again what a message is about."""

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
    """What decided: the id of a rule, `MEANING`, `ANSWER`, `ADDS`, or nothing where the message is taken for what most
    are.
    """


@dataclass(frozen=True, slots=True)
class Before:
    """What of a conversation counts for how its next message is to be read."""

    topic: bool = False
    """Whether something has been asked or told that an answer could be found for."""
    asked_back: Literal["", "vague", "ack"] = ""
    """What the last message was that was answered with a question of Guide's: one too vague, or a yes to nothing."""
    since_asked: int = ASKS_LITTLE
    """How many messages ago Guide last asked what one was about."""
    no_asking: bool = False
    """Whether the person doesn't want to be asked back."""


def understand(
    message: str,
    history: Sequence[Turn] = (),
    *,
    meaning: ActProbabilities | None = None,
    known: Container[str] = (),
    names_subject: Callable[[str], bool] = lambda words: False,
) -> Understood:
    """What the person does with `message` after `history`, oldest first. By its words; where these don't tell, by
    `meaning`, if there is one. `known` are the articles' words; `names_subject` says whether plain words name something
    that the articles are about: a few such words, or a question with them, are searched for whatever they seem to mean.

    >>> understand("thanks, bye").act, understand("hi, my husband left me").act
    ('goodbye', 'statement')
    """
    return _after(message, before(history, known), meaning, known, names_subject)


def before(history: Sequence[Turn], known: Container[str] = ()) -> Before:
    """What of `history` counts for its next message: as each turn says, or as its words do."""
    state = Before()
    for turn in [turn for turn in history if turn.role == "user"][-MAX_TURNS:]:
        if not turn.content.strip():
            continue
        found = _after(turn.content, state, None, known)
        act = turn.act or found.act
        asked_back = turn.asked_back or (turn.act is None and found.move == "ask_back")
        # What answers a question of Guide's is searched for, and is a topic from then on; so is what a move quoted.
        told = found.by == ANSWER or (act in ("question", "statement", "story") and not asked_back)
        quoted = act == "meta" and (bool(turn.quoted) or found.move in OPENING_MOVES)
        about = asked_back and act != "ack"
        # Who couldn't answer may still do so with the next message.
        still = state.asked_back if found.reply == "cant_answer" else ""
        state = Before(
            state.topic or told or quoted,
            ("vague" if about else "ack") if asked_back else still,
            0 if about else min(state.since_asked + 1, ASKS_LITTLE),
            state.no_asking or found.reply == NO_ASKING,
        )
    return state


def undecided(message: str, history: Sequence[Turn] = (), known: Container[str] = ()) -> str:
    """The words of which the meaning decides what `message` is; nothing where its words alone do, or where it is
    long.
    """
    found = spoken(message)
    if found.rule or not found.left or is_gibberish(message, known):
        return ""
    short = len(in_plain_words(message).words)
    bare = short <= SHORT_ANSWER and names_topic(found.left)
    if bare or aspect_of(message):
        state = before(history, known)
        if (bare and state.asked_back) or _asks_aspect(message, None, state):
            return ""
    return found.left if short <= MAX_ACT_WORDS else ""


def _after(
    message: str,
    state: Before,
    meaning: ActProbabilities | None,
    known: Container[str],
    names_subject: Callable[[str], bool] = lambda words: False,
) -> Understood:
    content = _content(message)
    if content.act == "story" or not message.strip():
        return content
    said = spoken(message)
    short = len(in_plain_words(message).words)
    if not said.rule and is_gibberish(message, known):
        return Understood("gibberish", "reply", "gibberish", by="no words")
    if _asks_aspect(message, said.rule, state):
        return content
    if said.rule:
        return _by_rule(said.rule, message, content, state)
    bare = short <= SHORT_ANSWER and names_topic(said.left)
    if state.asked_back and bare:
        return Understood("ack", by=ANSWER)
    if meaning and said.left and short <= MAX_ACT_WORDS:
        meant = _possible(meaning(said.left), said.left, message, content, state)
        if (short <= SHORT_ANSWER or content.act == "question") and _is_search(meant, said, names_subject):
            meant = {}
        found = _by_meaning(
            meant,
            said.opened,
            content,
            state,
            _on_subject(said.left, known),
        )
        if found != content:
            return found
    if state.asked_back and content.act == "statement" and short <= MAX_ANSWER_TO_QUESTION:
        return Understood("ack", by=ANSWER)
    return content


def _asks_aspect(message: str, rule: ActRule | None, state: Before) -> bool:
    """Whether `message` asks for an aspect of what the conversation is about, even where it could be said of Guide:
    “what should I say”, “do I need help”.
    """
    of_guide = rule is None or rule.act in SAID_TO_GUIDE
    return of_guide and state.topic and not state.asked_back and bool(aspect_of(message))


def _content(message: str) -> Understood:
    """`message` as what most messages are: a question, a statement or a story."""
    if len(message.split()) >= STORY_WORDS and not all(map(is_question, message_sentences(message))):
        return Understood("story")
    asks = any(is_question(clause) for sentence in message_sentences(message) for clause in _CLAUSE.split(sentence))
    return Understood("question" if asks else "statement")


def _by_rule(rule: ActRule, message: str, content: Understood, state: Before) -> Understood:
    if rule.act in ("person", "aspect", "fact"):
        return _bare(rule, content, state)
    if rule.act == "vague":
        return _vague(content, state, rule.id)
    if rule.act == "ack":
        return _ack(rule, message, content, state)
    return Understood(cast(Act, rule.act), cast(Move, rule.move), rule.reply, rule.id)


def _bare(rule: ActRule, content: Understood, state: Before) -> Understood:
    """Somebody, an aspect or a fact alone: an answer to Guide's question, or more about what was asked before."""
    if state.asked_back:
        return Understood("ack" if rule.act != "fact" else content.act, by=ANSWER)
    if state.topic:
        return replace(content, by=ADDS)
    return replace(content, by=rule.id) if rule.act == "aspect" else _vague(content, state, rule.id)


def _by_meaning(
    found: Mapping[str, float], opened: ActRule | None, content: Understood, state: Before, on_subject: bool
) -> Understood:
    """What the person does by the meaning of what no rule knows, where that is sure; else by what stands before it."""
    label = max(found, key=found.__getitem__, default="")
    if not label:
        return content
    act, _, move = label.partition(".")
    sure = found[label] / SURER.get(act, 1.0)
    beside = opened is not None and opened.act in ("greeting", "thanks", "goodbye")
    enough = SURE_AFTER_TOPIC if state.topic or state.asked_back else SURE
    if on_subject and act != "vague":
        enough = SURE_ON_SUBJECT
    if sure < (SURE_BESIDE_ACT if beside else enough):
        return content
    kept = opened and act in KEPT_BESIDE.get(opened.act, ()) and sure >= SURE
    if opened and beside and not (kept and (opened.act != "goodbye" or content.act == "question")):
        return Understood(cast(Act, opened.act), cast(Move, opened.move), opened.reply, MEANING)
    if act == "vague":
        return _vague(content, state, MEANING)
    if act == "ack":
        return _acknowledged(state, MEANING)
    return Understood(cast(Act, act), *_next_by_meaning(act, move), MEANING)


def _possible(
    found: Mapping[str, float], words: str, message: str, content: Understood, state: Before
) -> Mapping[str, float]:
    """`found` without what these words of `message` can't be: said to Guide, where they don't speak to it; a short
    answer, where they bring something new; anything but a question about Guide, where they ask.
    """
    told = frozenset(words.split())
    asks = content.act == "question" or (state.topic and not ASKING_WORDS.isdisjoint(told))
    goes_on = in_plain_words(message).text.startswith(GOING_ON)
    spoken_to, to_you = not SPEAKS_TO.isdisjoint(told), not SAYS_YOU.isdisjoint(told)

    def may_be(label: str) -> bool:
        act = label.partition(".")[0]
        if act in ("ack", "vague") and state.asked_back:
            return False
        if act == "ack" and (asks or not told <= SAYS_NOTHING_NEW):
            return False
        if (asks or goes_on) and state.topic and act != "vague":
            return act in ASKED_ABOUT_GUIDE and (to_you or act == "meta")
        if content.act == "question" and act in ("abuse_of_bot", "thanks", "goodbye", "smalltalk"):
            return to_you
        return spoken_to or act not in SAID_TO_GUIDE

    return {label: sure for label, sure in found.items() if may_be(label)}


def _is_search(meant: Mapping[str, float], said: Spoken, names_subject: Callable[[str], bool]) -> bool:
    """Whether words that seem to be an act name something that the articles are about, and are said to nobody."""
    if not meant or "vague" in meant or (said.opened and said.opened.act in CLOSING):
        return False
    return SAYS_YOU.isdisjoint(said.left.split()) and names_subject(said.left)


def _on_subject(words: str, known: Container[str]) -> bool:
    """Whether plain words hold a longer one of the articles' own, or one that no list of English words has."""
    return any(len(word) >= LONG_WORD and (word in known or word not in english()) for word in words.split())


def _next_by_meaning(act: str, move: str) -> tuple[Move, str]:
    if move and move != "back":
        return cast(Move, move), ""
    return "reply", "meta_back" if act == "meta" else BROAD_REPLIES.get(act, act)


def _vague(content: Understood, state: Before, by: str) -> Understood:
    """A vague message is asked back about, unless the conversation says what it is about or has been asked for that."""
    if state.asked_back == "vague" or state.no_asking:
        return replace(content, by=ANSWER)
    if state.topic or state.since_asked < ASKS_LITTLE:
        return replace(content, by=by)
    return Understood(content.act, "ask_back", "vague", by)


def _ack(rule: ActRule, message: str, content: Understood, state: Before) -> Understood:
    """A short answer: to what Guide asked, or that somebody can't answer it; that they can't do what was quoted; a time
    or somebody that adds to what was asked before; or a yes to that.
    """
    if state.asked_back:
        return (
            Understood("ack", "reply", "cant_answer", rule.id)
            if rule.id in CANT_ANSWER
            else Understood("ack", by=ANSWER)
        )
    if rule.id == CANT:
        return Understood("ack", "reply", "cant_do", rule.id) if state.topic else _vague(content, state, rule.id)
    if rule.move == "search" and state.topic:
        return replace(content, by=ADDS) if "?" in message else Understood("ack", by=ADDS)
    return _acknowledged(state, rule.id)


def _acknowledged(state: Before, by: str) -> Understood:
    """A yes goes on with what was said before; where nothing was, Guide asks what it is about."""
    if state.topic or state.no_asking:
        return Understood("ack", "reply", "ack", by)
    return Understood("ack", "ask_back", "ack_alone", by)
