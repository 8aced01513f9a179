"""Answers as text on a terminal."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from guide.chat.texts import mended_words, page_names, texts_for
from guide.index.state import State
from guide.levels import is_crisis
from guide.records import Answer, Assessment, Helpline, Passage, QuotedPassage
from guide.safety.helplines import line_offered
from guide.safety.visibility import held_back_because
from guide.safety.wording import card_labels, left_to_right


def print_answer(answer: Answer, names: Mapping[str, str] | None = None) -> None:
    """Prints the help card first, then the quoted words with their places, or what the article doesn't cover.

    `names` are what to call the articles, by their ids, where there are several.
    """
    names = names or {}
    console = _console()
    print_safety(answer.safety)
    if reason := held_back_because(answer.safety):
        console.print(texts_for("en")[f"held_back_{reason}"], style="dim")
    if answer.reply:
        console.print(answer.reply)
    if answer.passages:
        if answer.corrections:
            console.print(mended_words(answer.corrections, texts_for("en")), style="dim")
        if answer.answers:
            console.print(texts_for("en")["you_write"].format(words=answer.answers), style="dim")
        _print_passages(console, answer, names)
    if answer.choices:
        console.print("\nYou could say", style="bold")
        for choice in answer.choices:
            console.print(f"  {choice.message}")
    print_offer(answer.safety)


def _print_passages(console: Console, answer: Answer, names: Mapping[str, str]) -> None:
    for sentence in answer.phrased:
        numbers = [str(n) for n, shown in enumerate(answer.passages, start=1) if shown.id in sentence.passage_ids]
        console.print(f"{sentence.text} [{', '.join(numbers)}]")
    if answer.phrased:
        console.print("A language model wrote these sentences; the article's own words are:\n", style="dim")
    if answer.covered and answer.points_alone:
        if answer.closest and not answer.reply:
            console.print(texts_for("en")["says_closest"])
        for number, passage in enumerate(answer.in_view, start=1):
            _print_points(console, number, passage, names)
    elif answer.covered:
        first, *further = answer.passages
        _print_quoted(console, 1, first, names)
        if further:
            console.print("\nSee also", style="bold")
            for number, passage in enumerate(further, start=2):
                console.print(f"  [{number}] {_place(passage, names)}", style="dim")
    else:
        console.print(_refusal(answer))
        for number, passage in enumerate(answer.passages[:3], start=1):
            console.print(f"  [{number}] {_place(passage, names)}", style="dim")
    if answer.also_asked:
        console.print("\nYou also wrote; ask it again by itself", style="bold")
        for question in answer.also_asked:
            console.print(f"  {question}")
    if answer.related:
        console.print("\nYou could ask next", style="bold")
        for related in answer.related:
            console.print(f"  {related.question}")


def print_safety(safety: Assessment) -> None:
    """Prints the help card, if there is one."""
    if not safety.message:
        return
    console = _console()
    console.print(safety.message, style="bold" if is_crisis(safety.level) else "")
    for criterion in safety.criteria:
        source = "The article" if criterion.passage_id else "Guide"
        console.print(f"  {source} names this as a time to seek help: “{criterion.quote}”")
    for line in safety.helplines:
        _print_helpline(console, line, safety.language)
    console.print()


def print_offer(safety: Assessment) -> None:
    """Prints the quiet line that offers help under an answer, with the one line to call, if there is an offer."""
    if not safety.offer_message:
        return
    console = _console()
    console.print(f"\n{safety.offer_message}", style="dim")
    if line := line_offered(safety.helplines):
        _print_helpline(console, line, safety.language)


def _print_helpline(console: Console, line: Helpline, language: str) -> None:
    english = {"call": "call {phone}", "text_to": "text {sms}", "text_word": "text {word} to {sms}"}
    labels = english | dict(card_labels(language))
    phone, sms = (left_to_right(number, language) for number in (line.phone, line.sms))
    call = labels["call"].format(phone=phone)
    text = labels["text_word" if line.sms_text else "text_to"].format(word=line.sms_text, sms=sms)
    ways = ", ".join(filter(None, [line.phone and call, line.sms and text, line.url]))
    # The local emergency number, where no country is known, is only spoken of: its name says all.
    named = f"{line.name}: {ways}" if ways else line.name
    console.print(f"  • {named}" + (f" ({line.hours})" if line.hours and ways else ""))


def print_assessment(assessment: Assessment) -> None:
    """Prints the level, why, and the help card."""
    console = _console()
    before = f", after {assessment.earlier}" if assessment.earlier != "none" else ""
    about = "somebody else" if assessment.audience == "other" else "the writer"
    offer = f", offering help as for {assessment.offer}" if assessment.offer else ""
    console.print(f"level: {assessment.level}{before}{offer}; about {about}; language {assessment.language}")
    for match in assessment.matches:
        console.print(f"  {match.rule}: “{match.text}”. {match.reason}", style="dim")
    print_safety(assessment)
    print_offer(assessment)


def print_passages(index: State, passages: Iterable[Passage], *, questions: bool = False) -> None:
    """Prints the passages with their places, what their sections are for, and their points; or, in place of these, the
    questions that find them, each with who wrote it.
    """
    console = _console()
    for passage in passages:
        text = index.texts[passage.article_id]
        heading = " › ".join(passage.section) + ("" if passage.role == "body" else f"  [{passage.role}]")
        console.print(f"{passage.id}  {passage.article_id}:{passage.start}–{passage.end}  {heading}", style="bold")
        for question in passage.asked if questions else ():
            console.print(Padding(f"? {question.text}  [{question.origin}]", (0, 0, 0, 2), expand=False))
        for point in () if questions else passage.points:
            console.print(Padding(f"– {text[point.start : point.end]}", (0, 0, 0, 2), expand=False))


def _console() -> Console:
    # Markup is off: square brackets in an article or a question are text. Wide output is left whole for other programs.
    console = Console(markup=False, highlight=False, emoji=False)
    return console if console.is_terminal else Console(markup=False, highlight=False, emoji=False, width=10_000)


def _print_quoted(console: Console, number: int, passage: QuotedPassage, names: Mapping[str, str]) -> None:
    words = Text(passage.text)
    for point in passage.points:
        words.stylize("bold", point.start - passage.start, point.end - passage.start)
    console.print(f"[{number}] {_place(passage, names)}", style="dim")
    console.print(Padding(words, (0, 0, 0, 4), expand=False))


def _print_points(console: Console, number: int, passage: QuotedPassage, names: Mapping[str, str]) -> None:
    """Prints the points that answer, in reading order, or the passage where none is named."""
    if not passage.points:
        _print_quoted(console, number, passage, names)
        return
    console.print(f"[{number}] {_place(passage, names)}", style="dim")
    for point in sorted(passage.points, key=lambda point: point.start):
        console.print(Padding(f"– {point.text}", (0, 0, 0, 4), expand=False))


def _place(passage: QuotedPassage, names: Mapping[str, str]) -> str:
    named = [names[passage.article]] if len(names) > 1 else []
    page = f", {found}" if (found := page_names(passage.pages, texts_for("en"))) else ""
    place = f"{passage.article}{page}, characters {passage.start}–{passage.end}"
    return f"{' › '.join([*named, *passage.section])}  ({place})"


def _refusal(answer: Answer) -> str:
    missing = " or ".join(f"“{word}”" for word in answer.not_mentioned)
    about = f"The article doesn’t mention {missing}. " if missing else ""
    return f"{about}I found no passage that answers this. The nearest sections are:"
