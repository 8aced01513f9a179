"""Files and folders → the articles of a build, and which of them can't be read."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from guide.articles.assemble import article_id, article_ids
from guide.articles.formats.convert import MAX_FILE_BYTES
from guide.articles.question_file import MAX_BYTES, question_files
from guide.articles.read import SUFFIXES, read_article
from guide.errors import ArticleError
from guide.records import Article

OTHER_DOCUMENTS = ".doc .odt .rtf .pages .tex .mobi .azw3 .fb2 .djvu .mht .mhtml .xml .ppt .pptx .odp".split()
"""What may well be an article, and is named rather than passed over; pictures and such aren't."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that isn't in the index as it is now, and why."""

    path: Path
    reason: str
    kept: bool
    """Whether the article stays in the index as an earlier build read it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The articles of a build by the SHA-256 of their sources: all of their paths, and those that were read."""

    paths: Mapping[str, Path]
    read: Mapping[str, Article]
    skipped: tuple[Skipped, ...]


Earlier = tuple[str, Callable[[], Article]]
"""An article of an earlier build: its source's SHA-256, and what reads it."""


def article_paths(sources: Sequence[Path]) -> list[Path]:
    """The article files among `sources`, in a stable order; of folders those in them, not in folders below.

    Raises:
        ArticleError: a folder holds none, or can't be searched.
    """
    paths: list[Path] = []
    for source in sources:
        if not is_folder(source):
            paths.append(source)
            continue
        found = articles_in(source)
        if not found:
            raise ArticleError(f"The folder {source} holds no article ({', '.join(SUFFIXES)}); put one there.")
        paths += found
    return list(dict.fromkeys(paths))


def articles_in(folder: Path) -> list[Path]:
    """The article files in a folder, not in folders below, in a stable order.

    Raises:
        ArticleError: the folder can't be searched.
    """
    try:
        return sorted(path for path in folder.iterdir() if _may_be_article(path))
    except OSError as error:
        raise ArticleError(f"The folder {folder} can't be searched ({error.strerror}); name another.") from None


def _may_be_article(path: Path) -> bool:
    return path.suffix.lower() in (*SUFFIXES, *OTHER_DOCUMENTS) and not path.name.startswith((".", "~$"))


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name."""
    try:
        return path.is_dir()
    except OSError:
        # Such as a name that is too long; reading it as a file says so.
        return False


def gather(
    paths: Sequence[Path],
    known: Container[str],
    earlier: Mapping[str, Earlier],
    progress: Callable[[int, int, str], None],
    page_progress: Callable[[int, int, str], None] = lambda done, of, name: None,
    ids: Mapping[Path, str] | None = None,
) -> Gathered:
    """The articles in `paths`. Those whose sources are `known` aren't read again; of those that can't be read what an
    `earlier` build read, by the article's id, is kept. `progress` hears how many files are done, of how many, and
    the name of the one that is read now; `page_progress` the same of the pages of a PDF. `ids` are the articles' ids
    where `paths` are some of many.
    """
    found: dict[str, Path] = {}
    read: dict[str, Article] = {}
    skipped: list[Skipped] = []
    taken: dict[str, Path] = {}
    ids = article_ids(paths) if ids is None else ids
    for number, path in enumerate(paths):
        progress(number, len(paths), path.name)
        name = ids[path]
        source = source_sha256(path, name)
        if source in found:
            continue
        if name in taken:
            skipped.append(Skipped(path, _said_of_same_name(path, taken[name]), kept=False))
            continue
        try:
            if source not in known:
                read[source] = read_article(path, name, partial(_with_name, page_progress, path.name))
        except ArticleError as error:
            skipped.append(Skipped(path, str(error), kept=name in earlier))
            if name not in earlier:
                continue
            source, read_earlier = earlier[name]
            if source not in known:
                read[source] = read_earlier()
        found[source] = taken[name] = path
    progress(len(paths), len(paths), "")
    return Gathered(found, read, tuple(skipped))


def _said_of_same_name(path: Path, other: Path) -> str:
    """What there is to say of a file whose name `other` has already, and of the questions beside both."""
    shared = [file.name for file in question_files(path).values() if file in question_files(other).values()]
    questions = f" Until then {' and '.join(shared)} counts for {other.name} alone." if shared else ""
    return f"{path} has the same name as {other}; rename one of them.{questions}"


def _with_name(progress: Callable[[int, int, str], None], name: str, done: int, of: int) -> None:
    progress(done, of, name)


def source_sha256(path: Path, id: str = "") -> str:
    """The SHA-256 of what makes an article: its file, its name, its `id` if another name is nearly the same, and the
    files of questions beside it.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return str(path)
        name = path.name if id in ("", article_id(path)) else f"{path.name}\0{id}"
        digest = sha256(name.encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes())
        for file in question_files(path).values():
            # One that is too large isn't read for the article either.
            content = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
            digest.update(b"\0" + file.name.encode("utf-8", "surrogateescape") + b"\0" + content)
        return digest.hexdigest()
    except (OSError, ValueError):
        # Reading it as an article says what is wrong.
        return str(path)
