"""A message in a language that Guide doesn't understand: it is said so, kindly, through every door."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from chat.page import read
from fake_encoder import FakeEncoder

from guide.answering.to_json import answer_to_json
from guide.chat.download import conversation_markdown
from guide.chat.library import Library
from guide.chat.render import Exchange, announcement, render_answer
from guide.chat.texts import texts_for
from guide.cli import main
from guide.commands.terminal import print_answer
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.languages.words import help_languages
from guide.safety import assess
from guide.safety.wording import card_labels, offer_lines, only_english

ARTICLE = """\
# Distance

## What is distance?

Distance is a habit of keeping feelings away.
"""
GERMAN = """\
---
language: {language}
---
# Abstand

## Was ist emotionaler Abstand?

Wer Abstand hält, zeigt seine Gefühle selten und zieht sich zurück, wenn ein Gespräch ihm zu nah wird.
"""
QUESTIONS = {
    "es": "mi marido no me habla y no sé qué hacer",
    "fr": "mon mari ne me parle plus du tout",
    "de": "mein Mann redet kaum noch mit mir",
    "ru": "мой муж со мной не разговаривает",
    "ar": "زوجي لا يتحدث معي",
    "zh": "老公不跟我说话怎么办",
    "fi": "mieheni ei enää puhu minulle ollenkaan",
}


def guide_over(folder: Path, *articles: str) -> Guide:
    paths = [folder / f"article-{number}.md" for number in range(len(articles))]
    for path, text in zip(paths, articles, strict=True):
        path.write_text(text, encoding="utf-8")
    encoder = FakeEncoder()
    build(paths, folder / "index", encoder, encoder.identity)
    return Guide(open_index(folder / "index"), encoder)


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    return guide_over(tmp_path, ARTICLE)


@pytest.mark.parametrize("language", QUESTIONS)
def test_it_is_answered_in_its_language_and_nothing_is_quoted(guide: Guide, language: str) -> None:
    answer = guide.ask(QUESTIONS[language])
    assert answer.reply == only_english(language)
    assert ("only understand English" in answer.reply) == (language == "fi")
    assert (answer.passages, answer.related, answer.not_mentioned, answer.corrections) == ((), (), (), ())
    assert not answer.covered
    assert answer.searched_as == QUESTIONS[language]
    assert answer.safety.language == language
    assert answer.safety.level == "none"


@pytest.mark.parametrize("country", ["ES", "MX", None])
@pytest.mark.parametrize(
    "message",
    [
        "mi marido me pega",
        "mi marido me grita",
        "mi marido me pega y no sé qué hacer",
        "Mi marido me pega.",
        "mi marido no me pega, pero me grita",
    ],
)
def test_nobody_is_told_that_the_article_lacks_the_words_of_their_own_language(
    guide: Guide, message: str, country: str | None
) -> None:
    answer = guide.ask(message, country=country)
    assert answer.not_mentioned == ()
    library = Library.of(guide.articles, guide.passages)
    page = read(str(render_answer(answer, library, texts_for("es"), "turn-1"))).text
    assert texts_for("es")["not_mentioned"] not in page
    assert texts_for("es")["not_covered"] not in page


def test_the_safety_gate_decides_first(guide: Guide) -> None:
    crisis = guide.ask("quiero morirme", country="ES")
    assert (crisis.safety.level, crisis.safety.language, crisis.reply) == ("crisis", "es", "")
    abuse = guide.ask("mi marido me pega", country="ES")
    assert (abuse.safety.level, abuse.safety.language) == ("abuse", "es")
    assert abuse.passages == ()


def test_an_article_in_that_language_is_still_asked(tmp_path: Path) -> None:
    for number, language in enumerate(("de", "en")):  # `en` is what an article is in that says nothing
        folder = tmp_path / str(number)
        folder.mkdir()
        guide = guide_over(folder, ARTICLE, GERMAN.format(language=language))
        german = guide.ask("Was ist denn emotionaler Abstand?")
        assert german.reply == ""
        assert german.passages
        assert guide.ask(QUESTIONS["fr"]).reply == only_english("fr")


def test_english_questions_are_answered_as_ever(guide: Guide) -> None:
    answer = guide.ask("What is distance?")
    assert answer.reply == ""
    assert answer.passages
    assert answer_to_json(answer)["reply"] == ""


@pytest.mark.parametrize("language", [*help_languages(), "fi"])
def test_the_chat_shows_the_reply_with_a_way_to_the_help_lines(language: str, guide: Guide) -> None:
    answer = replace(guide.ask(QUESTIONS["de"]), reply=only_english(language))
    page = read(str(render_answer(answer, Library.of((), ()), texts_for("en"), "turn-1")))
    reply = page.one("div", class_="reply")
    assert reply.attributes["lang"] == (language if language != "fi" else "en")
    assert reply.attributes["dir"] == ("rtl" if language == "ar" else "ltr")
    assert only_english(language) in reply.text
    assert offer_lines(language) in reply.text
    link = reply.one("a")
    assert link.attributes["href"] == "#help"
    assert link.text == card_labels(language).get("need_help", texts_for("en")["need_help"])
    assert texts_for("en")["not_covered"] not in page.text
    assert announcement(Exchange("q", answer), texts_for("en")) == answer.reply


def test_json_the_command_line_and_mcp_give_the_same_reply(guide: Guide, capsys: pytest.CaptureFixture[str]) -> None:
    asked, reply = QUESTIONS["fr"], only_english("fr")
    assert answer_to_json(guide.ask(asked))["reply"] == reply
    print_answer(guide.ask(asked))
    assert capsys.readouterr().out.strip() == reply
    server = pytest.importorskip("guide.mcp_server").mcp_server(guide)
    for tool, name in (("ask", "question"), ("search_passages", "query")):
        told = asyncio.run(server.call_tool(tool, {name: asked})).structured_content
        assert (told["reply"], told["passages"]) == (reply, [])


def test_what_is_saved_holds_the_reply(guide: Guide) -> None:
    saved = conversation_markdown([Exchange(QUESTIONS["fr"], guide.ask(QUESTIONS["fr"]))], texts_for("en"))
    assert only_english("fr") in saved


def test_the_gate_names_the_language_wherever_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert assess(QUESTIONS["fr"]).language == "fr"
    assert assess("my husband doesn't talk to me").language == "en"
    main(["assess", QUESTIONS["fr"], "--json"])
    assert json.loads(capsys.readouterr().out)["language"] == "fr"


def test_a_card_is_shown_even_where_the_language_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> dict[str, float]:
        raise RuntimeError("no model")

    monkeypatch.setattr("guide.safety.message.foreign_languages", fails)
    assert assess("mein Hund ist so still").language == "en"
    assert assess("ich will sterben").level == "crisis"
