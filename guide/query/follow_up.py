"""A message that needs_context on what was said before → the same message with what it needs from there.

Nothing is rewritten: the words that a message lacks are put before it. A message that stands on its own stays as it is.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guide.query.ordinals import pick, points_at_item
from guide.records import Turn
from guide.text.normalise import words
from guide.text.questions import is_question
from guide.text.sentences import message_sentences

Need = Literal["nothing", "person", "topic"]

MAX_TURNS = 40
"""How far back a conversation is read; an older topic has long been left or been named again."""

MAX_TOPIC_WORDS = 12
MAX_NAMES = 8
MAX_ANSWER_WORDS = 8
"""How many words a message takes at most of its conversation: of the topic, of names, of the last answer.
docs/retrieval.md says what was tried."""

MAX_PLAIN_ANSWER = 60
"""The words up to which the first words of an answer say what it was about; a longer one is a page to read."""

MAX_LISTED = 200
"""Characters of an item that a message points to; more would drown the message."""

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_FUNCTION_WORDS = frozenset(
    """
    a an the and or but nor if so as at by for from in into of off on onto out over than then to up with without
    about after before against between during under again through too very just also only own same such some any all
    each every no not is are was were be been being am do does did done doing have has had having can could will
    would shall should may might must i me my mine myself we us our ours you your yours he him his himself she her
    hers herself it its itself they them their theirs themselves this that these those who whom whose which what
    when where why how there here else other others another more most much many few one ones tell get got go goes
    going went make makes made let know think say says said mean means ever still even yet really please thanks
    thank ok okay yes yeah yep well hi hello oh sure maybe because while like kind sort thing things anything
    something way ways long often happen happened happens now exactly explain elaborate example examples i'm i've
    i'd i'll you're he's she's it's they're we're that's what's who's where's how's why's there's let's don't
    doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't shouldn't haven't hasn't hadn't im ive
    dont doesnt didnt isnt cant wont whats thats hes shes
    """.split()
)

_PEOPLE = (
    r"(?:partner|husband|wife|spouse|boyfriend|girlfriend|fianc[ée]e?|ex|man|woman|men|women|guy|girl|boy|son|daughter|child"
    r"|children|kids?|mother|father|mom|mum|dad|parents?|brother|sister|sibling|friend|colleague|boss|person|people|someone"
    r"|somebody|anyone|anybody|everyone|everybody|author|writer|therapist|doctor|family|couple|bf|gf|hubby|teen|teenager)"
)
_SOMEBODY = re.compile(rf"\b{_PEOPLE}\b", re.I)
_MY_PEOPLE = re.compile(rf"\b(?:my|our)\s+({_PEOPLE})\b", re.I)

# ── what shows that a message leans on another ───────────────────────────────────────────────────────────────────────

_GOES_ON = re.compile(
    r"^(?:and|but|or|so|also|then|plus|(?:what|how) about|what if|(?:what|who|where) else|how come|such as"
    r"|like (?:what|who|how)|for (?:example|instance)|(?:tell me|say) more|more|go on|any (?:more|other)"
    r"|in what way|(?:can you )?(?:explain|elaborate))\b",
    re.I,
)
_NEW_CLAUSE = re.compile(
    r"[.,;:!?]|\b(?:and|but|or|if|when|because|while|whether|before|after|until|than|so|that|who|which|since|though)\b",
    re.I,
)
_DUMMY_IT = re.compile(
    # “Is it normal to …”, “how long does it take”: this “it” stands for what follows.
    r"\bit(?:'s|\s+(?:is|was|be|takes?|feels?|seems?|means?|has|have|looks?))?(?:\s+[\w'’\-]+){0,4}?"
    r"\s+(?:to|that|if|when|for|like|because|or)\b|\b(?:take|feel) it\b",
    re.I,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers|he's|she's)\b", re.I)
_THING = re.compile(r"\b(?:it|its|it's|they|them|their|theirs|they're)\b", re.I)
_POSSESSIVES = ("its", "their", "theirs")
_THAT = r"(?:that|this|these|those)"
_TEXT_AT_HAND = r"(?:article|text|page|site|website|guide|version|piece|story|app)"
_POINTS_BACK = re.compile(
    # “that” where it stands for something, not where it begins a clause or names a time or the text at hand.
    rf"\b(?:is|isn't|was|does|doesn't|do|did|can|could|will|would|should|might|may|has|like|for|mean|by|at|on|after|before|than"
    rf"|without|why|how|from|to|all|what's)\s+{_THAT}\b"
    rf"(?!\s+(?:{_TEXT_AT_HAND}|week|month|year|morning|evening|moment|i|you|he|she|we|they|my|your)\b)"
    rf"|^{_THAT}\b(?!\s+{_TEXT_AT_HAND}\b)|\b{_THAT}\s*[?.!]*$|\bthose\b(?!\s+(?:who|with|that)\b)|\bthese\b",
    re.I,
)
_ABOUT_THAT = re.compile(rf"\b(?:about|of|with)\s+{_THAT}\b", re.I)
_COMPARES = re.compile(
    r"\bthe same\b(?!(?:\s+\w+)?\s+as\b)|\bsuch an?\b|\b(?:else|others?|another|either|neither|both|instead)\b"
    r"|\bones?\b(?!\s+(?:who|that|of|more)\b)|\b(?:do|did|does|if|think) so\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!can )\bthere\b(?!\s+(?:is|are|was|were|be|any|some|an?)\b)",
    re.I,
)
_ASKS_WHO = re.compile(r"^(?:who|whose|by whom)\b", re.I)
_ASKS_ABOUT = re.compile(
    r"^(?:(?:can you |please )?tell me about|(?:what|who)(?:'s|\s+(?:is|are|was|were|does)))\s+"
    r"(?!(?:the|this|that|his|her|their|its)\b)",
    re.I,
)
_FRAGMENT_WORDS = 4


def needs_context(message: str, known: Container[str] | None = None) -> Need:
    """What `message` can't be understood without, of what was said before: nothing, who is meant, or what it was about.

    `known` are the articles' words: a word of no article, however bare, starts something new.

    >>> messages = ("How so?", "And for my son?", "Did she study this?", "Is it normal to feel numb?")
    >>> [needs_context(message) for message in messages]
    ['topic', 'topic', 'topic', 'nothing']
    """
    own = content(message)
    if not own:
        return "topic" if is_question(message) or _GOES_ON.search(message) else "nothing"
    if len(own) <= 2 and (_GOES_ON.search(message) or _COMPARES.search(message)):
        return "topic"
    if len(own) <= 5 and (_lacks_antecedent(_THING, message) or _lacks_antecedent(_POINTS_BACK, message)):
        return "topic"
    if len(own) == 1:
        fragment = "?" in message and len(words(message)) <= _FRAGMENT_WORDS and not _ASKS_ABOUT.search(message)
        if _ABOUT_THAT.search(message) or (fragment and (known is None or own[0].lower() in known)):
            return "topic"
    return "person" if len(own) <= 3 and is_question(message) and _lacks_antecedent(_PERSON, message) else "nothing"


def stands_alone(message: str, known: Container[str] | None = None) -> bool:
    """Whether `message` needs nothing of what was said before it."""
    return needs_context(message, known) == "nothing" and not points_at_item(message)


def _lacks_antecedent(pronoun: re.Pattern[str], message: str) -> bool:
    """Whether `message` has such a pronoun and nothing before it that it could stand for."""
    plain = _DUMMY_IT.sub(" ", message)
    found = pronoun.search(plain)
    if not found:
        return False
    before = plain[: found.start()]
    if _SOMEBODY.search(before):
        return False
    if pronoun is _PERSON:
        return not names(before)
    if found[0].lower() in _POSSESSIVES:
        return not content(before)
    return not any(content(clause) for clause in _NEW_CLAUSE.split(before)[:-1])


# ── what it takes from there ─────────────────────────────────────────────────────────────────────────────────────────


def content(text: str, leave_out: Sequence[str] = ()) -> list[str]:
    """The words of `text` that say what it is about, each once, without those of `leave_out`.

    >>> content("What are the signs of it in a marriage?")
    ['signs', 'marriage']
    """
    seen = {_plain(word) for word in leave_out}
    found = []
    for word in words(text):
        plain = _plain(word)
        if plain not in _FUNCTION_WORDS and plain not in seen:
            seen.add(plain)
            found.append(word)
    return found


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


def names(text: str) -> list[str]:
    """The words of `text` that are capitalised inside a sentence, each once."""
    found = []
    # Behind a colon a capital proves as little as at the start of a sentence.
    for clause in (clause for sentence in message_sentences(text) for clause in sentence.split(": ")):
        found += [word for word in words(clause)[1:] if word[0].isupper() and _plain(word) not in _FUNCTION_WORDS]
    return list(dict.fromkeys(found))


_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t]+(\S.*)$", re.M)


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a conversation is about. Each question that stands on its own begins a new one."""

    topic: tuple[str, ...] = ()
    aspect: tuple[str, ...] = ()
    """What was asked of the topic: “signs” in “the signs of detachment”."""
    people: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """From the answers."""
    answer: tuple[str, ...] = ()
    asks_who: bool = False
    """Whether it began with a question for somebody: that is who a later “he” or “she” is."""
    asked: str = ""
    """Its last question, as it was searched."""
    listed: tuple[str, ...] = ()
    """What the last answer listed: the items in its text, or what was shown of the article."""


def follow(message: str, history: Sequence[Turn], known: Container[str] | None = None) -> str:
    """`message` with what it needs of `history` before it; itself if it needs nothing, or nothing is there.

    >>> follow("And for how long?", [Turn("user", "Can detachment be reversed?")])
    'detachment reversed And for how long?'
    """
    if stands_alone(message, known):
        return message
    thread = _Thread()
    for turn in history[-MAX_TURNS:]:
        if turn.role == "user" and turn.content.strip():
            thread = _after_question(turn, thread, known)
        elif turn.role == "assistant":
            thread = _after_answer(turn.content, thread)
    return _complete(message, thread, known)


def _after_question(turn: Turn, thread: _Thread, known: Container[str] | None) -> _Thread:
    message = turn.content
    if items := _picked(message, thread):
        # The list that was shown stays the one that “the second one” means.
        return replace(thread, topic=tuple(content(" ".join(items))[:MAX_TOPIC_WORDS]), aspect=())
    searched = _complete(message, thread, known)
    if thread.topic and (searched != message or needs_context(message, known) != "nothing"):
        topic = (*thread.topic, *content(message, thread.topic))[:MAX_TOPIC_WORDS]
        return replace(thread, topic=topic, asked=searched, listed=turn.shown)
    aspect, _, topic_of_it = message.partition(" of ")
    topic = tuple(content(topic_of_it))
    aspect_words = content(aspect, topic) if topic else []
    # People stay in a conversation when its topic changes.
    people = dict.fromkeys((*names(message), *(found[1] for found in _MY_PEOPLE.finditer(message)), *thread.people))
    return _Thread(
        topic=(topic or tuple(content(message)))[:MAX_TOPIC_WORDS],
        aspect=tuple(aspect_words[:MAX_TOPIC_WORDS]),
        people=tuple(people)[:MAX_NAMES],
        names=thread.names,
        asks_who=bool(_ASKS_WHO.search(message)),
        asked=message,
        listed=turn.shown,
    )


def _after_answer(answer: str, thread: _Thread) -> _Thread:
    return replace(
        thread,
        names=tuple(dict.fromkeys((*names(answer), *thread.names)))[:MAX_NAMES],
        answer=tuple(content(answer)[:MAX_ANSWER_WORDS]) if len(words(answer)) <= MAX_PLAIN_ANSWER else (),
        listed=tuple(_ITEM.findall(answer)) or thread.listed,
    )


def _complete(message: str, thread: _Thread, known: Container[str] | None) -> str:
    if not thread.asked:
        return message
    if items := _picked(message, thread):
        return f"{message} {' '.join(item[:MAX_LISTED] for item in items)}"
    need = needs_context(message, known)
    if need == "nothing":
        return message
    sources = [thread.people, thread.names]
    if need == "topic" or thread.asks_who:
        # A message with a word of its own asks something else of the same topic.
        sources = [() if content(message) else thread.aspect, thread.topic, *sources]
    if need == "topic":
        sources.append(thread.answer)
    taken = content(" ".join(word for source in sources for word in source), words(message))
    return " ".join([*taken, message])


def _picked(message: str, thread: _Thread) -> list[str]:
    """The items of the thread's list that `message` points to."""
    return pick(message, [thread.asked], thread.listed)
