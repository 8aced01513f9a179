"""What an operator may set."""

import os
from dataclasses import dataclass
from typing import Literal, get_args

from guide.encoder import DEFAULT_MODEL
from guide.endpoint import Endpoint
from guide.errors import GuideError

Runtime = Literal["onnx", "onnx-int8", "torch"]


@dataclass(frozen=True, slots=True)
class Config:
    """Settings, passed explicitly to whatever needs them."""

    model: str = DEFAULT_MODEL
    """The embedding model: a name or a folder."""
    runtime: Runtime = "onnx"
    """What runs it: ONNX Runtime on its export, the same with weights of 8 bits, or sentence-transformers on torch."""

    endpoint: Endpoint | None = None
    """The language model that may connect quoted passages in sentences of its own; none unless it is named."""

    @classmethod
    def from_environment(cls) -> "Config":
        """The settings with what the environment says: `GUIDE_MODEL`, `GUIDE_RUNTIME`, and `GUIDE_LLM_URL` with
        `GUIDE_LLM_MODEL` and perhaps `GUIDE_LLM_KEY`.

        Raises:
            GuideError: there is no such runtime, or one of the language model's two settings is missing.
        """
        named = os.environ.get("GUIDE_RUNTIME") or cls().runtime
        runtime = next((known for known in get_args(Runtime) if known == named), None)
        if runtime is None:
            raise GuideError(f"GUIDE_RUNTIME is {named!r}; it must be one of {', '.join(get_args(Runtime))}.")
        return cls(os.environ.get("GUIDE_MODEL") or DEFAULT_MODEL, runtime, _endpoint())


def _endpoint() -> Endpoint | None:
    url, model, key = (os.environ.get(f"GUIDE_LLM_{name}", "") for name in ("URL", "MODEL", "KEY"))
    if bool(url) != bool(model):
        missing, found = ("GUIDE_LLM_MODEL", "GUIDE_LLM_URL") if url else ("GUIDE_LLM_URL", "GUIDE_LLM_MODEL")
        raise GuideError(f"{found} is set and {missing} isn't; set both, or neither for quotations alone.")
    return Endpoint(url, model, key) if url else None
