"""Whether a message leans on what was said before, and the words of it that say what it is about."""

import re
from collections.abc import Container, Sequence
from typing import Literal

from guide.query.ordinals import points_at_item
from guide.text.normalise import words
from guide.text.questions import is_question
from guide.text.sentences import message_sentences

Need = Literal["nothing", "topic"]

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
_ASKS_ABOUT = re.compile(
    r"^(?:(?:can you |please )?tell me about|(?:what|who)(?:'s|\s+(?:is|are|was|were|does)))\s+"
    r"(?!(?:the|this|that|his|her|their|its)\b)",
    re.I,
)
_FRAGMENT_WORDS = 4


def needs_context(message: str, known: Container[str] | None = None) -> Need:
    """What `message` can't be understood without, of what was said before: nothing, or what it was about.

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
    return "topic" if len(own) <= 3 and is_question(message) and _lacks_antecedent(_PERSON, message) else "nothing"


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


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────────


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
