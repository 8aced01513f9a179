"""What shapes an index: the code that reads, splits and embeds its articles."""

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

MODULES = (
    "records.py",
    *(
        f"articles/{name}.py"
        for name in ("read", "markdown", "plain_text", "pieces", "roles", "assemble", "passages", "titles")
    ),
    *(
        f"articles/formats/{name}.py"
        for name in ("archive", "convert", "document", "docx", "epub", "html", "pdf", "pdf_lines", "tidy")
    ),
    *(f"text/{name}.py" for name in ("normalise", "sentences", "stems", "lexicon")),
    *(f"index/{name}.py" for name in ("embed", "bm25", "token_vectors", "vectors", "segment")),
)
"""Every module of Guide whose change may change what is in an index, as paths within the package."""


@lru_cache(maxsize=1)
def index_recipe() -> str:
    """The SHA-256 of `MODULES`, in hexadecimal: what another recipe made isn't taken over."""
    digest = sha256()
    for module in MODULES:
        digest.update(files("guide").joinpath(module).read_bytes())
    return digest.hexdigest()
