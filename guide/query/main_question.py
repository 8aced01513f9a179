"""A long message, or one with several questions → the part of it to answer, and what that needs to be understood."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from guide.query.follow_up import content, needs_context
from guide.text.lexicon import Lexicon
from guide.text.normalise import words
from guide.text.questions import is_question
from guide.text.sentences import message_sentences

MAX_WHOLE_WORDS = 40
"""The words up to which a message of one question is searched as it is; docs/retrieval.md says what was tried."""

MAX_GIST_WORDS = 40
"""How many words of a story are searched along with a question that can't be understood without it."""

MAX_STRETCH_WORDS = 150
MAX_STRETCHES = 4
"""How many words of a story are searched at a time, about what the default model reads, and how many times; of a longer
one, what says most about the articles' subject."""

MAX_ALSO_ASKED = 5
MAX_ALSO_ASKED_WORDS = 25
"""How many words what else a story asks may have: a longer one tells more than it asks."""

_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:and|but|so|because|then)\b)", re.I)
CLAUSE_WORDS = 12
"""From how many words on a clause of an endless sentence is looked at by itself."""

_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]?")
_WHO = r"(?:i|we|you|u|one|he|she|they|a person|people|somebody|someone|anyone)"
_ADVERBS = r"(?:(?:just|only|really|honestly|also|still|simply|even)\s+)*"
_ANNOUNCES = re.compile(
    # “What I want to know is …”, “I suppose I'm asking whether …”
    rf"\b(?:i(?:['’]d| would|d)? {_ADVERBS}(?:want|need|like|love) to (?:know|ask|understand|find out)"
    rf"|i(?:['’]m|m| am) {_ADVERBS}(?:asking|wondering)|i wonder|(?:my|the) question is)\b",
    re.I,
)
_WANTS_TO_KNOW = re.compile(
    rf"\b(?:(?<!n't )(?<!n’t )(?<!nt )(?<!not )tell me|help me|(?:at )?(?:what|which) (?:point|stage)"
    rf"|(?:how|where|when|why) (?:do|does|can|could|should|would|am|is) {_ADVERBS}{_WHO}"
    rf"|what (?:do|does|can|could|should|would|am|shall) {_ADVERBS}{_WHO}|should (?:i|we)|am i|do i"
    r"|is (?:it|this|that) (?:normal|possible|okay?|wrong|bad|allowed|true|right|healthy)|is there (?:an?|any|some)"
    r"|any (?:advice|ideas?|tips|thoughts)|(?:don['’]?t|do not) (?:know|understand) (?:how|what|why|whether|if|where)"
    r"|(?:no|haven['’]?t (?:the first|any|an)) idea (?:how|what|why|whether|if|where))\b",
    re.I,
)
_OPENS_QUESTION = re.compile(
    r"^(?:(?:and|but|so|or|then|like)\s+)*(?:is|are|am|do|does|can|could|will|would|should|might)\s+\w+", re.I
)
_WISHES = re.compile(
    rf"\bi(?:['’]d| would|d| do)? {_ADVERBS}(?:want|wish|need|hope)\b|\bi(?:['’]d| would|d) {_ADVERBS}(?:like|love)\b"
    r"|\bi(?:['’]m| am) (?:hoping|looking for|after)\b|\bi(?:['’]d| would) give\b",
    re.I,
)
_REPORTS = re.compile(r"\b(?:said|says|asked|asks|told|tells)\b.*", re.I)

LEAST_CONTENT = 2
AMPLE_CONTENT = 3
"""How many words that say what it is about a question of a story must have to be searched without the story's gist
before it; and how many, if it has a “that” or an “it”.
"""


@dataclass(frozen=True, slots=True)
class MainQuestion:
    """What a message asks: the question, the part of the message that it needs to be understood, other questions."""

    question: str
    story: str = ""
    others: tuple[str, ...] = ()
    stretches: tuple[str, ...] = ()
    """Of a long message all that it says, which has a say in what answers, in stretches short enough to search."""


def main_question(message: str, lexicon: Lexicon | None = None) -> MainQuestion:
    """The question of `message` to answer.

    A story leads up to its question, so its last one counts; of a bare list of questions the first does, and the others
    can be asked next in their order. Questions that stand on their own come before those that don't. A story may also
    say what is wanted without asking: “I don't know how to tell him”, “What I'd like is a quiet evening”.

    >>> main_question("What is detachment? Who wrote this article? Can a marriage end because of it?").question
    'What is detachment?'
    """
    whole = " ".join(message.split())
    sentences = _sentences(message)
    # In a message with a question mark, only what has one is a question.
    asks: Callable[[str], bool] = (lambda sentence: "?" in sentence) if "?" in whole else is_question
    questions = list(dict.fromkeys(sentence for sentence in sentences if asks(sentence) and content(sentence)))
    alone = [question for question in questions if needs_context(question, lexicon) == "nothing"]
    long = len(words(whole)) > MAX_WHOLE_WORDS
    if not long and (len(questions) < 2 or not alone):
        return MainQuestion(whole)
    told = [sentence for sentence in sentences if not asks(sentence)]
    if not told:
        main = (alone or questions or sentences)[0]
        return MainQuestion(main, others=_others(questions, main))
    if long:
        return _of_story(sentences, lexicon)
    return MainQuestion(alone[-1], others=_others(questions, alone[-1]))


def _of_story(sentences: list[str], lexicon: Lexicon | None) -> MainQuestion:
    """What a story asks, or wants, and all that it tells."""
    wants = [_want(sentence, last=row == len(sentences) - 1) for row, sentence in enumerate(sentences)]
    asked = [row for row, want in enumerate(wants) if want]
    others = tuple(sentences[row] for row in asked if _can_be_asked(sentences[row], lexicon))
    stretches = _stretches(sentences, lexicon)
    if not asked:
        return MainQuestion("", gist(sentences, lexicon), (), stretches)
    # Asking counts more than wishing, then that it says what about, then how late it comes.
    main = max(asked, key=lambda row: (wants[row], _says_enough(sentences[row], lexicon), row))
    question = sentences[main]
    told = [sentence for sentence, want in zip(sentences, wants, strict=True) if not want]
    story = "" if _says_enough(question, lexicon) else gist(told or sentences, lexicon)
    return MainQuestion(question, story, _others(list(dict.fromkeys(others)), question), stretches)


def _want(sentence: str, *, last: bool) -> int:
    """Whether `sentence` says that this is the question (3), asks something (2), only wishes for something (1), or none
    of these (0). What somebody else is quoted with counts as none.
    """
    unquoted = _QUOTED.sub(" ", sentence).strip()
    own = _REPORTS.sub("", unquoted).strip()
    if _ANNOUNCES.search(own):
        return 3
    if "?" in unquoted or _WANTS_TO_KNOW.search(own) or (last and (is_question(own) or _OPENS_QUESTION.search(own))):
        return 2
    return int(is_question(own) or bool(_WISHES.search(own)))


def _says_enough(question: str, lexicon: Lexicon | None) -> bool:
    """Whether a question of a story can be searched without the rest: “What am I supposed to do?” can't."""
    known = len(content(question))
    return known >= AMPLE_CONTENT or (known >= LEAST_CONTENT and needs_context(question, lexicon) == "nothing")


def _can_be_asked(sentence: str, lexicon: Lexicon | None) -> bool:
    """Whether `sentence` is a question from its first to its last word, and says what about."""
    # “When she is sad I go to my room” begins like a question and is none: without its mark, nothing tells them apart.
    asks = sentence.endswith("?") or bool(_ANNOUNCES.search(sentence))
    return asks and len(words(sentence)) <= MAX_ALSO_ASKED_WORDS and _says_enough(sentence, lexicon)


def _stretches(sentences: list[str], lexicon: Lexicon | None) -> tuple[str, ...]:
    """All sentences, one after the other, cut into stretches; of too many, those that say most about the subject."""
    room = MAX_STRETCH_WORDS * MAX_STRETCHES
    lengths = [len(words(sentence)) for sentence in sentences]
    if sum(lengths) > room:
        kept, taken = set[int](), 0
        for row in sorted(range(len(sentences)), key=lambda row: (-_weight(sentences[row], lexicon), -row)):
            if taken + lengths[row] <= room:
                kept.add(row)
                taken += lengths[row]
        sentences = [sentence for row, sentence in enumerate(sentences) if row in kept]
    total = sum(len(words(sentence)) for sentence in sentences)
    count = min(MAX_STRETCHES, max(1, -(-total // MAX_STRETCH_WORDS)))
    stretches: list[list[str]] = [[] for _ in range(count)]
    taken = 0
    for sentence in sentences:
        stretches[min(count - 1, taken * count // max(total, 1))].append(sentence)
        taken += len(words(sentence))
    return tuple(" ".join(stretch) for stretch in stretches if stretch)


def _sentences(message: str) -> list[str]:
    """The sentences of `message`; of one too long to search, its clauses, the short ones with those before them."""
    found: list[str] = []
    for part in message_sentences(message):
        sentence = " ".join(part.split())
        found += _clauses(sentence) if len(words(sentence)) > MAX_WHOLE_WORDS else [sentence]
    return [sentence for sentence in found if sentence]


def _clauses(sentence: str) -> list[str]:
    """`sentence` cut where a clause of it begins; a question always begins a new part."""
    found: list[str] = []
    for clause in _CLAUSE.split(sentence):
        asks = is_question(clause) or _WANTS_TO_KNOW.search(clause)
        if found and len(words(found[-1])) < CLAUSE_WORDS and not asks:
            found[-1] = f"{found[-1]} {clause}"
        else:
            found.append(clause)
    return found


def gist(sentences: list[str], lexicon: Lexicon | None = None) -> str:
    """The sentences, in order, that say most about what the articles are about; without a lexicon, the last ones."""
    weights = [_weight(sentence, lexicon) for sentence in sentences]
    # Of sentences that say as much, the later one is nearer to the question.
    order = sorted(range(len(sentences)), key=lambda row: (-weights[row], -row))
    taken: list[int] = []
    length = 0
    for row in order:
        size = len(words(sentences[row]))
        if taken and (length + size > MAX_GIST_WORDS or weights[row] < weights[order[0]] / 3):
            break
        taken.append(row)
        length += size
    return " ".join(" ".join(sentences[row].split()[: 2 * MAX_GIST_WORDS]) for row in sorted(taken))


def _weight(sentence: str, lexicon: Lexicon | None) -> float:
    return sum(lexicon.specificity(word) for word in content(sentence)) if lexicon else 0.0


def _others(questions: list[str], *answered: str) -> tuple[str, ...]:
    return tuple(question for question in questions if question not in answered)[:MAX_ALSO_ASKED]
