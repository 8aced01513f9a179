"""A conversation to take along: as Markdown, made in memory and handed to the browser within the page."""

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from guide.chat.passage_html import EMPTY
from guide.chat.render import Exchange
from guide.chat.talk_sheet import sheet
from guide.chat.texts import Texts, mended_words, page_names
from guide.levels import is_crisis, is_danger
from guide.records import Answer, Assessment, Helpline, QuotedPassage
from guide.safety.helplines import line_offered

FILE_NAME = "guide.md"
_NOTHING = Assessment("none", "self", "en")
"""What counts where the safety gate had nothing to decide on."""


def take_along(exchanges: Sequence[Exchange], texts: Texts) -> Markup:
    """The ways to keep the conversation; none before anything but a reply has come, none beside the way to help, nor
    where a file could put somebody in danger.
    """
    decided = [exchange.decided or _NOTHING for exchange in exchanges]
    told = {level for safety in decided for level in (safety.level, safety.earlier, safety.also_earlier)}
    if not any(map(_worth_keeping, exchanges)) or is_crisis(decided[-1].level) or "abuse" in told:
        return EMPTY
    return Markup(
        '<div class="take-along" role="group" aria-label="{title}">'
        '<a class="button" download="{name}" href="data:text/markdown;charset=utf-8,{data}">{save}</a>'
        '<button type="button" class="button print">{printed}</button></div>{sheet}'
    ).format(
        title=texts["take_along"],
        name=FILE_NAME,
        data=quote(conversation_markdown(exchanges, texts), safe=""),
        save=texts["save_markdown"],
        printed=texts["print_page"],
        sheet=sheet(exchanges, texts),
    )


def _worth_keeping(exchange: Exchange) -> bool:
    """Whether it holds more than words of Guide's own, such as a greeting."""
    answer = exchange.answer
    return answer is None or answer.covered or not answer.reply or bool(answer.safety.message)


def conversation_markdown(exchanges: Sequence[Exchange], texts: Texts) -> str:
    """The conversation as Markdown: each message, the way to help, the reply, the quotations with their sections."""
    parts = [f"*{texts['saved_from']}*"]
    for exchange in exchanges:
        parts.append(f"## {_plain(exchange.question)}")
        answer, safety = exchange.answer, exchange.decided or _NOTHING
        parts += _help(safety)
        parts += _answered(exchange, answer, texts) if answer else [_plain(exchange.fault)]
        parts += _offer(safety)
    return "\n\n".join(parts) + "\n"


def _help(safety: Assessment) -> list[str]:
    return [safety.message, "\n".join(map(_line, safety.helplines))] if safety.message else []


def _offer(safety: Assessment) -> list[str]:
    if not safety.offer_message:
        return []
    line = line_offered(safety.helplines)
    return [safety.offer_message, *([_line(line)] if line else [])]


def _line(line: Helpline) -> str:
    return "- " + _plain(", ".join(filter(None, (line.name, line.phone, line.sms, line.url))))


def _answered(exchange: Exchange, answer: Answer, texts: Texts) -> list[str]:
    """What Guide replied, how it read the message, and what it quoted; nothing of it in a crisis."""
    level = answer.safety.level
    if is_crisis(level):
        return []
    parts = [_plain(answer.reply)] if answer.reply and not is_danger(level) else []
    if not answer.covered:
        return parts or ([] if is_danger(level) else [texts["not_covered"]])
    if exchange.as_typed:
        parts.append(texts["as_typed"])
    elif answer.corrections:
        parts.append(_plain(mended_words(answer.corrections, texts)))
    if answer.answers:
        parts.append(_plain(texts["you_write"].format(words=answer.answers)))
    further = answer.passages[len(answer.in_view) :]
    quoted = [_quotation(passage, texts, brief=answer.points_alone) for passage in answer.in_view]
    return parts + quoted + [_quotation(passage, texts, brief=False) for passage in further]


def _quotation(passage: QuotedPassage, texts: Texts, *, brief: bool) -> str:
    points = sorted(passage.points, key=lambda point: point.start) if brief else ()
    words = "\n\n".join(point.text for point in points) or passage.text
    lines = "\n".join(f"> {line}".rstrip() for line in words.splitlines())
    place = ", ".join(filter(None, (_plain(" › ".join(passage.section)), page_names(passage.pages, texts))))
    return f"{lines}\n>\n> – {place}"


def _plain(text: str) -> str:
    """`text` on one line, so that it can't begin a line of its own."""
    return " ".join(text.split())
