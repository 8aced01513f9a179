"""Guide on another website: in a panel and in the page, by keyboard, left in one press, refused where not listed."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser.conftest import ROOT
from browser.scripted import scripted
from browser.test_accessibility import AXE
from playwright.sync_api import Browser, Frame, Locator, Page, Request, expect

from guide.chat.branding import branding_of
from guide.chat.widget import embed_script

pytestmark = pytest.mark.browser

BRANDING = branding_of({
    "title": "Calm Corner", "language": "en",
    "colours": {"light": {"accent": "#7a3e12"}, "dark": {"accent": "#f0b27a"}},
    "es": {"title": "Rincón de calma"},
})  # fmt: skip
NEUTRAL = "https://www.wikipedia.org/"
WORD = "zygomorphic"

HOST = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A website</title>
<meta name="viewport" content="width=device-width">{head}</head>
<body><main><h1>A website</h1><p><a href="#other">Another link</a></p><div id="here"></div></main>{end}</body></html>
"""


@dataclass
class Site:
    """A website of its own, by two names of which Guide knows one."""

    port: int
    guide: str
    """The address of the chat."""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What is at each path, and the policy that goes with it."""

    def page(self, attributes: str = "", head: bool = False, policy: str = "", script: str = "") -> str:
        """The path of a page with the script of the chat, whose attributes are given."""
        element = f'<script src="{script or self.guide + "embed.js"}" {attributes}></script>'
        path = f"/{len(self.pages)}.html"
        self.pages[path] = HOST.format(head=element if head else "", end="" if head else element), policy
        return path

    def at(self, path: str, host: str = "localhost") -> str:
        """The address of a page; `localhost` is listed, `127.0.0.1` isn't."""
        return f"http://{host}:{self.port}{path}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content, policy = found.pages.get(self.path, ("", ""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        article = ROOT / "corpus/emotional-detachment.md"
        allowed = f"http://localhost:{port}"
        folder = tmp_path_factory.mktemp("embedded")
        with scripted(article, folder, branding=BRANDING, frame_ancestors=allowed) as address:
            found = Site(port, address)
            yield found
        server.shutdown()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens a page of the website, and fails if anybody but it and Guide is asked or a script fails."""
    contexts, faults = [], []

    def opened(path: str, width: int = 1280, host: str = "localhost", locale: str = "en-IE", **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 720},
            locale=locale,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.route(NEUTRAL, lambda route: route.fulfill(body="<title>Elsewhere</title>", content_type="text/html"))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))

        def own(request: Request) -> None:
            if not request.url.startswith((site.at("", host), site.guide, "data:", NEUTRAL)):
                faults.append(f"outside request: {request.url}")

        page.on("request", own)
        page.goto(site.at(path, host))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def opener(page: Page) -> Locator:
    return page.get_by_role("button", name="Ask Calm Corner")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Calm Corner")


def frame_of(page: Page, site: Site) -> Frame:
    """The chat within the page, once its first guess of the country has come in: what is asked before that is lost."""
    chat = page.frame_locator("iframe")
    chat.locator("#question textarea").wait_for()
    expect(chat.locator("#country")).to_have_value("IE")
    [frame] = [frame for frame in page.frames if frame.url == site.guide]
    return frame


def opened(page: Page, site: Site) -> Frame:
    """The chat in the panel, which has the focus."""
    opener(page).press("Enter")
    frame = frame_of(page, site)
    expect(page.locator("iframe")).to_be_focused()
    return frame


def ask_in(frame: Frame, question: str) -> None:
    turns = frame.locator(".turn").count()
    frame.fill("#question textarea", question)
    frame.press("#question textarea", "Enter")
    frame.locator(".turn").nth(turns).wait_for()


@pytest.mark.parametrize("width", [1280, 375])
def test_a_panel_opens_and_answers(site: Site, visit: Visit, width: int) -> None:
    page = visit(site.page(), width)
    assert page.locator("iframe").get_attribute("src") is None  # nothing is fetched before somebody asks for it
    frame = opened(page, site)
    ask_in(frame, "What are the signs?")
    expect(frame.locator(".turn blockquote").first).to_be_visible()
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = panel(page).bounding_box()
    assert box is not None
    assert min(box["x"], box["y"], width - box["x"] - box["width"], 720 - box["y"] - box["height"]) >= 0
    if width == 375:
        assert (box["width"], box["height"]) == (375, 720)


def test_the_panel_is_a_dialog_by_keyboard(site: Site, visit: Visit) -> None:
    page = visit(site.page())
    frame = opened(page, site)
    expect(panel(page)).to_have_attribute("aria-modal", "true")
    # What lies behind is out of reach: for Tab, for a pointer and for a screen reader.
    expect(page.get_by_role("link", name="Another link")).to_have_count(1)
    page.get_by_role("link", name="Another link").focus()
    expect(page.get_by_role("link", name="Another link")).not_to_be_focused()
    assert page.evaluate("document.elementFromPoint(40, 40).className") == "guide"
    expect(page.locator("html")).to_have_css("overflow-y", "hidden")
    frame.press("#question textarea", "Escape")
    expect(panel(page)).to_be_hidden()
    expect(opener(page)).to_be_focused()
    expect(page.locator("html")).to_have_css("overflow-y", "visible")
    # By pointer too, where a browser doesn't focus the buttons that are clicked.
    opener(page).evaluate("one => { one.blur(); one.click(); }")
    expect(page.locator("iframe")).to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(panel(page)).to_be_hidden()
    expect(opener(page)).to_be_focused()


def test_escape_closes_what_is_open_in_the_chat_first(site: Site, visit: Visit) -> None:
    page = visit(site.page(), 375)
    frame = opened(page, site)
    frame.get_by_role("link", name="Need help now?").click()
    expect(frame.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(frame.locator("#help")).to_be_hidden()
    expect(panel(page)).to_be_visible()
    page.wait_for_timeout(2100)  # or the next two would leave the page
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


@pytest.mark.parametrize("attributes", ["", "data-inline"])
def test_leave_leaves_the_whole_page(site: Site, visit: Visit, attributes: str) -> None:
    page = visit(site.page(attributes))
    frame = frame_of(page, site) if attributes else opened(page, site)
    ask_in(frame, f"What are the signs of {WORD}?")
    frame.get_by_role("button", name="Quick exit").click()
    page.wait_for_url(NEUTRAL)
    assert page.evaluate("history.length") <= 2  # about:blank, and this in the place of the website
    page.go_back()
    assert WORD not in page.content()
    assert not page.url.startswith((site.at(""), site.guide))


@pytest.mark.parametrize("focus", ["in the chat", "beside it"])
def test_three_escapes_leave_though_the_first_closes_the_panel(site: Site, visit: Visit, focus: str) -> None:
    page = visit(site.page())
    opened(page, site)
    if focus == "beside it":
        page.get_by_role("button", name="Close").focus()
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(NEUTRAL)


def test_escape_is_the_websites_own_while_the_panel_is_closed(site: Site, visit: Visit) -> None:
    page = visit(site.page())
    for _ in range(4):
        page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    expect(page).to_have_title("A website")


def test_the_quick_exit_works_where_a_website_frames_the_chat_itself(site: Site, visit: Visit) -> None:
    path = site.page(head=True, script="none.js")
    site.pages[path] = HOST.format(head="", end=f'<iframe src="{site.guide}" width=600 height=600></iframe>'), ""
    page = visit(path)
    frame_of(page, site).get_by_role("button", name="Quick exit").click()
    page.wait_for_url(NEUTRAL)


def test_who_isnt_the_chat_cant_leave_or_close(site: Site, visit: Visit) -> None:
    page = visit(site.page())
    opened(page, site)
    page.evaluate("""for (const said of ["leave", "escape"]) postMessage({ guide: said }, "*")""")
    # From the chat's place on the network, but not from its frame.
    page.evaluate(
        """() => { const event = new MessageEvent("message", { origin: document.querySelector(".guide")
            .shadowRoot.querySelector("iframe").src.slice(0, -1), data: { guide: "leave" }, source: window });
            dispatchEvent(event); }"""
    )
    page.wait_for_timeout(200)
    expect(panel(page)).to_be_visible()
    # From the chat's frame, but from another place that is in it now.
    site.pages["/other.html"] = "<script>parent.postMessage({ guide: 'leave' }, '*'); document.title = 'x'</script>", ""
    page.locator("iframe").evaluate("(frame, address) => frame.src = address", site.at("/other.html"))
    page.frame_locator("iframe").locator("title").wait_for(state="attached")
    page.wait_for_timeout(200)
    expect(page).to_have_title("A website")


def test_the_chat_speaks_to_the_page_around_it_alone(site: Site, visit: Visit) -> None:
    page = visit(site.page())
    page.evaluate("heard = []; addEventListener('message', (event) => heard.push(JSON.stringify(event.data)))")
    frame = opened(page, site)
    # A frame within the chat's page isn't the page around it, and stays unknown to it.
    frame.evaluate(
        "dispatchEvent(new MessageEvent('message', "
        "{ origin: 'https://example.org', data: { guide: 'hello' }, source: window }))"
    )
    ask_in(frame, f"What are the signs of {WORD}?")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    heard = page.evaluate("heard.filter((one) => one.includes('guide'))")
    assert heard == ['{"guide":"here"}', '{"guide":"escape","used":false}']
    assert WORD not in "".join(page.evaluate("heard"))


@pytest.mark.parametrize(("attributes", "parent"), [("data-inline", "body"), ('data-target="#here"', "#here")])
@pytest.mark.parametrize("width", [1280, 375])
def test_inline_it_stands_in_the_page(site: Site, visit: Visit, width: int, attributes: str, parent: str) -> None:
    page = visit(site.page(attributes), width)
    frame = frame_of(page, site)
    expect(page.locator(f"{parent} > .guide iframe")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    ask_in(frame, "What are the signs?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] == 640


def test_a_target_that_isnt_there_is_named(site: Site, visit: Visit) -> None:
    told: list[str] = []
    path = site.page('data-target="#nowhere"')
    page = visit(path)
    page.on("console", lambda said: told.append(said.text))
    page.goto(site.at(path))
    assert told == ["Guide: nothing on this page is #nowhere, which data-target names."]


def test_it_works_in_the_head_and_under_a_strict_policy(site: Site, visit: Visit) -> None:
    guide = site.guide.rstrip("/")
    page = visit(site.page(head=True, policy=f"default-src 'none'; script-src {guide}; frame-src {guide}"))
    opened(page, site)
    assert page.locator(".opener").evaluate("one => getComputedStyle(one).position") == "fixed"


def test_the_chats_address_is_beside_the_script(site: Site, visit: Visit) -> None:
    site.pages["/tools/guide/embed.js"] = embed_script(BRANDING, "en"), ""
    page = visit(site.page(script=site.at("/tools/guide/embed.js")))
    opener(page).click()
    expect(page.locator("iframe")).to_have_attribute("src", site.at("/tools/guide/"))


def test_a_page_that_isnt_listed_is_refused_and_says_so(site: Site, visit: Visit) -> None:
    told: list[str] = []
    path = site.page()
    page = visit(path, host="127.0.0.1")
    page.on("console", lambda said: told.append(said.text))
    page.clock.install()
    page.goto(site.at(path, "127.0.0.1"))
    opener(page).click()
    page.wait_for_timeout(1000)
    assert any("frame-ancestors" in said for said in told), told
    assert site.guide not in [frame.url for frame in page.frames]
    expect(page.get_by_role("status")).to_be_empty()
    page.clock.fast_forward(15_000)
    expect(page.get_by_role("status")).to_contain_text("Calm Corner can’t be shown here right now.")
    alone = page.get_by_role("link", name="Open it in a page of its own")
    expect(alone).to_have_attribute("href", site.guide)
    lines = page.get_by_role("link", name="Find a help line anywhere")
    expect(lines).to_have_attribute("href", "https://findahelpline.com")
    # The focus has stayed where Escape is heard.
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


def test_it_has_the_operators_colours_and_language(site: Site, visit: Visit) -> None:
    for scheme, accent in (("light", "rgb(122, 62, 18)"), ("dark", "rgb(240, 178, 122)")):
        page = visit(site.page(), color_scheme=scheme, locale="es-ES")
        colour = opener(page).evaluate("one => getComputedStyle(one).backgroundColor")
        assert colour == accent
        expect(page.locator(".guide")).to_have_attribute("lang", "en")
        opener(page).click()
        expect(page.frame_locator("iframe").locator("[data-ui-language]")).to_have_attribute("data-ui-language", "en")


def test_nothing_is_stored(site: Site, visit: Visit) -> None:
    page = visit(site.page())
    frame = opened(page, site)
    ask_in(frame, f"What are the signs of {WORD}?")
    for one in (page.main_frame, frame):
        kept = one.evaluate(
            """async () => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage),
                document.cookie, location.href, document.title, history.state, await caches.keys()])"""
        )
        assert WORD not in kept
    assert frame.evaluate("document.referrer") == ""
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.context.cookies() == []


@pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="axe-core isn't installed: run `npm ci`")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(site: Site, visit: Visit, width: int, scheme: str) -> None:
    page = visit(site.page(), width, color_scheme=scheme, bypass_csp=True)

    def faults(*frames: Frame) -> list[str]:
        found = []
        for frame in frames:
            frame.evaluate(Path(AXE).read_text("utf-8"))
            seen = frame.evaluate("axe.run(document, { resultTypes: ['violations'], iframes: false })")["violations"]
            found += [f"{fault['id']}: {node['html'][:160]}" for fault in seen for node in fault["nodes"]]
        return found

    assert faults(page.main_frame) == []
    frame = opened(page, site)
    assert faults(page.main_frame, frame) == []
    ask_in(frame, "What are the signs?")
    assert faults(page.main_frame, frame) == []
    inline = visit(site.page("data-inline"), width, color_scheme=scheme, bypass_csp=True)
    assert faults(inline.main_frame, frame_of(inline, site)) == []
