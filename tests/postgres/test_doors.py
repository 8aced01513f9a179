"""The doors over a database: the chat, REST and the tools for assistants read what they show, and no more."""

import asyncio
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fake_encoder import FakeEncoder
from PIL import Image
from real_server import RealServer
from sample_files import pdf_of
from starlette.testclient import TestClient
from web.conftest import ARTICLE, CRISIS

from guide.chat.texts import texts_for
from guide.guide import Guide
from guide.mcp_server import mcp_server
from guide.postgres.address import DatabaseAddress
from guide.postgres.state import DatabaseState
from guide.postgres.store import DatabaseStore
from guide.store import check_index, copy_index, open_store, open_writer
from guide.web.application import web_app
from guide.web.reloading import FollowingDatabase
from guide.web.settings import WebSettings

Build = Callable[..., DatabaseAddress]
EN = texts_for("en")
WATER = "Water is boiled first, and cooled a little before it is poured."
TEA = pdf_of(
    ("h1", "Tea"), ("p", "Tea is mild and keeps for a year in a dry and dark place."), ("page", ""), ("p", WATER)
)


def asking(address: DatabaseAddress) -> Guide:
    return Guide(DatabaseStore(address), FakeEncoder())


def served(address: DatabaseAddress, **settings: Any) -> TestClient:
    made = WebSettings(questions_per_minute=0, **settings)
    return TestClient(web_app(FollowingDatabase(address, asking), made), raise_server_exceptions=False)


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    """A folder with 60 articles, which differ in one word each."""
    folder = tmp_path / "bees"
    folder.mkdir()
    for number in range(60):
        text = ARTICLE.replace("Keeping bees calm", f"Bees {number:02}").replace("warm", f"warm{number}x")
        (folder / f"bees-{number:02}.md").write_text(text)
    return folder


@pytest.fixture
def read_articles(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The ids of the articles that were read whole, one by one; reading all of them fails."""
    read: set[str] = set()
    record = DatabaseState.record

    def noted(state: DatabaseState, article_id: str) -> Any:
        read.add(article_id)
        return record(state, article_id)

    monkeypatch.setattr(DatabaseState, "record", noted)
    for name in ("articles", "passages"):
        monkeypatch.setattr(DatabaseState, name, property(lambda state: pytest.fail("all articles were read")))
    return read


# ── the chat ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_chat_reads_no_more_than_it_shows(bees: Path, build_there: Build, read_articles: set[str]) -> None:
    with served(build_there(bees)) as web:
        page = web.get("/").text
        assert "What calms bees?" in page
        assert "Bees 00" in page
        assert len(read_articles) <= 50
        read_articles.clear()
        assert "Bees 42" in web.post("/chat/names", json={"words": "42", "purpose": "read"}).json()["html"]
        assert read_articles == set()
        answer = web.post("/v1/ask", json={"question": "What calms bees?"}).json()
        opened = web.post("/chat/article", json={"place": answer["passages"][0]["id"]}).json()
        assert opened["article"] == answer["passages"][0]["article"]
        assert "Cool smoke calms bees" in opened["html"]
        assert "What calms bees?" in opened["outline"]
        read_articles.clear()
        assert web.post("/chat/article", json={"place": "source-bees-07"}).json()["article"] == "bees-07"
        assert read_articles == {"bees-07"}


@pytest.mark.parametrize("place", ["p-0000000000", "source-wasps", "section-bees-00-9", "nonsense"])
def test_a_place_that_is_not_there_is_said(place: str, corpus: Path, build_there: Build) -> None:
    with served(build_there(corpus)) as web:
        answer = web.post("/chat/article", json={"place": place})
        assert (answer.status_code, answer.json()) == (404, {"error": EN["no_longer_there"]})


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("smoke", 60),
        ("SMOKE calms", 60),
        ("cool smo", 60),
        ("warm7x", 1),
        ("arm7", 1),
        ("a warm7x day", 1),
        ("what calms", 60),
        ("moke calms be", 60),
        ("s", 0),
        ("wasps", 0),
        ("smoke wasps", 0),
    ],
)
def test_words_are_found_wherever_they_stand(
    words: str, count: int, bees: Path, server: RealServer, build_bees: DatabaseAddress
) -> None:
    with served(build_bees) as web:
        said = web.post("/chat/find", json={"words": words}).json()["says"]
    expected = {0: EN["matches_none"], 1: EN["matches_one"]}.get(count, EN["matches_many"].format(count=count))
    assert said == ("" if words == "s" else expected)


@pytest.fixture(scope="module")
def build_bees(server: RealServer, tmp_path_factory: pytest.TempPathFactory) -> DatabaseAddress:
    """The sixty articles in a database of their own."""
    from guide.index.build import Origin

    folder = tmp_path_factory.mktemp("bees")
    for number in range(60):
        (folder / f"bees-{number:02}.md").write_text(ARTICLE.replace("warm", f"warm{number}x"))
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute("create database bees")
    address = DatabaseAddress.of(server.address("bees"))
    encoder = FakeEncoder()
    open_writer(address).build([folder], encoder, Origin(encoder.identity, None))
    return address


def test_few_articles_are_read_for_a_rare_word(build_bees: DatabaseAddress) -> None:
    with DatabaseStore(build_bees).reading() as state:
        assert [article.id for article, _ in state.entries_holding("arm7X")] == ["bees-07"]
        assert [article.id for article, _ in state.entries_holding("day warm7")] == ["bees-07"]
        assert list(state.entries_holding("moth")) == []
        assert sum(1 for _ in state.entries_holding("the")) == 60


def test_explore_shows_passages_of_a_database(build_bees: DatabaseAddress, read_articles: set[str]) -> None:
    from guide.chat.explore import render_survey

    guide = asking(build_bees)
    library = FollowingDatabase(build_bees, asking).library().now
    survey = guide.survey(guide.ask("What calms bees?"))
    assert "Cool smoke" not in (page := str(render_survey(survey, library, "What calms bees?", EN)))
    assert page.count("<circle") >= 40


def test_what_changes_is_shown_and_while_the_database_is_away_what_was(
    servers: Callable[[str], Path], corpus: Path
) -> None:
    from guide.index.build import Origin

    own = RealServer(servers("away")).create()
    try:
        address, encoder = DatabaseAddress.of(own.address("postgres")), FakeEncoder()
        open_writer(address).build([corpus], encoder, Origin(encoder.identity, None))
        guide = FollowingDatabase(address, asking)
        with TestClient(web_app(guide, WebSettings(questions_per_minute=0)), raise_server_exceptions=False) as web:
            assert "Pots" in web.get("/").text
            open_writer(address).remove(["pots"])
            guide.look()
            assert web.post("/chat/article", json={"place": "source-pots"}).status_code == 404
            own.stop("immediate")
            guide.look()
            assert web.get("/").status_code == 200
            assert "Tea" in web.post("/chat/names", json={"words": "te", "purpose": "read"}).json()["html"]
            opened = web.post("/chat/article", json={"place": "source-tea"})
            assert opened.status_code == 500
            assert "can't be reached" in opened.json()["error"]
            found = web.post("/chat/find", json={"words": CRISIS, "country": "US"}).json()
            assert "988" in found["html"]
            asked = web.post("/gradio_api/run/ask", json={"data": [CRISIS, [], "US"]}).json()
            assert "988" in json.dumps(asked)
            own.start()
            assert web.post("/chat/article", json={"place": "source-tea"}).status_code == 200
    finally:
        own.stop("immediate")


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """A folder with a PDF and another article."""
    folder = tmp_path / "pdfs"
    folder.mkdir()
    (folder / "tea.pdf").write_bytes(TEA)
    (folder / "milk.md").write_text("# Milk\n\nMilk is white and comes from cows.\n")
    return folder


def quotation(address: DatabaseAddress) -> dict[str, Any]:
    with open_store(address).reading() as state:
        passage = next(one for one in state.passages_of("tea") if "boiled" in state.texts["tea"][one.start : one.end])
    return {"article": "tea", "passage": passage.id, "page": 2}


def test_a_page_is_drawn_from_the_database_with_the_quoted_words_marked(pdfs: Path, build_there: Build) -> None:
    import base64

    address = build_there(pdfs)
    with served(address) as web:
        answer = web.post("/chat/page", json=quotation(address)).json()
        assert answer["alt"] == "Page 2 of “Tea” as a picture, the quoted words marked"
        picture = Image.open(BytesIO(base64.b64decode(answer["picture"].partition(",")[2])))
        assert max(picture.size) in (1_400, 1_401)
        gone = web.post("/chat/page", json=quotation(address) | {"article": "milk"})
        assert (gone.status_code, gone.json()) == (404, {"error": EN["page_gone"]})


def test_a_pdf_is_fetched_only_when_its_picture_is_asked_for(
    pdfs: Path, build_there: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    original = DatabaseState.original
    monkeypatch.setattr(
        DatabaseState,
        "original",
        lambda state, id: fetched.append(id) or original(state, id),  # type: ignore[func-returns-value]
    )
    monkeypatch.setattr("guide.postgres.state.PIECE_BYTES", 100)
    address = build_there(pdfs)
    with served(address) as web:
        web.post("/v1/ask", json={"question": "Is water boiled?"})
        assert fetched == []
        for _ in range(2):
            assert web.post("/chat/page", json=quotation(address)).status_code == 200
        assert fetched == ["tea"]


def changed(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_pdf_that_was_changed_is_not_shown_and_found_by_the_check(
    pdfs: Path, build_there: Build, database: str
) -> None:
    address = build_there(pdfs)
    assert check_index(address).problems == ()
    changed(database, "update guide.originals set content = content || 'x'::bytea")
    with served(address) as web:
        answer = web.post("/chat/page", json=quotation(address))
        assert (answer.status_code, answer.json()) == (404, {"error": EN["page_changed"]})
    assert check_index(address).problems == (
        "The PDF of 'tea' isn't what was built; remove that article and build it again.",
    )
    open_writer(address).remove(["tea"])
    build_there(pdfs)
    assert check_index(address).problems == ()


def test_the_next_build_adds_a_pdf_that_is_missing(pdfs: Path, build_there: Build, database: str) -> None:
    address = build_there(pdfs)
    changed(database, "delete from guide.originals")
    build_there(pdfs)
    with DatabaseStore(address).reading() as state:
        assert state.original("tea") == TEA
        assert state.original("milk") == b""


def test_a_pdf_goes_into_a_database_and_back(pdfs: Path, build_there: Build, tmp_path: Path, database: str) -> None:
    address = build_there(pdfs)
    folder = tmp_path / "index"
    copy_index(address, folder)
    [copy] = (folder / "originals").iterdir()
    assert copy.read_bytes() == TEA
    assert check_index(folder).problems == ()
    again = DatabaseAddress.of(f"{database}?collection=again")
    copy_index(folder, again)
    with DatabaseStore(again).reading() as state:
        assert state.original("tea") == TEA
    copy.write_bytes(TEA[:-1])
    assert check_index(folder).problems == (f"originals/{copy.name} isn't what was built; run `guide build` again.",)


def test_an_article_that_is_replaced_or_removed_takes_its_pdf_along(pdfs: Path, build_there: Build) -> None:
    address = build_there(pdfs)
    newer = pdf_of(("h1", "Tea"), ("p", WATER))
    (pdfs / "tea.pdf").write_bytes(newer)
    build_there(pdfs)
    with DatabaseStore(address).reading() as state:
        assert state.original("tea") == newer
    open_writer(address).remove(["tea"])
    with DatabaseStore(address).reading() as state:
        assert state.original_sha256("tea") == ""


# ── REST and MCP ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rest_pages_through_a_database(build_bees: DatabaseAddress, read_articles: set[str]) -> None:
    with served(build_bees) as web:
        read_articles.clear()
        found, more, pages = [], "?limit=25", 0
        while more:
            page = web.get(f"/v1/articles{more}").json()
            found += [article["id"] for article in page["articles"]]
            more, pages = page["next"], pages + 1
        assert (found, pages, page["count"]) == ([f"bees-{number:02}" for number in range(60)], 3, 60)
        of_one = web.get("/v1/passages?article=bees-09").json()
        assert {passage["article"] for passage in of_one["passages"]} == {"bees-09"}
        assert of_one["count"] == len(of_one["passages"])


def test_assistants_read_a_database(build_bees: DatabaseAddress, read_articles: set[str]) -> None:
    mcp = pytest.importorskip("mcp")

    async def talk() -> tuple[str, Any, Any, Any, Any]:
        async with mcp.Client(mcp_server(asking(build_bees))) as client:
            listed = json.loads((await client.read_resource("guide://articles")).contents[0].text)
            text = (await client.read_resource(listed["articles"][3]["uri"])).contents[0].text
            asked = (await client.call_tool("ask", {"question": "What calms bees?"})).structured_content
            id = asked["passages"][0]["id"]
            passage = json.loads((await client.read_resource(f"guide://passages/{id}")).contents[0].text)
            return client.instructions, listed, text, asked, passage

    instructions, listed, text, asked, passage = asyncio.run(talk())
    assert "and 55 more articles" in instructions
    assert (len(listed["articles"]), listed["next"]) == (60, "")
    assert "warm3x" in text
    assert passage["text"] == asked["passages"][0]["text"]


def test_mcp_over_http_asks_a_database_and_counts_as_rest_does(build_bees: DatabaseAddress) -> None:
    pytest.importorskip("mcp")
    head = {"accept": "application/json, text/event-stream"}
    app = web_app(FollowingDatabase(build_bees, asking), WebSettings(questions_per_minute=1, mcp=True), chat=False)
    with TestClient(app) as web:
        answers = [
            web.post(
                "/mcp",
                headers=head,
                json={
                    "jsonrpc": "2.0",
                    "id": number,
                    "method": "tools/call",
                    "params": {"name": "ask", "arguments": {"question": question, "country": "US"}},
                },
            ).json()["result"]["structuredContent"]
            for number, question in enumerate(("What calms bees?", CRISIS))
        ]
    assert "Cool smoke calms bees" in answers[0]["passages"][0]["text"]
    assert "more questions than one person" in answers[1]["error"]
    assert answers[1]["safety"]["level"] == "crisis"
