"""The exported model: the vectors of sentence-transformers, without loading it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.config import Config
from guide.conversation.act_meaning import open_act_model
from guide.embedding import choose, onnx_export
from guide.embedding.choose import LEAST_COSINE_IN_BLOCKS, open_builder, open_encoder
from guide.embedding.encoder import LEAST_COSINE, Agreement, Encoded, ModelIdentity, SentenceEncoder
from guide.embedding.model_cache import Export, cache_folder, export_folder, find_export
from guide.embedding.onnx_encoder import OnnxEncoder
from guide.embedding.onnx_export import export, measure_agreement
from guide.errors import GuideError, ModelError
from guide.index.build import build
from guide.index.index import read_manifest
from guide.safety.choose import open_classifier

ARTICLE = Path(__file__).parents[1] / "data" / "sleeping-badly.txt"
TEXTS = [
    "Deep sleep",
    "",
    "A tired person wants to stop; a sleepy one nods off.",
    "Is it possible to be one without the other? " * 40,
    "Naïve café 睡眠 😴 ﬁn",
    "Deep sleep",
]


@pytest.fixture(scope="module")
def reference() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("GUIDE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def exported(cache: Path, reference: SentenceEncoder) -> Export:
    return export(reference)


@pytest.fixture(scope="module")
def in_blocks(exported: Export, reference: SentenceEncoder) -> Export:
    return export(reference, "int8")


@pytest.fixture(scope="module")
def encoder(exported: Export, reference: SentenceEncoder) -> OnnxEncoder:
    return OnnxEncoder(exported, reference.identity, batch_size=2)


# ── the same vectors ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.model
def test_texts_and_tokens_have_the_vectors_of_the_reference(encoder: OnnxEncoder, reference: SentenceEncoder) -> None:
    expected, found = reference.encode(TEXTS), encoder.encode(TEXTS)
    for name in ("ids", "spans", "starts"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
        assert getattr(found, name).dtype == getattr(expected, name).dtype, name
    for name in ("texts", "tokens"):
        cosines = (getattr(found, name) * getattr(expected, name)).sum(axis=1)
        assert cosines.min() > LEAST_COSINE, name
        assert getattr(found, name).dtype == np.float32
    # The reference reads 256 tokens, two of which are its own: the export cuts off just there.
    assert np.diff(found.starts)[3] == 254


@pytest.mark.model
def test_a_text_has_the_same_vector_alone_and_among_others(encoder: OnnxEncoder) -> None:
    together = encoder.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        alone = encoder.encode([text])
        assert np.allclose(together.texts[row], alone.texts[0], atol=1e-5), text
        assert np.allclose(together.only(row).tokens, alone.tokens, atol=1e-5), text


@pytest.mark.model
def test_nothing_to_encode(encoder: OnnxEncoder) -> None:
    encoded = encoder.encode([])
    assert (encoded.texts.shape, encoded.tokens.shape, encoded.starts.tolist()) == ((0, 384), (0, 384), [0])


@pytest.mark.model
def test_the_agreement_is_kept_with_the_export_and_with_the_index(
    encoder: OnnxEncoder, exported: Export, tmp_path: Path
) -> None:
    assert LEAST_COSINE < exported.agreement.least_cosine <= 1
    assert LEAST_COSINE < exported.agreement.least_token_cosine <= 1
    assert find_export(encoder.identity.sha256, "float32") == exported
    build([ARTICLE], tmp_path, encoder, encoder.identity, encoder.agreement)
    assert Agreement(**read_manifest(tmp_path)["agreement"]) == exported.agreement


class Odd(FakeEncoder):
    """Turns the vectors of texts a little, and drops a token if it is told to."""

    def __init__(self, angle: float, *, drops: bool = False) -> None:
        super().__init__()
        self._angle, self._drops = angle, drops

    def encode(self, texts: Sequence[str]) -> Encoded:
        encoded = super().encode(texts)
        aside = np.roll(encoded.texts, 1, axis=1)
        turned = np.cos(self._angle) * encoded.texts + np.sin(self._angle) * aside
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        ids = encoded.ids[:-1] if self._drops else encoded.ids
        return Encoded(turned.astype(np.float32), encoded.tokens, ids, encoded.spans, encoded.starts)


def test_what_differs_is_seen() -> None:
    assert measure_agreement(FakeEncoder(), Odd(0)) == Agreement(1, 1)
    found = measure_agreement(FakeEncoder(), Odd(0.02))
    assert found.least_cosine == pytest.approx(np.cos(0.02), abs=3e-5)
    assert found.least_cosine < LEAST_COSINE
    assert found.least_token_cosine == 1
    with pytest.raises(ModelError, match="reads other tokens than the model itself"):
        measure_agreement(FakeEncoder(), Odd(0, drops=True))


@pytest.mark.model
def test_an_export_that_differs_is_refused_and_not_kept(
    reference: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_CACHE", str(tmp_path))
    monkeypatch.setattr(onnx_export, "_write_model", lambda model, folder: None)
    monkeypatch.setattr(onnx_export, "measure_agreement", lambda *encoders: Agreement(0.99, 1.0))
    with pytest.raises(ModelError, match=r"differs from the model itself \(least cosine 0.99, .*set GUIDE_RUNTIME=tor"):
        export(reference)
    assert find_export(reference.identity.sha256, "float32") is None
    assert [path.name for path in (tmp_path / "models").iterdir() if path.is_dir()] == []


# ── what asking needs ────────────────────────────────────────────────────────────────────────────────────────────────

ASK = """
import sys
from guide.cli import main
code = main(["ask", "Why cant I sleep at nigth?", "--index", sys.argv[1]])
print(code, sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[2:])))
"""
NOT_NEEDED = ["torch", "transformers", "sentence_transformers", "sklearn", "scipy", "bm25s", "pandas", "gradio", "onnx"]


@pytest.mark.model
@pytest.mark.usefixtures("in_blocks")
def test_asking_loads_neither_torch_nor_what_is_built_on_it(encoder: OnnxEncoder, cache: Path, tmp_path: Path) -> None:
    build([ARTICLE], tmp_path, encoder, encoder.identity)
    # The other models are exported with the index's.
    assert open_classifier() is not None
    assert open_act_model() is not None
    command = [sys.executable, "-c", ASK, str(tmp_path), *NOT_NEEDED]
    environment = {"PATH": "", "HOME": str(tmp_path), "GUIDE_CACHE": str(cache), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("0 []", "")


@pytest.mark.model
def test_the_model_is_exported_where_the_cache_lacks_it(
    exported: Export, reference: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def export_again(reference: SentenceEncoder, precision: str) -> Export:
        made.append(precision)
        return exported

    monkeypatch.setattr(onnx_export, "export", export_again)
    monkeypatch.setattr(choose, "find_export", lambda sha256, precision: {"float32": exported}.get(precision))
    open_encoder(Config(runtime="onnx-float32"), reference.identity)
    open_builder(Config(runtime="onnx-float32"))
    assert (made, capsys.readouterr().err) == ([], "")
    open_encoder(Config(), reference.identity)
    assert made == ["int8"]
    assert "all-MiniLM-L6-v2 is exported to ONNX, once for all indexes" in capsys.readouterr().err
    # A build leaves behind whatever questions to its index need.
    open_builder(Config())
    assert made == ["int8", "int8"]


@pytest.mark.model
def test_questions_are_embedded_with_weights_of_8_bits_and_articles_with_those_of_32(
    exported: Export, in_blocks: Export, reference: SentenceEncoder
) -> None:
    assert exported.folder != in_blocks.folder
    size, whole = (sum(path.stat().st_size for path in one.folder.iterdir()) for one in (in_blocks, exported))
    assert size < 0.7 * whole  # the vocabulary's matrix is looked up in, and stays as it is
    expected = OnnxEncoder(in_blocks, reference.identity).encode(TEXTS)
    assert np.array_equal(open_encoder(Config(), reference.identity).encode(TEXTS).texts, expected.texts)
    assert open_builder(Config()).agreement == exported.agreement
    cosines = (expected.texts * reference.encode(TEXTS).texts).sum(axis=1)
    assert LEAST_COSINE_IN_BLOCKS <= in_blocks.agreement.least <= cosines.min() < LEAST_COSINE


@pytest.mark.model
def test_a_model_that_8_bits_change_too_much_is_run_with_32(
    exported: Export, in_blocks: Export, reference: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = replace(in_blocks, agreement=Agreement(0.98, 1.0))
    found = {"int8": far, "float32": exported}
    monkeypatch.setattr(choose, "find_export", lambda sha256, precision: found[precision])
    assert open_encoder(Config(), reference.identity).agreement == exported.agreement


@pytest.mark.model
@pytest.mark.parametrize("matrix_units", [True, False])
def test_many_texts_get_the_vectors_that_few_get(
    matrix_units: bool, exported: Export, reference: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "_multiplies_bfloat16", lambda: matrix_units)
    monkeypatch.setattr(choose, "MANY_TEXTS", 3)
    few = OnnxEncoder(exported, reference.identity)
    builder = choose.Builder(few, reference)
    assert np.array_equal(builder.encode(TEXTS[:2]).texts, few.encode(TEXTS[:2]).texts)
    expected, found = few.encode(TEXTS), builder.encode(TEXTS)
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.spans, expected.spans)
    assert (found.texts * expected.texts).sum(axis=1).min() > LEAST_COSINE
    # Without matrix units they are the same vectors, not near ones.
    assert np.array_equal(found.texts, expected.texts) is not matrix_units


@pytest.mark.model
def test_a_cache_without_the_model_where_torch_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    identity = SentenceEncoder().identity
    with pytest.raises(ModelError, match=r"isn't in the cache .* needs sentence_transformers, which isn't installed;"):
        open_encoder(Config(), identity)


def test_the_reference_runs_where_that_is_wished() -> None:
    config = Config(runtime="torch")
    assert isinstance(open_encoder(config, ModelIdentity(config.model, "0" * 64)), SentenceEncoder)
    assert isinstance(open_builder(config), SentenceEncoder)


@pytest.mark.parametrize("runtime", ["onnx", "onnx-float32", "torch"])
def test_the_runtime_is_a_setting(runtime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_RUNTIME", runtime)
    assert Config.from_environment().runtime == runtime
    monkeypatch.setenv("GUIDE_RUNTIME", runtime.upper())
    with pytest.raises(GuideError, match=r"GUIDE_RUNTIME is '.*'; it must be one of onnx, onnx-float32, torch\."):
        Config.from_environment()


# ── the cache ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.model
@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json"])
def test_a_damaged_export_is_not_used_and_made_anew_by_a_build(
    name: str, exported: Export, reference: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_CACHE", str(tmp_path))
    folder = export_folder(reference.identity.sha256, "float32")
    shutil.copytree(exported.folder, folder)
    with (folder / name).open("r+b") as file:
        file.seek(-100, 2)
        file.write(b"x")
    encoder = open_encoder(Config(runtime="onnx-float32"), reference.identity)
    with pytest.raises(ModelError, match=rf"can't be used: {name} isn't what was exported; run `guide build`"):
        encoder.encode(["sleep"])
    made: list[str] = []
    monkeypatch.setattr(onnx_export, "export", lambda reference, precision: made.append(precision) or exported)
    open_builder(Config()).encode(["sleep"])
    assert made == ["int8", "float32"]


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", '{"dimension": 384}'])
def test_an_export_whose_record_cannot_be_read_counts_as_none(
    record: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_CACHE", str(tmp_path))
    folder = export_folder("0" * 64, "float32")
    folder.mkdir(parents=True)
    (folder / "export.json").write_text(record)
    assert find_export("0" * 64, "float32") is None


def test_a_cache_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GUIDE_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match=r"can't be read \(Not a directory\); set GUIDE_CACHE to a folder that can"):
        find_export("0" * 64, "float32")
    with pytest.raises(ModelError, match=r"can't be written to .* \(Not a directory\); set GUIDE_CACHE to a folder"):
        export(SentenceEncoder())


def test_each_model_and_precision_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUIDE_CACHE")
    folders = {export_folder(sha, precision) for sha in ("a", "b") for precision in ("float32", "int8")}
    assert len(folders) == 4
    assert {folder.parent.parent for folder in folders} == {cache_folder()}


def test_an_export_sets_up_no_log(tmp_path: Path) -> None:
    code = (
        "import logging, sys\n"
        "from pathlib import Path\n"
        "from guide.embedding.onnx_export import quantise_blocks\n"
        "try: quantise_blocks(Path(sys.argv[1]), 32)\n"
        "except FileNotFoundError: sys.exit(len(logging.root.handlers) or logging.root.level != logging.WARNING)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 0
