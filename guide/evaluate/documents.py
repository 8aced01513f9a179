"""Documents of a public data set → an index of articles, one for each document, kept for the next time."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import guide
from guide.articles.assemble import assemble
from guide.articles.passages import split
from guide.articles.pieces import Parsed, Piece
from guide.embedding.encoder import Encoder, ModelIdentity
from guide.errors import SearchIndexError
from guide.evaluate.loaders import DataError, PublicDocument
from guide.evaluate.progress import Tracked
from guide.index.build import index_of
from guide.index.index import Index, open_index
from guide.records import Article, Hit
from guide.text.normalise import normalise, words

IndexDocuments = Callable[[Sequence[PublicDocument], str], Index]
"""Gives the index of documents; the second argument is what a person who waits reads."""


def index_documents(
    documents: Sequence[PublicDocument], encoder: Encoder, model: ModelIdentity, cache: Path, name: str
) -> Index:
    """The index of `documents`, from `cache` if it is there; `name` is what a person who waits reads.

    The index's articles have the documents' ids. A document without a word isn't among them: nothing finds it.

    Raises:
        DataError: no document has a word.
    """
    folder = cache / _key(documents, model)
    try:
        return open_index(folder)
    except SearchIndexError:
        articles = [article_of(document) for document in documents if words(document.title + " " + document.text)]
        if not articles:
            raise DataError(f"No document of {name} holds a word; get the data set anew.") from None
        texts = sum(1 + len(passage.points) for article in articles for passage in split(article))
        index_of(articles, Tracked(encoder, texts, f"{name}: index"), model).save(folder)
        # Opened anew, its token vectors are mapped from disk and not held.
        return open_index(folder)


def article_of(document: PublicDocument) -> Article:
    """The document as an article: its title, and each line of its text a paragraph."""
    title, text = normalise(document.title).strip(), normalise(document.text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    pieces = [Piece("paragraph", line) for line in lines or [title]]
    return assemble(Parsed(pieces, title=title), article_id=document.id)


def ranked_documents(hits: Iterable[Hit]) -> tuple[str, ...]:
    """The ids of the documents that the passages of `hits` are from, each at its best passage's place."""
    return tuple(dict.fromkeys(hit.passage.article_id for hit in hits))


def _key(documents: Sequence[PublicDocument], model: ModelIdentity) -> str:
    """A name that changes with the documents, the model and Guide's code: figures are of what is here now."""
    code = [path.read_bytes() for path in sorted(Path(guide.__file__).parent.rglob("*.py"))]
    return sha256(repr((documents, model, code)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
