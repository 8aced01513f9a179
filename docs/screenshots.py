"""Takes the screenshots of the README and docs/: `python docs/screenshots.py`, with the package's dev extra."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from find_browser import find_browser  # noqa: E402


def main() -> None:
    """Builds an index of corpus/, opens the chat over it and looks at it."""
    with tempfile.TemporaryDirectory() as index:
        guide = [sys.executable, "-m", "guide"]
        article = str(DOCS.parent / "corpus/emotional-detachment.md")
        subprocess.run([*guide, "build", article, "--index", index], check=True)
        with subprocess.Popen([*guide, "serve", "--index", index], stdout=subprocess.PIPE, text=True) as server:
            try:
                printed = iter(server.stdout or ())
                address = next(found[0] for line in printed if (found := re.search(r"http://\S+", line)))
                look(address)
            finally:
                server.terminate()


def look(address: str) -> None:
    """Takes each picture."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, width, height, scheme, question in (
            ("screenshot", 1280, 860, "light", "Does yoga help?"),
            ("screenshot-dark", 1280, 860, "dark", "What do healthy boundaries look like?"),
            ("screenshot-phone", 320, 640, "light", ""),
            ("screenshot-crisis", 320, 640, "light", "I don't want to be alive anymore"),
            ("screenshot-explore", 1280, 860, "light", "How do I talk with my partner about it?"),
        ):
            context = browser.new_context(viewport={"width": width, "height": height}, locale="en-IE")
            page = context.new_page()
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.goto(address)
            page.get_by_label("Your question").wait_for()
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
            context.close()
        browser.close()


def ask(page: Page, question: str) -> None:
    """Sends a question and waits for its answer."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator("#turn-1").wait_for()


if __name__ == "__main__":
    main()
