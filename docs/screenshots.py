"""Takes the pictures of the README and docs/: `python docs/screenshots.py [NAME ...]`, with the extras `dev` and
`formats`. Without a name it takes all of them; `three-steps` is the one on top of the README.
"""

import base64
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from find_browser import find_browser  # noqa: E402

ARTICLE = DOCS.parent / "corpus/emotional-detachment.md"

SCREENS = {
    "screenshot": (1280, 860, "light", "Does yoga help?"),
    "screenshot-dark": (1280, 860, "dark", "What do healthy boundaries look like?"),
    "screenshot-phone": (320, 640, "light", ""),
    "screenshot-crisis": (320, 640, "light", "I don't want to be alive anymore"),
    "screenshot-explore": (1280, 860, "light", "How do I talk with my partner about it?"),
}
"""Each picture's width, height, scheme and question."""

THREE_STEPS = "three-steps"
QUESTION = "Does yoga help?"
STEPS = ("1. Ask in your own words", "2. Read the article’s own words", "3. A tap shows where it stands")
WIDTH, HEIGHT = 390, 640
SCALE = 2
"""So that a screen with small pixels shows it sharply."""
TONES = 64
"""How many colours the picture keeps: it is mostly paper and ink, and a third of the size."""

SHEET = """\
<!doctype html><style>
body {{ margin: 0; padding: 16px; background: #fff; display: flex; gap: 16px; }}
figure {{ margin: 0; width: {width}px; }}
figcaption {{ font: 600 19px system-ui, sans-serif; color: #1f2b2a; padding: 2px 4px 12px; }}
img {{ display: block; width: {width}px; height: {height}px; border: 1px solid #848f8b; border-radius: 14px; }}
</style>{figures}"""


def main(names: list[str]) -> int:
    """0 once the pictures of these names are taken, of a chat over the article; 2 for a name that there isn't."""
    known = [THREE_STEPS, *SCREENS]
    if unknown := set(names) - set(known):
        print(f"There is no picture {sorted(unknown)[0]!r}; expected some of {', '.join(known)}.", file=sys.stderr)
        return 2
    path = find_browser()
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in names or known:
            if name == THREE_STEPS:
                take_three_steps(browser, address)
            else:
                take_screen(browser, address, name)
        browser.close()
    return 0


@contextmanager
def served() -> Iterator[str]:
    """The address of a chat over the article."""
    with tempfile.TemporaryDirectory() as index:
        guide = [sys.executable, "-m", "guide"]
        subprocess.run([*guide, "build", ARTICLE, "--index", index], check=True)
        with subprocess.Popen([*guide, "serve", "--index", index], stdout=subprocess.PIPE, text=True) as server:
            try:
                printed = iter(server.stdout or ())
                yield next(found[0] for line in printed if (found := re.search(r"http://\S+", line)))
            finally:
                server.terminate()


def take_screen(browser: Browser, address: str, name: str) -> None:
    """Takes one picture of the chat."""
    width, height, scheme, question = SCREENS[name]
    page = opened(browser, address, width, height, scheme)
    if question:
        ask(page, question)
        if name == "screenshot-explore":
            page.locator("#explore > summary").click()
            page.locator("#explore .map").wait_for()
            page.locator("#explore").scroll_into_view_if_needed()
        elif width > 1000:
            page.locator("#turn-1 a.cite").first.click()
            page.locator("#turn-1").evaluate("turn => turn.scrollIntoView()")
    page.wait_for_timeout(1000)
    page.screenshot(path=DOCS / f"{name}.png")
    page.context.close()


def take_three_steps(browser: Browser, address: str) -> None:
    """Takes one exchange in three steps, side by side: asked, answered, looked up."""
    page = opened(browser, address, WIDTH, HEIGHT, "light", SCALE)
    page.get_by_label("Your question").fill(QUESTION)
    page.evaluate("scrollTo(0, 0)")
    pictures = [seen(page)]
    page.keyboard.press("Enter")
    page.locator("#turn-1").wait_for()
    pictures.append(seen(page))
    page.locator("#turn-1 a.cite").first.click()
    page.locator("#article .passage:target").wait_for()
    pictures.append(seen(page))
    figures = "".join(
        f'<figure><figcaption>{step}</figcaption><img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        "</figure>"
        for step, picture in zip(STEPS, pictures, strict=True)
    )
    page.set_viewport_size({"width": 3 * WIDTH + 4 * 16, "height": HEIGHT})
    page.goto("about:blank")
    page.set_content(SHEET.format(width=WIDTH, height=HEIGHT, figures=figures))
    sheet = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    # Without dithering, whose dots would cost more than they show.
    few = sheet.convert("RGB").quantize(TONES, dither=Image.Dither.NONE)
    few.save(DOCS / f"{THREE_STEPS}.png", optimize=True)
    page.context.close()


def seen(page: Page) -> bytes:
    """What the page shows, once it has come to rest."""
    page.wait_for_timeout(1000)
    return page.screenshot()


def opened(browser: Browser, address: str, width: int, height: int, scheme: str, scale: float = 1) -> Page:
    """The chat in a window of that size, ready to be asked."""
    viewport = {"width": width, "height": height}
    page = browser.new_context(viewport=viewport, locale="en-IE", device_scale_factor=scale).new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Sends a question and waits for its answer."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator("#turn-1").wait_for()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
