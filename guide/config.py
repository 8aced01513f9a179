"""What an operator may set."""

import os
from dataclasses import dataclass

from guide.encoder import DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class Config:
    """Settings, passed explicitly to whatever needs them."""

    model: str = DEFAULT_MODEL
    """The embedding model: a name or a folder."""

    @classmethod
    def from_environment(cls) -> "Config":
        """The settings with what the environment says: `GUIDE_MODEL`."""
        return cls(model=os.environ.get("GUIDE_MODEL") or DEFAULT_MODEL)
