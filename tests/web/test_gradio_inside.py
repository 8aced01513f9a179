"""What Guide relies on inside Gradio, looked at where it stands: a Gradio that changes it fails here."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import gradio as gr
import pytest
from gradio.routes import App
from gradio.state_holder import SessionState

from guide.chat.layout import SESSION_SECONDS
from guide.web.gradio_inside import EVENTS_PATH, TRACED, UNTIMED, page_stamp

FRONT_END = Path(inspect.getfile(gr)).parent / "templates" / "frontend" / "assets"


def front_end() -> str:
    """All of the page's own scripts that speak with the server."""
    return "".join(path.read_text("utf-8") for name in ("index-*", "Blocks-*") for path in FRONT_END.glob(f"{name}.js"))


def test_the_modules_that_are_kept_quiet_print_their_tracebacks_and_nothing_else_with_them() -> None:
    package = Path(inspect.getfile(gr)).parent
    for name in TRACED:
        source = (package / f"{name.split('.')[1]}.py").read_text("utf-8")
        assert "\nimport traceback\n" in source
        assert set(re.findall(r"\btraceback\.(\w+)", source)) == {"print_exc"}
        assert "from traceback" not in source
        importlib.import_module(name)


def test_open_pages_wait_for_the_event_that_ends_them() -> None:
    source = inspect.getsource(App.create_app)
    assert "app.stop_event.wait()" in source[source.index('"/heartbeat/{session_hash}"') :]


def test_a_conversation_whose_page_is_gone_is_kept_as_long_as_one_that_nobody_continues() -> None:
    with gr.Blocks() as page:
        gr.State()
    assert SessionState(page).STATE_TTL_WHEN_CLOSED == SESSION_SECONDS


def test_what_spares_the_timings_is_still_read() -> None:
    package = Path(inspect.getfile(gr)).parent
    for name in UNTIMED:
        assert any(name in path.read_text("utf-8") for path in package.glob("*.py")), name


def test_a_page_sends_its_events_where_it_is_expected_to_and_asks_the_browser_each_time() -> None:
    scripts = front_end()
    assert re.search(r"/run\$\{\w+\.startsWith\(`/`\)", scripts)
    assert "`/predict`" in scripts
    assert EVENTS_PATH == "/gradio_api/run/predict"
    # `fetch` is looked up with each call: what the page puts in its place is used.
    asks = r"fetch\((\w+),(\w+)\)\{let \w+=new Headers.{0,300}?,fetch\(\1,\{\.\.\.\2,headers:\w+\}\)\}"
    assert re.search(asks, scripts)
    # Left alone, it would load the page anew, and the conversation would be gone.
    assert "window.location.reload()" in scripts


def test_an_events_own_words_are_read_by_name() -> None:
    assert gr.EventData(None, {"question": "Why?"}).question == "Why?"


def stamp_of(*parts: str) -> str:
    code = (
        "import gradio as gr\nfrom guide.web.gradio_inside import page_stamp\n"
        f"with gr.Blocks() as page:\n    box = gr.Textbox()\n    {'; '.join(parts) or 'pass'}\nprint(page_stamp(page))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def plain() -> str:
    return stamp_of()


def test_the_same_page_has_the_same_stamp_in_another_process(plain: str) -> None:
    assert stamp_of() == plain


@pytest.mark.parametrize("part", ["gr.State()", "box.submit(str, box, box)"])
def test_a_page_with_another_part_or_event_has_another_stamp(plain: str, part: str) -> None:
    assert stamp_of(part) != plain


def test_the_stamp_counts_what_an_event_takes() -> None:
    with gr.Blocks() as page:
        box = gr.Textbox()
        box.submit(str, box, box)
    before = page_stamp(page)
    page.fns[0].inputs = []
    assert page_stamp(page) != before
