"""A long message, or one with several questions → the question to answer."""

import re
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

MAX_ALSO_ASKED = 5

_CLAUSE = re.compile(r"(?<=[,;:–—])\s+|\s+(?=(?:and|but|so|because|then)\b)", re.I)


@dataclass(frozen=True, slots=True)
class MainQuestion:
    """What a message asks: the question, the part of the message that it needs to be understood, other questions."""

    question: str
    story: str = ""
    others: tuple[str, ...] = ()


def main_question(message: str, lexicon: Lexicon | None = None) -> MainQuestion:
    """The question of `message` to answer.

    A story leads up to its question, so its last one counts; of a bare list of questions the first does, and the others
    can be asked next in their order. Questions that stand on their own come before those that don't.

    >>> main_question("What is detachment? Who wrote this article? Can a marriage end because of it?").question
    'What is detachment?'
    """
    whole = " ".join(message.split())
    sentences = _sentences(message)
    # In a message with a question mark, only what has one is a question.
    asks = (lambda sentence: "?" in sentence) if "?" in whole else is_question
    questions = list(dict.fromkeys(sentence for sentence in sentences if asks(sentence) and content(sentence)))
    alone = [question for question in questions if needs_context(question, lexicon) == "nothing"]
    if len(words(whole)) <= MAX_WHOLE_WORDS and (len(questions) < 2 or not alone):
        return MainQuestion(whole)
    told = [sentence for sentence in sentences if not asks(sentence)]
    if not told:
        main = (alone or questions or sentences)[0]
        return MainQuestion(main, others=_others(questions, main))
    if alone:
        return MainQuestion(alone[-1], others=_others(questions, alone[-1]))
    asked = (questions or [sentence for sentence in sentences if asks(sentence)] or [""])[-1]
    return MainQuestion(asked, gist(told, lexicon), _others(questions, asked))


def _sentences(message: str) -> list[str]:
    """The sentences of `message`; of one too long to search, its clauses."""
    found: list[str] = []
    for part in message_sentences(message):
        sentence = " ".join(part.split())
        found += _CLAUSE.split(sentence) if len(words(sentence)) > MAX_WHOLE_WORDS else [sentence]
    return [sentence for sentence in found if sentence]


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
