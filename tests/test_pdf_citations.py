"""A quotation from a PDF names its page at every door."""

from dataclasses import replace

import pytest
from fake_encoder import FakeEncoder
from sample_files import pdf_of

from guide.answering.to_json import answer_to_json
from guide.articles.read import read_article
from guide.chat.download import conversation_markdown
from guide.chat.library import Library
from guide.chat.quotes import render_quotes
from guide.chat.render import Exchange
from guide.chat.texts import page_names, texts_for
from guide.commands.terminal import print_answer
from guide.guide import Guide
from guide.index.build import index_of
from guide.records import Answer

LONG = "Tea is mild and keeps for a year in a dry and dark place, as long as the tin is closed after each use of it."


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    path = tmp_path_factory.mktemp("pdf") / "tea.pdf"
    path.write_bytes(
        pdf_of(
            ("h1", "Tea"),
            ("h2", "Keeping tea"),
            ("p", LONG),
            ("page", ""),
            ("h2", "Water"),
            ("p", "Water is boiled first."),
        )
    )
    encoder = FakeEncoder()
    return Guide(index_of([read_article(path)], encoder, encoder.identity), encoder)


def about_water(guide: Guide) -> Answer:
    answer = guide.ask("water is boiled first")
    return replace(answer, covered=True, brief=False, closest=(), passages=answer.passages[:1])


def test_the_page_is_in_the_answer_and_its_json(guide: Guide) -> None:
    answer = about_water(guide)
    assert answer.passages[0].section == ("Water",)
    assert answer.passages[0].pages == (2,)
    assert answer_to_json(answer)["passages"][0]["pages"] == [2]


def test_the_page_is_printed_on_a_terminal(guide: Guide, capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(about_water(guide))
    assert "[1] Water  (tea, page 2, characters " in capsys.readouterr().out


def test_the_page_stands_at_the_quotation_in_the_chat_and_in_what_is_saved_of_it(guide: Guide) -> None:
    answer, library = about_water(guide), Library.of(guide.index.articles, guide.index.passages)
    assert '<span class="of-page">page 2</span>' in render_quotes(answer, library, texts_for("en"), "t1")
    assert "> – Water, page 2\n" in conversation_markdown([Exchange("water", answer)], texts_for("en"))


def test_a_quotation_over_two_pages_names_both_in_each_language() -> None:
    named = [page_names((3, 4), texts_for(language)) for language in ("en", "es")]
    assert named == ["pages 3–4", "páginas 3–4"]
    assert page_names((), texts_for("en")) == ""
