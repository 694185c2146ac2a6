"""Asks an OpenAI-compatible endpoint (llama.cpp, Ollama, vLLM, …) for one chat completion.

One POST needs no client library: httpx is installed anyway, the openai package and what it brings
are 30 MB more. Answers are read with a limit, redirects are not followed (they would take the key
along), and nothing of a question, an answer or the key gets into an error.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx

from index.written import Failure, WritingError

MOST_BYTES = 256_000
CONNECT_SECONDS = 5.0
BAD_REQUEST = 400

# Tried in this order where a server says 400: some models take no temperature of their own.
_OPTIONS: tuple[dict[str, Any], ...] = ({"temperature": 0, "max_tokens": 800}, {})


class LanguageModel:
    """One model behind one endpoint, for the event loop that asks it first."""

    def __init__(self, base_url: str, model: str, api_key: str, timeout: float) -> None:
        """`timeout` is for a whole answer, in seconds, however slowly it drips."""
        self.model = model
        self.timeout = timeout
        self._url = f"{base_url}/chat/completions"
        headers = {"Accept-Encoding": "identity"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._client = httpx.AsyncClient(
            headers=headers, timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
        )

    @property
    def host(self) -> str:
        """Where questions go: host and port."""
        url = httpx.URL(self._url)
        return url.netloc.decode()

    async def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """The reply to a chat.

        Raises:
            WritingError: no reply came, or not in time, or it was none.
        """
        try:
            async with asyncio.timeout(self.timeout):
                return _content(await self._posted(messages))
        except (TimeoutError, httpx.TimeoutException):
            raise WritingError(Failure.TIMEOUT, f"{self.timeout:g} s") from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise WritingError(Failure.UNREACHABLE, type(error).__name__) from None

    async def _posted(self, messages: Sequence[dict[str, str]]) -> bytes:
        status = 0
        for options in _OPTIONS:
            body = {"model": self.model, "messages": list(messages), "stream": False, **options}
            async with self._client.stream("POST", self._url, json=body) as response:
                status = response.status_code
                if status == BAD_REQUEST:
                    continue
                if not response.is_success:
                    break
                return await _read(response)
        raise WritingError(Failure.REFUSED, f"HTTP {status}")

    async def close(self) -> None:
        """Ends its connections."""
        await self._client.aclose()


async def _read(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise WritingError(Failure.UNREADABLE, "compressed unasked")
    read = bytearray()
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) > MOST_BYTES:
            raise WritingError(Failure.UNREADABLE, f"over {MOST_BYTES} bytes")
    return bytes(read)


def _content(reply: bytes) -> str:
    try:
        content = json.loads(reply)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise WritingError(Failure.UNREADABLE, "not a chat completion") from None
    if content is None:
        raise WritingError(Failure.EMPTY)
    if not isinstance(content, str):
        raise WritingError(Failure.UNREADABLE, "not a text")
    return content


async def tried(model: LanguageModel) -> WritingError | None:
    """Asks a model for one word and ends its connections; what went wrong, if anything did."""
    try:
        await model.complete([{"role": "user", "content": "Answer with one word: ready"}])
    except WritingError as error:
        return error
    finally:
        await model.close()
    return None


def loopback(host: str) -> bool:
    """Whether a host (and port) is this machine, by its name."""
    name = httpx.URL(f"http://{host}").host
    return name in ("localhost", "::1") or name.startswith("127.")
