"""What shapes an index: Guide's code, with the settings in it, and the libraries by which articles are read, split,
embedded and indexed. A build takes nothing over from an index that another recipe made.

The model isn't part of it: an index names its model, with the SHA-256 of the weights, beside its recipe.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

CODE: Mapping[str, tuple[str, ...]] = {
    "records": ("records.py",),
    "reading": (
        "articles/assemble.py",
        "articles/column_names.py",
        "articles/credits.py",
        "articles/decoding.py",
        "articles/front_matter.py",
        "articles/markdown.py",
        "articles/markdown_dialects.py",
        "articles/markdown_inline.py",
        "articles/markdown_walk.py",
        "articles/page_marks.py",
        "articles/pieces.py",
        "articles/plain_text.py",
        "articles/question_file.py",
        "articles/read.py",
        "articles/roles.py",
        "articles/template_code.py",
        "articles/text_headings.py",
        "articles/text_lines.py",
        "text/normalise.py",
        "text/tags.py",
    ),
    "reading of other formats": (
        "articles/formats/archive.py",
        "articles/formats/convert.py",
        "articles/formats/document.py",
        "articles/formats/docx.py",
        "articles/formats/epub.py",
        "articles/formats/fragment.py",
        "articles/formats/html.py",
        "articles/formats/kept.py",
        "articles/formats/lists.py",
        "articles/formats/main_part.py",
        "articles/formats/marks.py",
        "articles/formats/panels.py",
        "articles/formats/pdf.py",
        "articles/formats/pdf_columns.py",
        "articles/formats/pdf_drawn.py",
        "articles/formats/pdf_furniture.py",
        "articles/formats/pdf_letters.py",
        "articles/formats/pdf_lines.py",
        "articles/formats/pdf_page.py",
        "articles/formats/pdf_parts.py",
        "articles/formats/pdf_rows.py",
        "articles/formats/pdf_workers.py",
        "articles/formats/tables.py",
        "articles/formats/tidy.py",
        "articles/formats/word.py",
    ),
    "splitting": ("articles/advice.py", "articles/passages.py", "text/sentences.py"),
    "embedded text": ("index/embed.py",),
    "encoding": ("embedding/encoder.py", "embedding/onnx_encoder.py"),
    "stems": ("text/stems.py",),
    "word counts": ("text/lexicon.py",),
    "BM25": ("index/bm25.py",),
    "token vectors": ("index/token_vectors.py",),
    "questions": ("index/question_vectors.py",),
    "FAISS settings": ("index/vectors.py",),
    "segment files": ("hashing.py", "index/article_store.py", "index/mapped_arrays.py", "index/segment.py"),
}
"""The modules of each part of the recipe, as paths within the package. A setting is a constant in its module."""

LIBRARIES = (
    "charset-normalizer",  # tells the encoding of files that aren't UTF-8
    "faiss-cpu",  # finds the codes by which many vectors are compared, and writes the files that hold them
    "markdown-it-py",  # says what is a heading, a list, a table
    "mdit-py-plugins",  # says what is a footnote, a definition, a call-out
    "PyStemmer",  # its word lists decide which words share a stem
    "PyYAML",  # reads the front matter
    "tokenizers",  # splits texts into the tokens whose vectors and numbers are kept
)
"""The libraries, by the names of their distributions, whose version shapes every index."""

FORMAT_LIBRARIES = (
    "beautifulsoup4",  # reads HTML for markdownify
    "jusText",  # tells text from what stands around it where trafilatura isn't sure
    "lxml",  # reads HTML and XML
    "lxml_html_clean",  # removes scripts and styles for trafilatura
    "mammoth",  # Word documents
    "markdownify",  # writes HTML as Markdown
    "pdfminer.six",  # reads PDFs for pdfplumber
    "pdfplumber",  # PDFs
    "trafilatura",  # finds the article in a web page
)
"""The libraries of the extra `formats`, and what they read with; each counts where it is installed."""


@lru_cache(maxsize=1)
def index_recipe() -> Mapping[str, str]:
    """The recipe by which this Guide builds: for each part of `CODE` the SHA-256 of its modules in hexadecimal, for
    each installed library its version.
    """
    recipe = {}
    for part, modules in CODE.items():
        digest = sha256()
        for module in modules:
            digest.update(source_of(module))
        recipe[part] = digest.hexdigest()
    found = {name: version_of(name) for name in (*LIBRARIES, *FORMAT_LIBRARIES)}
    return recipe | {name: version for name, version in found.items() if version}


def source_of(module: str) -> bytes:
    """The source of a module of Guide, by its path within the package."""
    return files("guide").joinpath(module).read_bytes()


def version_of(library: str) -> str:
    """The version of an installed library, which isn't imported; an empty string if it isn't installed."""
    # Imported here: asking questions needs no recipe, and this takes longer than all else here.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def recipe_changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What of the recipe `now` differs from that of an index, in words for people; nothing if the index may be added
    to. An index of a Guide that kept no parts differs in all.

    A library of other formats counts where it is installed and was: without it nothing is read, and nothing was.

    >>> recipe_changes({"splitting": "ab", "PyStemmer": "3.0.0"}, {"splitting": "cd", "PyStemmer": "3.1.0"})
    ('splitting', 'PyStemmer (3.0.0 → 3.1.0)')
    """
    if not before:
        return ("Guide",)
    changed = [
        name
        for name, value in now.items()
        if before.get(name) != value and (name in before or name not in FORMAT_LIBRARIES)
    ]
    return tuple(
        name if name in CODE else f"{name} ({before.get(name, 'not installed')} → {now[name]})" for name in changed
    )
