"""Pictures of a PDF's pages: what is drawn, what is refused, and that nothing grows or breaks."""

import base64
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from PIL import Image
from sample_files import pdf_of
from starlette.testclient import TestClient

from guide.chat.texts import texts_for
from guide.guide import Guide
from guide.index.build import build
from guide.index.index import open_index
from guide.index.originals import original_of
from guide.web import page_pictures
from guide.web.application import web_app
from guide.web.draw_page import spans_of
from guide.web.kept_pdf import KeptPdf, pdf_in_folder
from guide.web.page_pictures import PagePicture, PagePictures
from guide.web.question_queue import BusyError
from guide.web.reloading import ReloadingGuide

LONG = "Tea is mild and keeps for a year in a dry and dark place, as long as the tin is closed after each use of it."
WATER = "Water is boiled first, and cooled a little before it is poured."
TEA = pdf_of(("h1", "Tea"), ("h2", "Keeping tea"), ("p", LONG), ("page", ""), ("h2", "Water"), ("p", WATER))
EN = texts_for("en")


def built(folder: Path, data: bytes = TEA) -> Path:
    """The folder of an index of one PDF and one other article."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    (articles / "tea.pdf").write_bytes(data)
    (articles / "milk.md").write_text("# Milk\n\nMilk is white and comes from cows.\n", encoding="utf-8")
    encoder = FakeEncoder()
    build([articles], folder / "index", encoder, encoder.identity)
    return folder / "index"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def web(index: Path) -> Iterator[TestClient]:
    reloading = ReloadingGuide(index, lambda folder: Guide(open_index(folder), FakeEncoder()))
    with TestClient(web_app(reloading)) as client:
        yield client


def quotation(index: Path, section: str = "Water", **other: object) -> dict[str, Any]:
    """What the chat asks for, of the passage below that heading."""
    passage = next(one for one in open_index(index).passages if one.section[-1] == section)
    return {"article": passage.article_id, "passage": passage.id, "page": 2, **other}


def marked(picture: Image.Image) -> int:
    """How many pixels are as yellow as a mark."""
    return sum(
        count
        for count, (red, green, blue) in picture.getcolors(1 << 24)
        if red > 230 and green > 200 and 90 < blue < 160
    )


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────────────


def drawn(web: TestClient, asked: dict[str, Any]) -> tuple[Image.Image, str]:
    answer = web.post("/chat/page", json=asked)
    assert answer.status_code == 200, answer.text
    kind, _, data = answer.json()["picture"].partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(BytesIO(base64.b64decode(data))), answer.json()["alt"]


def test_the_page_is_drawn_with_the_quoted_words_marked(web: TestClient, index: Path) -> None:
    picture, alt = drawn(web, quotation(index))
    assert max(picture.size) in (1_400, 1_401)
    assert alt == "Page 2 of “Tea” as a picture, the quoted words marked"
    some, _ = drawn(web, quotation(index, points="0-5"))
    assert 0 < marked(some) < marked(picture) / 5
    assert drawn(web, quotation(index, language="es"))[1].startswith("Página 2 de «Tea»")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"page": 1}, "the words stand on another page"),
        ({"page": 900}, "there is no such page"),
        ({"article": "coffee"}, "there is no such article"),
        ({"article": "../../etc/passwd"}, "an id is no path"),
        ({"passage": "p-0000000000"}, "there is no such passage"),
        ({"article": "milk"}, "the passage is of another article"),
    ],
)
def test_what_is_no_quotation_on_that_page_has_no_picture(
    other: dict[str, object], why: str, web: TestClient, index: Path
) -> None:
    answer = web.post("/chat/page", json=quotation(index) | other)
    assert (answer.status_code, answer.json()) == (404, {"error": EN["page_gone"]}), why


@pytest.mark.parametrize("other", [{"page": 0}, {"page": "x"}, {"points": "1-2 " * 1_000}, {"folder": "/"}])
def test_a_request_that_makes_no_sense_is_refused_in_a_sentence(
    other: dict[str, object], web: TestClient, index: Path
) -> None:
    answer = web.post("/chat/page", json=quotation(index) | other)
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]


def test_it_is_asked_for_by_post_alone(web: TestClient) -> None:
    assert web.get("/chat/page").status_code == 405


@pytest.mark.parametrize(
    ("stretches", "page", "found", "why"),
    [
        (["It is mild."], "teaitismildand", [(3, 11)], "whole"),
        (["One is green.", "It is."], "itisoneisgreenitis", [(4, 14), (14, 18)], "the one after the words before it"),
        (["It helps most people who try it."], "ithelpsmostpeople1whotryit", [(0, 17)], "a raised mark stands in it"),
        (["Nothing of it at all."], "teaitismild", [], "not there"),
        ([""], "tea", [], "nothing to find"),
    ],
)
def test_words_are_found_by_their_letters(
    stretches: list[str], page: str, found: list[tuple[int, int]], why: str
) -> None:
    assert spans_of(stretches, page) == found, why


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_index_keeps_a_copy_of_each_pdf_and_drops_it_with_the_article(tmp_path: Path) -> None:
    folder = built(tmp_path)
    original = original_of(open_index(folder), "tea", folder)
    assert original is not None
    assert original.read_bytes() == TEA
    assert original_of(open_index(folder), "milk", folder) is None
    built(tmp_path, pdf_of(("h1", "Tea"), ("p", WATER)))
    assert not original.exists()
    assert len(list((folder / "originals").iterdir())) == 1
    (tmp_path / "articles" / "tea.pdf").unlink()
    encoder = FakeEncoder()
    build([tmp_path / "articles"], folder, encoder, encoder.identity)
    assert not (folder / "originals").exists()


OTHER = pdf_of(("h1", "Tea"), ("p", LONG), ("page", ""), ("p", "Water is never boiled."))


@pytest.mark.parametrize("damage", [b"", TEA[: len(TEA) // 2], b"\x00" * 10_000, OTHER])
def test_a_file_that_was_changed_is_not_shown_and_copied_anew_by_the_next_build(damage: bytes, tmp_path: Path) -> None:
    folder = built(tmp_path)
    original = original_of(open_index(folder), "tea", folder)
    assert original is not None
    original.write_bytes(damage)
    reloading = ReloadingGuide(folder, lambda where: Guide(open_index(where), FakeEncoder()))
    with TestClient(web_app(reloading)) as client:
        answer = client.post("/chat/page", json=quotation(folder))
        assert (answer.status_code, answer.json()) == (404, {"error": EN["page_changed"]})
        built(tmp_path)
        assert client.post("/chat/page", json=quotation(folder)).status_code == 200
    assert original.read_bytes() == TEA


def test_a_page_that_cant_be_drawn_is_said_in_a_sentence(
    web: TestClient, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_pictures, "_drawn", lambda *asked: None)
    answer = web.post("/chat/page", json=quotation(index, points="0-3"))
    assert (answer.status_code, answer.json()) == (404, {"error": EN["page_fault"]})


def test_a_file_that_is_gone_is_said_in_a_sentence(tmp_path: Path) -> None:
    folder = built(tmp_path)
    original = original_of(open_index(folder), "tea", folder)
    assert original is not None
    original.unlink()
    reloading = ReloadingGuide(folder, lambda where: Guide(open_index(where), FakeEncoder()))
    with TestClient(web_app(reloading)) as client:
        answer = client.post("/chat/page", json=quotation(folder))
    assert (answer.status_code, answer.json()) == (404, {"error": EN["page_gone"]})


def pdf_of_tea(index: Path) -> KeptPdf:
    pdf = pdf_in_folder(open_index(index), "tea", index)
    assert pdf is not None
    return pdf


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_is_drawn_once_and_no_more_is_kept_than_fits(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_pages: list[int] = []

    def draw(original: Path, page: int, stretches: tuple[str, ...]) -> PagePicture:
        drawn_pages.append(page)
        return PagePicture(b"x" * 10, is_marked=True)

    monkeypatch.setattr(page_pictures, "_drawn", draw)
    monkeypatch.setattr(page_pictures, "MAX_KEPT_BYTES", 25)
    pictures, original = PagePictures(), pdf_of_tea(index)
    for page in (1, 2, 2, 1, 3, 1, 2):
        assert pictures.picture(original, page, ()) is not None
    assert drawn_pages == [1, 2, 3, 2]


def test_no_more_wait_than_may(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing, go_on = threading.Event(), threading.Event()

    def draw(original: Path, page: int, stretches: tuple[str, ...]) -> None:
        drawing.set()
        go_on.wait(30)

    monkeypatch.setattr(page_pictures, "_drawn", draw)
    monkeypatch.setattr(page_pictures, "MAX_WAITING", 1)
    pictures, original = PagePictures(), pdf_of_tea(index)
    one = threading.Thread(target=pictures.picture, args=(original, 1, ()))
    one.start()
    assert drawing.wait(30)
    with pytest.raises(BusyError):
        pictures.picture(original, 2, ())
    go_on.set()
    one.join()


def test_a_drawing_that_takes_too_long_is_ended(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_pictures, "DRAWING_SECONDS", 0.001)
    assert PagePictures().picture(pdf_of_tea(index), 1, ()) is None
