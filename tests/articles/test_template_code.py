"""Template code in web pages and Markdown is left out and named; what code samples hold stays."""

from pathlib import Path

import pytest

from guide.articles.read import read_article
from guide.articles.template_code import without_template_code
from guide.records import Article

TABLE = '{{ table({\n  head: [ { text: "Kind" }, { text: "Time" } ],\n  rows: [ [ { text: "Green" } ] ]\n}) }}'

PAGE = f"""<html><body><main>
{{% extends "layout.njk" %}}
{{% set theme = {{ colour: "blue" }} %}}
<h1>Tea</h1>
<p>Tea is mild, and it keeps for a year in a dry place if its tin is closed after each use.</p>
{TABLE}
<p>Call {{{{ phone }}}} to ask for more, as long as the shop is open.</p>
<p>Write <code>{{{{ tea }}}}</code> to name the tea that you would like to have.</p>
<p>Pour it slowly, and wait for three minutes.<% end %></p>
{{# nobody reads this #}}
{{% endblock %}}
</main></body></html>"""


def read(text: str, name: str, folder: Path) -> Article:
    (folder / name).write_text(text, encoding="utf-8")
    return read_article(folder / name)


def blocks(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for section in article.sections for block in section.blocks]


def test_template_code_of_a_page_is_left_out_and_named(tmp_path: Path) -> None:
    article = read(PAGE, "tea.html", tmp_path)
    assert blocks(article) == [
        "Tea is mild, and it keeps for a year in a dry place if its tin is closed after each use.",
        "Call […] to ask for more, as long as the shop is open.",
        "Write {{ tea }} to name the tea that you would like to have.",
        "Pour it slowly, and wait for three minutes.",
    ]
    assert "has template code of another program, which is left out with what it would show (7 times)." in article.notes


def test_template_code_of_markdown_is_left_out_and_named(tmp_path: Path) -> None:
    fenced = '```\n{{ table({\n  head: "kept"\n}) }}\n```'
    text = f"# Tea\n\n{TABLE}\n\nMild.<% if hot %> Hot.\n\n{fenced}\n\n<div><p>In a box {{{{ box }}}}</p></div>\n"
    article = read(text, "tea.md", tmp_path)
    assert blocks(article) == ["Mild. Hot.", '{{ table({ head: "kept" }) }}', "In a box"]
    assert "has template code of another program, which is left out with what it would show (2 times)." in article.notes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tea {{ and more", "never closed"),
        ("The set {a, b} and 100 % of it", "no code"),
        (r"\frac{{a}}{b}", "a formula"),
        ("# Tea {#tea}", "the name of a heading"),
        ("5 <% of them", "never closed either"),
    ],
)
def test_what_is_no_template_code_stays(text: str, why: str) -> None:
    assert without_template_code(text, is_html=False) == (text, 0), why


def test_many_openings_that_never_close_are_read_at_once() -> None:
    text = "{{ { <% {% `a " * 100_000
    assert without_template_code(text, is_html=False) == (text, 0)
