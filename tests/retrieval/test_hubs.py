"""Hubs: which passages stand out by their likeness to whatever people write, and by how much."""

from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from guide.articles.assemble import assemble
from guide.articles.pieces import Parsed, Piece
from guide.index.build import index_of
from guide.index.index import Index
from guide.retrieval.hubs import EVERYDAY, find_hubs

ENCODER = FakeEncoder(4_096)
SUBJECTS = "harbours lighthouses anchors ropes sails compasses rudders keels masts decks hulls oars".split()


def index_over(*lines: str) -> Index:
    pieces = [
        piece
        for line in lines
        for piece in (Piece("heading", line.split()[0].title(), 2), Piece("paragraph", f"{line}."))
    ]
    article = assemble(Parsed([Piece("title", "Boats"), *pieces]), article_id="boats", source="boats.txt")
    return index_of([article], ENCODER, ENCODER.identity)


def plain(subject: str) -> str:
    return f"{subject} need oil twice"


def test_the_one_passage_that_talks_as_people_do_is_a_hub() -> None:
    talk = "phrases i dont know what should i say, is that bad, now what, i tried that, can u tell me something"
    index = index_over(*map(plain, SUBJECTS), talk)
    hubs = find_hubs(index, ENCODER)
    assert [index.passages[-1].id] == list(hubs)
    assert 0 < hubs[index.passages[-1].id] < 1


def test_among_passages_that_are_alike_none_is_a_hub() -> None:
    assert find_hubs(index_over(*map(plain, SUBJECTS)), ENCODER) == {}


def test_among_few_passages_nothing_stands_out() -> None:
    assert find_hubs(index_over("phrases i dont know what should i say", "anchors need oil"), ENCODER) == {}


def test_no_everyday_message_is_there_twice() -> None:
    assert len(set(EVERYDAY)) == len(EVERYDAY)


@pytest.mark.model
def test_of_the_shipped_articles_only_the_table_of_phrases_is_one(tmp_path: Path) -> None:
    from guide.config import Config
    from guide.embedding.choose import open_builder
    from guide.index.build import build
    from guide.index.index import open_index

    encoder = open_builder(Config())
    build([Path(__file__).parents[2] / "corpus"], tmp_path / "index", encoder, encoder.identity)
    index = open_index(tmp_path / "index")
    headings = {passage.id: passage.section[-1] for passage in index.passages}
    assert [headings[id] for id in find_hubs(index, encoder)] == ["Words that can help"]
