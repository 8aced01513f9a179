"""Front matter: what it says in each notation, and what is said where it is wrong."""

import pytest

from guide.articles.front_matter import MAX_FRONT_MATTER, read_front_matter

BODY = "# Tea\n\nMild.\n"

NOTATIONS = [
    ("---\ntitle: Tea\n---\n", {"title": "Tea"}, "YAML"),
    ("---\ntitle: Tea\n...\n", {"title": "Tea"}, "YAML that ends with dots"),
    ("---\n# of ours\ntitle: Tea\n---\n", {"title": "Tea"}, "YAML that begins with a comment"),
    ('+++\ntitle = "Tea"\n+++\n', {"title": "Tea"}, "TOML"),
    ('{\n  "title": "Tea"\n}\n', {"title": "Tea"}, "JSON"),
    ("---\nlang: no\n---\n", {"language": "no"}, "Norwegian, which YAML takes for a truth value"),
    ("---\ntitle: 2024-02-01\n---\n", {"title": "2024-02-01"}, "a date"),
    ("---\nauthors:\n  - name: Ann Lee\n  - name: Bo Orr\n---\n", {"author": "Ann Lee, Bo Orr"}, "a list of authors"),
    ("---\nlang: de\nlanguage: fr\n---\n", {"language": "fr"}, "our key before another's"),
    ("---\nlanguage: fr\nlang: de\n---\n", {"language": "fr"}, "our key before another's, whichever is first"),
    ("---\nTitle: Tea\n---\n", {"title": "Tea"}, "capitals"),
    ('---\ntitle: "Te\\u0007a\\npots"\n---\n', {"title": "Tea pots"}, "control characters and line ends"),
    ("---\ntitle:\n---\n", {}, "nothing after a key"),
    ("---\n---\n", {}, "nothing"),
]


@pytest.mark.parametrize(("front", "texts"), [row[:2] for row in NOTATIONS], ids=[row[2] for row in NOTATIONS])
def test_each_notation_is_read_and_no_text(front: str, texts: dict[str, str]) -> None:
    about, body = read_front_matter(front + BODY)
    assert (about.texts, body.lstrip("\n"), about.notes) == (texts, BODY, ())


NO_FRONT_MATTER = [
    "---\n\n# Tea\n\n---\n\nMild.\n",
    "---\n\nNote: it is hot.\n\n---\n\nMild.\n",
    "---\njust words\n---\n",
    "{{< figure >}}\n\nMild.\n",
    "{not json}\n\nMild.\n",
    "Note: it is hot.\nAlso: it is dear.\n\nMild.\n",
    "+++\nplus\n+++\n",
]


@pytest.mark.parametrize("text", NO_FRONT_MATTER)
def test_text_that_only_looks_like_it_is_kept(text: str) -> None:
    about, body = read_front_matter(text)
    assert (about.texts, body, about.notes) == ({}, text, ())


FAULTS = [
    (
        "---\ntitle: Tea: a beginning\nlayout: post\n---\n",
        {"title": "Tea: a beginning"},
        ["has front matter that isn't valid YAML (line 2); only its `title` could be read; quote texts"],
    ),
    ("---\ntitle: [\n---\n", {}, ["has front matter that isn't valid YAML (line 3); quote texts that hold a colon."]),
    ("---\na: " + "[" * 5_000 + "\n---\n", {}, ["has front matter that isn't valid YAML; quote"]),
    ("+++\ntitle = Tea\n+++\n", {}, ["has front matter that isn't valid TOML; quote"]),
    ("---\ntitle: Tea\n\n", {"title": "Tea"}, ["has front matter without an end; close it with a line of `---`."]),
    (
        "---\n\nid: t\ntitle: Tea\n---\n",
        {"title": "Tea"},
        ["has front matter that doesn't stand right below", "has front matter with keys that Guide doesn't use: `id`."],
    ),
    (
        "---\ntitel: Tea\nhelp-section: Doctor\n---\n",
        {},
        ["has front matter with the key `titel`, which isn't used; is `title` meant?", "`help_section` meant?"],
    ),
    (
        "---\nlayout: post\nlanguages: [en]\n---\n",
        {},
        ["has front matter with keys that Guide doesn't use: `layout`, `languages`."],
    ),
    ("---\ntitle:\n  - [a]\n  - {b: c}\nauthor: {b: c}\n---\n", {"title": "a"}, []),
    ("---\nadvice_sections: {a: b}\n---\n", {}, ["`advice_sections` is no list of headings and isn't used."]),
    ("---\nquestions: [How long]\n---\n", {}, ["`questions` doesn't map headings to lists of questions"]),
    ("---\nquestions: {Brewing: }\n---\n", {}, ["`questions` doesn't map headings to lists of questions"]),
    (
        "---\ntitle: Tea\nlanguage: as it comes\n---\n",
        {"title": "Tea"},
        ["`language`, 'as it comes', is no code"],
    ),
    (f"---\ntitle: {'a' * MAX_FRONT_MATTER}\n---\n", {}, ["has front matter of 65,544 characters, which isn't read."]),
]


@pytest.mark.parametrize(("front", "texts", "says"), FAULTS)
def test_a_fault_loses_what_it_is_in_and_not_the_text(front: str, texts: dict[str, str], says: list[str]) -> None:
    about, body = read_front_matter(front + BODY)
    assert (about.texts, body.lstrip("\n")) == (texts, BODY)
    assert len(about.notes) == len(says)
    assert all(part in note for part, note in zip(says, about.notes, strict=True))
    assert "\n" not in "".join(about.notes)


@pytest.mark.parametrize(
    ("written", "read"), [("en_US", "en-US"), ("PT-br", "pt-BR"), ("de", "de"), ("zh_hant_TW", "zh-Hant-TW")]
)
def test_a_language_is_read_however_it_is_written(written: str, read: str) -> None:
    about, _ = read_front_matter(f"---\nlocale: {written}\n---\n{BODY}")
    assert (about.texts, about.notes) == ({"language": read}, ())


def test_one_heading_may_stand_without_a_list() -> None:
    about, _ = read_front_matter('---\nadvice_sections: Brewing\nquestions: {Brewing: "How long?"}\n---\n')
    assert (about.advice_sections, dict(about.questions)) == (("Brewing",), {"Brewing": ("How long?",)})
