"""A language model that the operator runs or names, over the protocol that OpenAI's servers speak."""

from dataclasses import dataclass

SECONDS = 20.0
"""How long the model may take; nobody should wait longer for what is only a courtesy."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server, such as Ollama, vLLM or llama.cpp runs."""

    url: str
    """Up to and including `/v1`."""
    model: str
    key: str = ""

    def complete(self, prompt: str) -> str:
        """What the model answers; an empty text if it fails or takes too long."""
        import httpx

        body = {"model": self.model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            reply = httpx.post(f"{self.url.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=SECONDS)
            text = reply.raise_for_status().json()["choices"][0]["message"]["content"]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, IndexError, TypeError):
            return ""
        return text if isinstance(text, str) else ""
