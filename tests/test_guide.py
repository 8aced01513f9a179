"""`Guide`: what a question goes through between the safety gate and the answer, over an index in a folder."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.embedding.encoder import ModelIdentity
from guide.errors import QuestionError, SearchIndexError
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index, read_manifest
from guide.index.segment import LAYOUT
from guide.records import Answer, AskRequest, Turn
from guide.request import MAX_QUESTION_CHARACTERS
from guide.retrieval.retrieve import Retrieval

TEA = """\
# Tea

## Which kinds of tea are there?

Two kinds are told apart.

### Green leaves

They are mild.

### Black leaves

They are strong.

## Which pots are used?

Two materials are common.

### Fired clay

It keeps warm.

### Blown glass

It shows the colour.

### Plain tin

It lasts.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an index of one article."""
    (tmp_path / "tea.md").write_text(TEA, encoding="utf-8")
    encoder = FakeEncoder()
    build([tmp_path / "tea.md"], tmp_path / "index", encoder, encoder.identity)
    return tmp_path / "index"


# ── an ordinal after headings ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "ordinal", "heading"),
    [
        ("Which kinds of tea are there?", "What about the first one?", "Green leaves"),
        ("Which kinds of tea are there?", "What about the last one?", "Black leaves"),
        ("Which pots are used?", "What about the first one?", "Fired clay"),
        ("Which pots are used?", "What about the second one?", "Blown glass"),
        ("Which pots are used?", "What about the last one?", "Plain tin"),
    ],
)
def test_an_ordinal_is_a_section_that_the_answers_own_section_announces(
    asked: str, ordinal: str, heading: str, folder: Path
) -> None:
    guide = Guide(open_index(folder), FakeEncoder())
    assert guide.ask(asked).passages[0].section[-1] == asked
    answer = guide.ask(ordinal, [asked])
    assert answer.searched_as == f"{ordinal} {heading}"
    assert answer.passages[0].section[-1] == heading


def test_a_misspelt_ordinal_points_too(folder: Path) -> None:
    answer = Guide(open_index(folder), FakeEncoder()).ask("What about the secnd one?", ["Which pots are used?"])
    assert answer.searched_as == "What about Blown glass"


def test_an_earlier_answer_is_found_anew_only_where_the_question_needs_it(folder: Path) -> None:
    encoder = FakeEncoder()
    guide, history = Guide(open_index(folder), encoder), ["Which pots are used?", "What about the second one?"]
    guide.ask("Are green leaves mild?")
    encoder.texts.clear()  # among them what is embedded once for an index
    guide.ask("Are green leaves mild?", history)
    whole = "Which pots are used? Are green leaves mild?"
    assert encoder.texts == ["Are green leaves mild?", whole]
    guide.ask("And the first one?", history)
    assert encoder.texts[2] == "Which pots are used?"


def test_an_ordinal_beyond_what_is_announced_is_none_of_another_section(folder: Path) -> None:
    guide = Guide(open_index(folder), FakeEncoder())
    answer = guide.ask("What about the third one?", ["Which kinds of tea are there?"])
    # The pots have a third, the kinds of tea haven't.
    assert not any(heading in answer.searched_as for heading in ("Fired clay", "Plain tin", "Blown glass"))


# ── another side of the topic ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.model
@pytest.mark.parametrize(
    ("before", "message", "heading"),
    [
        ("my partner lies awake half the night", "why?", "Common Reasons Behind Sleepless Nights"),
        ("my partner lies awake half the night", "how come he is like that", "Common Reasons Behind Sleepless Nights"),
        ("signs of bad sleep", "when should i get help", "When Should You Ask a Doctor for Help?"),
        ("dad paces the landing till dawn", "any reason", "Common Reasons Behind Sleepless Nights"),
    ],
)
def test_a_bare_message_finds_another_side_of_what_was_answered(
    before: str, message: str, heading: str, guide: Guide
) -> None:
    answer = guide.ask(message, [before])
    assert answer.covered
    assert answer.passages[0].section[-1] == heading


@pytest.mark.model
def test_a_side_of_what_no_article_speaks_of_is_refused(guide: Guide) -> None:
    assert not guide.ask("why?", ["How do I bake rye bread?"]).covered
    assert not guide.ask("why?", ["my bicycle has lost its chain"]).covered


def test_whether_the_topic_was_answered_is_found_anew_only_where_a_turn_does_not_say(folder: Path) -> None:
    encoder = FakeEncoder()
    guide, asked = Guide(open_index(folder), encoder), "Which pots are used?"
    guide.ask("why?", [asked])
    assert asked in encoder.texts
    encoder.texts.clear()
    answer = guide.answer(AskRequest("why?", (Turn("user", asked, act="question", quoted=("any",)),)))
    assert asked not in encoder.texts
    assert answer.searched_as in encoder.texts
    assert answer.searched_as.startswith("What are the causes")
    assert answer.question == "why?"


@pytest.fixture
def kitchen(tmp_path: Path) -> Guide:
    """A guide over an article on tea and one on bread, which has more on how long things take."""
    (tmp_path / "tea.md").write_text(TEA, encoding="utf-8")
    bread = (
        "# Bread\n\n## How long does it take?\n\nHow long it takes to heal and progress is told here. Kids may knead.\n"
    )
    (tmp_path / "bread.md").write_text(bread, encoding="utf-8")
    encoder = FakeEncoder()
    build([tmp_path / "tea.md", tmp_path / "bread.md"], tmp_path / "index", encoder, encoder.identity)
    return Guide(open_index(tmp_path / "index"), encoder)


def test_a_side_of_the_topic_is_looked_for_in_the_article_that_answered_it(kitchen: Guide) -> None:
    asked = "Which pots are used?"
    kept = told(asked, kitchen.ask(asked))
    for history in ([asked], [kept]):
        assert {passage.article for passage in kitchen.ask("how long?", history).passages} == {"tea"}
    assert kitchen.ask("How long does bread take to heal?").passages[0].article == "bread"


def test_who_tells_of_themselves_gets_their_own_signs_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide, looked = Guide(open_index(folder), FakeEncoder()), list[Retrieval]()
    monkeypatch.setattr("guide.guide.own_signs_first", lambda found: looked.append(found) or replace(found, hits=()))
    assert guide.ask("my wife says I am like cold clay").passages == ()
    assert len(looked) == 1
    assert guide.ask("my wife is like cold clay").passages
    assert len(looked) == 1


# ── a group of people ────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_people_whom_no_article_names_it_is_said_and_the_nearest_is_what_was_asked_before(kitchen: Guide) -> None:
    asked = "Which pots are used?"
    first = kitchen.ask(asked)
    history = [asked]
    for message, group in (("and for old people?", "old people"), ("what about teenagers", "teenagers")):
        answer = kitchen.ask(message, history)
        assert answer.not_mentioned == (group,)
        assert (answer.question, answer.searched_as) == (message, first.searched_as)
        assert answer.passages[0].id == first.passages[0].id
        history.append(message)


def test_people_whom_an_article_names_are_searched_for(kitchen: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = kitchen.ask("what about children", ["Which pots are used?"])
    assert "kids" not in answer.not_mentioned
    assert "children" in answer.searched_as
    monkeypatch.setattr("guide.answering.searcher.FEW_ARTICLES", 1)  # of many articles not every text is read
    assert kitchen.ask("what about kids", ["Which pots are used?"]).not_mentioned == ()
    assert kitchen.ask("what about teenagers", ["Which pots are used?"]).not_mentioned == ("teenagers",)


def test_after_danger_nobody_is_told_that_it_is_all_right_not_to(folder: Path) -> None:
    guide = Guide(open_index(folder), FakeEncoder())
    calm = guide.ask("i cant", ["how do i talk to him"])
    after = guide.ask("i cant", ["I want to die", "how do i talk to him"])
    assert calm.act == after.act == "ack"
    assert "on this page" in after.reply
    assert "on this page" not in calm.reply


# ── the same passage again ───────────────────────────────────────────────────────────────────────────────────────────


def told(question: str, answer: Answer) -> Turn:
    """The turn that a caller keeps of a question and its answer."""
    quoted = tuple(passage.id for passage in answer.passages[:1])
    return Turn("user", question, answer.safety.level, answer.shown, act=answer.act, quoted=quoted)


def test_the_same_passage_for_another_question_is_said_to_be_the_same(folder: Path) -> None:
    guide = Guide(open_index(folder), FakeEncoder())
    first = guide.ask("Which pots are used?")
    kept = told("Which pots are used?", first)
    other = guide.answer(AskRequest("Which pots are used there?", (kept,)))
    assert other.passages[0].id == first.passages[0].id
    assert "passage" in other.reply
    for history in (
        (kept, Turn("user", "thanks", act="thanks")),  # not the last one
        (replace(kept, shown=("other points",)),),
        (replace(kept, quoted=()),),  # the caller hasn't kept it
        (),
    ):
        assert guide.answer(AskRequest("Which pots are used there?", history)).reply == ""
    assert guide.answer(AskRequest("which pots are  used?", (kept,))).reply == ""


# ── what isn't searched ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", ["hello", "help", "again", "asdfghjkl", "Are green leaves mild?"])
def test_an_unknown_article_is_refused_whatever_the_message_does(message: str, folder: Path) -> None:
    with pytest.raises(QuestionError, match="The index has no article 'cocoa'") as caught:
        Guide(open_index(folder), FakeEncoder()).ask(message, articles=["cocoa"])
    assert caught.value.safety


@pytest.mark.parametrize("word", ["x", "hello ", "again ", "Are green leaves mild? "])
def test_too_long_a_message_is_refused_whatever_it_does(word: str, folder: Path) -> None:
    message = (word * (MAX_QUESTION_CHARACTERS + 1))[: MAX_QUESTION_CHARACTERS + 1]
    with pytest.raises(QuestionError, match="The question has 8,001 characters") as caught:
        Guide(open_index(folder), FakeEncoder()).ask(message)
    assert caught.value.safety


# ── files that turn out damaged ──────────────────────────────────────────────────────────────────────────────────────


def spoil(folder: Path, name: str) -> None:
    """Changes the last byte of a file of the index."""
    [segment] = read_manifest(folder)["segments"]
    path = folder / segment["folder"] / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def checked(folder: Path) -> Guide:
    """The guide over the index in `folder`, once what is read in the background has been."""
    guide = Guide(open_index(folder), FakeEncoder())
    for thread in threading.enumerate():
        if thread.name == "check":
            thread.join()
    return guide


def test_a_large_file_that_turns_out_damaged_ends_the_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.index.verify.BACKGROUND_BYTES", 1)
    assert checked(folder).ask("Are green leaves mild?").passages
    spoil(folder, LAYOUT.token_vectors)
    guide = checked(folder)
    with pytest.raises(SearchIndexError) as caught:
        guide.ask("I feel numb and hopeless all the time", country="US")
    assert str(caught.value) == (
        f"The index in {folder} is damaged: {LAYOUT.token_vectors} isn't what was built; run `guide build` again."
    )
    # What the safety gate decided comes along, and in a crisis no index is needed.
    assert caught.value.safety.level == "professional"
    assert guide.ask("I want to die", country="US").safety.level == "crisis"


def test_a_large_file_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[threading.Thread] = []
    monkeypatch.setattr("guide.index.verify.BACKGROUND_BYTES", 1)
    monkeypatch.setattr("guide.index.verify.Thread.start", lambda thread: started.append(thread))
    spoil(folder, LAYOUT.token_vectors)
    assert Guide(open_index(folder), FakeEncoder()).ask("Are green leaves mild?").passages
    assert [thread.name for thread in started] == ["check"]


# ── the model ────────────────────────────────────────────────────────────────────────────────────────────────────────


def renamed(encoder: FakeEncoder, name: str, sha256: str = "") -> FakeEncoder:
    encoder.identity = ModelIdentity(name, sha256 or encoder.identity.sha256)
    return encoder


def test_the_same_weights_under_another_name_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.guide.open_encoder", lambda *settings: renamed(FakeEncoder(), "a copy in a folder"))
    answer = Guide.open(folder).ask("Are green leaves mild?")
    assert answer == Guide(open_index(folder), FakeEncoder()).ask("Are green leaves mild?")


def test_other_weights_under_the_same_name_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, other = FakeEncoder().identity.name, "ab" * 32
    monkeypatch.setattr("guide.guide.open_encoder", lambda *settings: renamed(FakeEncoder(), name, other))
    with pytest.raises(SearchIndexError, match=rf"was built with {name} .*, the model in use is {name} \(abababababab"):
        Guide.open(folder)


def test_an_index_of_other_weights_is_not_taken_over(folder: Path, tmp_path: Path) -> None:
    encoder = renamed(FakeEncoder(), "fake-bag-of-words", "cd" * 32)
    build([tmp_path / "tea.md"], tmp_path / "other", encoder, encoder.identity)
    guide = Guide(open_index(folder), FakeEncoder())
    assert np.array_equal(guide.over(folder).index.passage_embeddings, guide.index.passage_embeddings)
    with pytest.raises(SearchIndexError, match="was built with"):
        guide.over(tmp_path / "other")
