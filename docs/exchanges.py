"""Writes real exchanges with Guide into docs/exchanges.md: `python docs/exchanges.py`.

The messages stand below. Each is sent to Guide as it ships, over the shipped article, after those before it in its
conversation, and what comes back is written down between two marks: nothing is chosen or mended.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

# Before numpy is imported, as `guide ask` does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT))

from guide.chat.render import Exchange  # noqa: E402 (the checkout's own guide/ is the one to be asked)
from guide.chat.texts import texts_for  # noqa: E402
from guide.config import Config  # noqa: E402
from guide.embedding.choose import open_builder  # noqa: E402
from guide.errors import QuestionError  # noqa: E402
from guide.guide import Guide  # noqa: E402
from guide.index.build import build  # noqa: E402
from guide.levels import is_crisis, is_danger  # noqa: E402
from guide.records import Answer, Assessment, QuotedPassage  # noqa: E402

ARTICLE = ROOT / "corpus" / "emotional-detachment.md"
PAGE = DOCS / "exchanges.md"
BEGIN, END = "<!-- exchanges: written by docs/exchanges.py -->", "<!-- end of the exchanges -->"

COUNTRY = "IE"
"""Whose help lines a card shows."""


@dataclass(frozen=True)
class Tap:
    """A person taps the first choice that Guide has offered; where it has offered none, they type `otherwise`."""

    otherwise: str


Message = str | Tap

CONVERSATIONS: tuple[tuple[str, tuple[Message, ...]], ...] = (
    (
        "Somebody who doesn’t know how to begin",
        ("hi there", "i dont know what to do anymore", Tap("my husband has gone cold on me")),
    ),
    (
        "A question, and what is said after it",
        (
            "how do i notice that somebody is emotionally detached",
            "and why does it happen?",
            "what about my kids, does it do something to them",
            "can you say that shorter",
            "tell me more",
            "the second one",
        ),
    ),
    (
        "A long story",
        (
            "I have been with Tom for eleven years and we have two girls, six and nine. Last spring his brother died, "
            "and he never cried, he just went back to work the Monday after. Since then he comes home, eats, and sits "
            "in the garage with the radio on. If I ask how he is he says fine. The girls have stopped asking him to "
            "read to them. My sister says I should give him an ultimatum, my mother says men are like that. We used to "
            "laugh so much, on Sundays we went to the sea with a flask of tea. I am not angry with him, I only miss "
            "him, and I am so tired of talking to a wall. How can I talk to him about it without making it worse?",
            "thanks, that’s a start",
        ),
    ),
    ("Who is there", ("am i talking to a real person or a machine", "who gets to read what i tell you")),
    (
        "What isn’t a question in English",
        ("mi marido ya no me habla desde hace meses", "sdfkj lkjwe qqpo", "you are useless, you stupid thing"),
    ),
    ("What the article is about, and what it isn’t", ("sum up the article for me", "what does couples therapy cost")),
    (
        "Somebody who could use a professional",
        ("i have felt empty for months, i cant get up in the morning and nothing gives me joy anymore",),
    ),
    ("A goodbye", ("ok thats it for tonight, bye",)),
)


def main() -> None:
    """Writes the page."""
    PAGE.write_text(with_exchanges(PAGE.read_text("utf-8"), written()), encoding="utf-8")


def with_exchanges(page: str, exchanges: str) -> str:
    """The page with `exchanges` between the two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{exchanges}\n\n{END}{after}"


def written() -> str:
    """All conversations as Markdown, their exchanges numbered from 1."""
    parts: list[str] = []
    number = 0
    with TemporaryDirectory() as folder:
        encoder = open_builder(Config())
        build([ARTICLE], Path(folder), encoder, encoder.identity)
        guide = Guide.open(folder, Config())
        for title, messages in CONVERSATIONS:
            parts.append(f"## {title}")
            for exchange in held(guide, messages):
                number += 1
                parts += shown(exchange, number)
    return "\n\n".join(parts)


def held(guide: Guide, messages: Sequence[Message]) -> Iterator[Exchange]:
    """The exchanges of one conversation; Guide is told of the earlier ones what the chat tells it."""
    before: list[Exchange] = []
    for message in messages:
        exchange = asked(guide, typed(message, before), before)
        yield exchange
        before.append(exchange)


def typed(message: Message, before: Sequence[Exchange]) -> str:
    """What the person sends."""
    if isinstance(message, str):
        return message
    offered = before[-1].answer.choices if before and before[-1].answer else ()
    return offered[0].message if offered else message.otherwise


def asked(guide: Guide, message: str, before: Sequence[Exchange]) -> Exchange:
    """One exchange, after those `before` it; a message that Guide doesn't take has the sentence that says why."""
    try:
        return Exchange(message, guide.ask(message, [one.turn for one in before], COUNTRY))
    except QuestionError as error:
        return Exchange(message, fault=str(error), safety=error.safety)


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(exchange: Exchange, number: int) -> Iterator[str]:
    """One exchange as paragraphs: what the person wrote, then in its order what Guide shows."""
    yield f"**{number}. Person:** {exchange.question}"
    if exchange.decided:
        yield from card(exchange.decided)
    answer = exchange.answer
    if answer is None:
        yield f"**Guide:** {exchange.fault}"
    elif not is_crisis(answer.safety.level):
        yield from answered(answer)


def card(safety: Assessment) -> Iterator[str]:
    """The help card, if there is one."""
    if not safety.message:
        return
    yield "**Guide, on a card:** " + safety.message
    if safety.criteria:
        yield "\n".join(
            f"- {'The article' if one.passage_id else 'Guide'} names this as a time to seek help: “{one.quote}”"
            for one in safety.criteria
        )
    if lines := [f"- {', '.join(filter(None, (one.name, one.phone, one.url)))}" for one in safety.helplines]:
        yield "\n".join(lines)


def answered(answer: Answer) -> Iterator[str]:
    """Guide's reply, the words that it quotes with their sections, and what can be said next."""
    texts = texts_for("en")
    said = [answer.reply] if answer.reply and not is_danger(answer.safety.level) else []
    if answer.answers:
        said.append(f"You write: “{answer.answers}”")
    if answer.passages and not answer.covered and not is_danger(answer.safety.level):
        said.append(texts["not_covered"])
    if said:
        yield "**Guide:** " + " ".join(said)
    if answer.covered:
        if not said:
            yield "**Guide** quotes:"
        for passage in answer.passages if answer.brief else answer.passages[:1]:
            yield quoted(passage)
    if answer.safety.offer_message:
        yield f"*{answer.safety.offer_message}*"
    if answer.also_asked:
        yield "You also wrote: " + " · ".join(f"“{words}”" for words in answer.also_asked)
    if answer.choices:
        yield "Choices: " + " · ".join(f"[ {choice.label} ]" for choice in answer.choices)


def quoted(passage: QuotedPassage) -> str:
    """The words that answer, in reading order, as a quotation with its section."""
    points = sorted(passage.points, key=lambda point: point.start)
    lines = [f"> - {point.text}" if point.kind != "sentence" else f"> {point.text}" for point in points]
    return "\n".join([*lines, ">", f"> — *{passage.section[-1]}*"])


if __name__ == "__main__":
    main()
