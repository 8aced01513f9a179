"""The script that shows the chat on an operator's own website, in a panel or in the page: `embed.js`."""

import json
from importlib.resources import files

from guide.chat.branding import Branding
from guide.chat.colours import custom_properties
from guide.chat.texts import branded, texts_for
from guide.safety.helplines import ANYWHERE, registry


def embed_script(branding: Branding, language: str) -> str:
    """`embed.js` with the operator's words and colours in it, in a language of the interface."""
    ours = files("guide.chat")
    texts = branded(texts_for(language), branding.greeting_in(language))
    directory = next(line for line in registry().lines if (line.country, line.purpose) == (ANYWHERE, "directory"))
    own = {
        "title": texts["title"],
        "language": texts.language,
        "open": texts["widget_open"].format(title=texts["title"]),
        "close": texts["close"],
        "absent": texts["widget_absent"].format(title=texts["title"]),
        "alone": texts["widget_alone"],
        "help": texts["purpose_directory"],
        "lines": directory.url,
        "styles": _colours_of(branding) + ours.joinpath("embed.css").read_text("utf-8"),
    }
    return f"{ours.joinpath('embed.js').read_text('utf-8').rstrip()}({json.dumps(own)});\n"


def _colours_of(branding: Branding) -> str:
    """The palette of both schemes, for what hangs below the widget's root."""
    return (
        f":host {{ {custom_properties(branding.light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :host {{ {custom_properties(branding.dark)} }} }}\n"
    )
