"""The recipe of an index: a change of any part embeds anew and is named, and no part is missing."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from fake_encoder import FakeEncoder

import guide
from guide.commands.build import _print
from guide.embedding.encoder import Agreement, ModelIdentity
from guide.errors import ArticleError
from guide.guide import Guide
from guide.index import recipe
from guide.index.build import build
from guide.index.build_report import BuildReport
from guide.index.index import MANIFEST, open_index, read_manifest
from guide.index.recipe import CODE, FORMAT_LIBRARIES, LIBRARIES, index_recipe, recipe_changes, source_of, version_of

PACKAGE = Path(guide.__file__).parent
STAGES = (
    "guide.index.embed",
    "guide.index.bm25",
    "guide.index.token_vectors",
    "guide.index.vectors",
    "guide.index.segment",
)
"""The modules that make an index; all of `guide.articles` does, too."""

WITHOUT_EFFECT = {
    "guide.articles.inspect": "says what looks wrong with an article that is read and split already",
    "guide.articles.shipped": "finds the folder of the articles that Guide comes with",
    "guide.articles.sources": "says which files are read; each article is known by its file's SHA-256",
    "guide.articles.titles": "tells titles apart where they are shown, which no index keeps",
    "guide.articles.watch": "says when files changed, not what is read of them",
    "guide.config": "names the model, which an index names by itself",
    "guide.deprecation": "finds names that moved",
    "guide.errors": "what is raised makes no index",
    "guide.levels": "orders safety levels, of which no index knows",
}
"""The modules that those stages import and whose change leaves an index as it is."""

LIBRARIES_WITHOUT_EFFECT = {
    "huggingface_hub": "finds a model's folder; the weights have a SHA-256",
    "numpy": "keeps and adds numbers: its results are those of IEEE 754, its files of one format",
    "pydantic": "refuses rows of questions that lack their words; what it lets through it leaves as it is",
    "RapidFuzz": "finds words near a misspelt one when a question is asked",
    "safetensors": "reads weights that have a SHA-256",
    "sentence-transformers": "runs the model; other runtimes are compared with it, and take one another's place",
    "torch": "as sentence-transformers, which runs on it",
    "watchfiles": "wakes a build when files change",
}
"""The libraries that those stages import and whose version leaves an index as it is."""


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    """The recipe is read once in a process; here it changes."""
    index_recipe.cache_clear()
    yield
    index_recipe.cache_clear()


def built(corpus: Path, index: Path, encoder: FakeEncoder | None = None) -> tuple[BuildReport, FakeEncoder]:
    encoder = encoder or FakeEncoder()
    return build([corpus], index, encoder, encoder.identity, encoder.agreement), encoder


# ── each part ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("part", "module"), [(part, module) for part, modules in CODE.items() for module in modules])
def test_a_change_of_any_module_embeds_anew_and_names_its_part(
    part: str, module: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(corpus, tmp_path / "index")
    again, encoder = built(corpus, tmp_path / "index")
    assert (again.embedded, again.changed_recipe, encoder.calls) == (0, (), 0)

    monkeypatch.setattr(recipe, "source_of", lambda path: source_of(path) + (b"# changed" if path == module else b""))
    index_recipe.cache_clear()
    report, encoder = built(corpus, tmp_path / "index")
    assert (report.embedded, report.embedded_unchanged, report.changed_recipe) == (2, 2, (part,))
    assert "Green tea\nIt is mild." in encoder.texts
    assert built(corpus, tmp_path / "index")[1].calls == 0


@pytest.mark.parametrize("library", [*LIBRARIES, *FORMAT_LIBRARIES])
def test_another_version_of_any_library_embeds_anew_and_is_named(
    library: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: dict[str, str] = {library: "3.1.0"}
    monkeypatch.setattr(recipe, "version_of", lambda name: installed.get(name, version_of(name)))
    built(corpus, tmp_path / "index")
    installed[library] = "3.2.0"
    index_recipe.cache_clear()
    report, encoder = built(corpus, tmp_path / "index")
    assert (report.embedded_unchanged, report.changed_recipe) == (2, (f"{library} (3.1.0 → 3.2.0)",))
    assert encoder.calls > 0


def test_a_setting_is_part_of_its_module() -> None:
    # A setting that is moved elsewhere must come into the list there.
    for module, setting in (
        ("articles/passages.py", "MAX_WORDS = 120"),
        ("text/stems.py", 'Stemmer("english")'),
        ("index/bm25.py", "K1 = 1.5\n"),
        ("index/bm25.py", "B = 0.75\n"),
        ("index/vectors.py", "FLAT_AT_MOST = 8_000"),
        ("index/vectors.py", "DIMENSIONS_PER_CODE = 4"),
        ("index/segment.py", 'points: str = "points.faiss"'),
    ):
        assert any(module in modules for modules in CODE.values())
        assert setting in source_of(module).decode()


def test_several_changes_are_all_named(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built(corpus, tmp_path / "index")
    was = version_of("PyStemmer")
    monkeypatch.setattr(recipe, "version_of", lambda name: "9" if name == "PyStemmer" else version_of(name))
    monkeypatch.setattr(recipe, "source_of", lambda path: path.encode() if "passages" in path else source_of(path))
    index_recipe.cache_clear()
    (corpus / "tea.md").write_text("# Tea\n\nIt is new.\n")
    report, _ = built(corpus, tmp_path / "index")
    _print(report, tmp_path / "index")
    said = f"1 article is embedded anew: it was built by another version of splitting, PyStemmer ({was} → 9).\n"
    # The other article has changed, and is embedded for that.
    assert said in capsys.readouterr().out
    assert report.embedded == 2


def test_another_model_or_runtime_embeds_anew_and_is_named(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "index")
    was = FakeEncoder().identity
    for name, weights, agreement, named in (
        ("another", was.sha256, None, (f"the model ({was.name} → another)",)),
        ("another", "f" * 64, None, (f"the model’s weights ({was.sha256[:12]} → ffffffffffff)",)),
        ("another", "f" * 64, Agreement(0.99995, 0.9999), ()),
        ("another", "f" * 64, Agreement(0.977, 0.9), ("the model’s runtime",)),
        ("another", "f" * 64, Agreement(0.977, 0.9), ()),
        ("another", "f" * 64, Agreement(0.99995, 0.9998), ("the model’s runtime",)),
    ):
        encoder = FakeEncoder()
        encoder.identity = ModelIdentity(name, weights)
        report = build([corpus], tmp_path / "index", encoder, encoder.identity, agreement)
        assert (report.changed_recipe, encoder.calls > 0) == (named, bool(named))


# ── libraries of other formats ───────────────────────────────────────────────────────────────────────────────────────


def test_a_library_of_other_formats_counts_where_it_is_and_was_installed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = {"lxml": ""}
    monkeypatch.setattr(recipe, "version_of", lambda name: installed.get(name, version_of(name)))
    built(corpus, tmp_path / "index")
    assert "lxml" not in read_manifest(tmp_path / "index")["recipe"]
    # Installed, removed and installed again in another version, by which an article may have been read.
    for version, calls in (("1", False), ("", False), ("1", False), ("", False), ("2", True)):
        installed["lxml"] = version
        index_recipe.cache_clear()
        assert (built(corpus, tmp_path / "index")[1].calls > 0) == calls, version


def test_a_library_that_every_index_needs_counts_where_it_was_absent() -> None:
    now = {"PyStemmer": "3.1.0", "lxml": "6.0.0"}
    assert recipe_changes({"splitting": "ab"}, now) == ("PyStemmer (not installed → 3.1.0)",)


# ── earlier indexes, and asking ──────────────────────────────────────────────────────────────────────────────────────


def test_an_index_with_one_hash_answers_and_is_built_anew(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "index")
    path = tmp_path / "index" / MANIFEST
    manifest = json.loads(path.read_text("utf-8")) | {"recipe": "0" * 64}
    del manifest["checksum"]
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps(manifest | {"checksum": sha256(text.encode()).hexdigest()}), "utf-8")

    answer = Guide(open_index(tmp_path / "index"), FakeEncoder()).ask("Is green tea mild?")
    assert answer.passages[0].text == "It is mild."
    report, encoder = built(corpus, tmp_path / "index")
    assert (report.embedded_unchanged, report.changed_recipe) == (2, ("Guide",))
    assert encoder.calls > 0
    assert read_manifest(tmp_path / "index")["recipe"] == dict(index_recipe())


def test_asking_needs_no_recipe(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(corpus, tmp_path / "index")

    def refuse(name: str) -> str:
        raise AssertionError(f"asked for {name}")

    monkeypatch.setattr(recipe, "version_of", refuse)
    monkeypatch.setattr(recipe, "source_of", refuse)
    index_recipe.cache_clear()
    assert Guide(open_index(tmp_path / "index"), FakeEncoder()).ask("Is green tea mild?").passages


def test_what_another_recipe_read_stays_where_its_file_cannot_be_read(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(corpus, tmp_path / "index")
    (corpus / "tea.md").write_bytes(b"\x00")
    monkeypatch.setattr(recipe, "source_of", lambda path: b"another")
    index_recipe.cache_clear()
    report, _ = built(corpus, tmp_path / "index")
    assert (report.embedded, report.embedded_unchanged, len(report.skipped)) == (2, 2, 1)
    with pytest.raises(ArticleError):
        build([corpus / "tea.md"], tmp_path / "other", FakeEncoder(), FakeEncoder().identity)


# ── the list is complete ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("guide", include_external_packages=True, cache_dir=None)


def of_the_stages(imports: grimp.ImportGraph) -> set[str]:
    """The modules of Guide that the stages import, directly or not, with themselves."""
    found = {name for name in imports.modules if name.startswith("guide.articles.")} | set(STAGES)
    left = list(found)
    while left:
        new = {name for name in imports.find_modules_directly_imported_by(left.pop()) if name.startswith("guide.")}
        left += new - found
        found |= new
    return found


def module_of(path: str) -> str:
    return "guide." + path.removesuffix(".py").replace("/", ".")


def test_every_module_that_makes_an_index_is_in_the_recipe(imports: grimp.ImportGraph) -> None:
    listed = {module_of(path) for modules in CODE.values() for path in modules}
    # A package's own module imports nothing and holds nothing but its docstring.
    packages = {name for name in of_the_stages(imports) if (PACKAGE.parent / name.replace(".", "/")).is_dir()}
    for name in packages:
        source = (PACKAGE.parent / name.replace(".", "/") / "__init__.py").read_text("utf-8")
        assert source.count("\n") == 1, name
    assert of_the_stages(imports) - packages - listed == set(WITHOUT_EFFECT)
    assert not listed & set(WITHOUT_EFFECT)
    paths = [path for modules in CODE.values() for path in modules]
    assert len(paths) == len(set(paths))
    assert all((PACKAGE / path).is_file() for path in paths)


def test_every_library_that_makes_an_index_is_in_the_recipe(imports: grimp.ImportGraph) -> None:
    imported = {
        name
        for module in of_the_stages(imports)
        for name in imports.find_modules_directly_imported_by(module)
        if not name.startswith("guide") and name not in sys.stdlib_module_names
    }
    distributions = {packages_distributions()[name][0] for name in imported}
    assert distributions - set(LIBRARIES) - set(FORMAT_LIBRARIES) == set(LIBRARIES_WITHOUT_EFFECT)
    assert not set(LIBRARIES_WITHOUT_EFFECT) & {*LIBRARIES, *FORMAT_LIBRARIES}


def test_every_library_of_the_extra_is_in_the_recipe() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {re.split("[<>=]", wanted)[0] for wanted in project["optional-dependencies"]["formats"]}
    assert "trafilatura" in extra
    # These draw a page's picture and read no text.
    extra -= {"pypdfium2", "pillow"}
    assert extra <= set(FORMAT_LIBRARIES)
    # A name that is misspelt is never installed.
    assert all(version_of(name) for name in (*LIBRARIES, *FORMAT_LIBRARIES))
