"""A careful HTTP session for Prometheus: total deadline, size limit, no redirects, checked addresses.

`requests` alone waits for ever on a slow drip, unpacks any amount, follows redirects with the token and
repeats secrets in its errors. Everything that goes wrong here is a SourceError that names host and port only.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter

from data.errors import SourceError
from data.sources import prometheus_matrix
from data.sources.prometheus_sockets import Refused, Watch, checked_adapter

CONNECT_S = 10.0
READ_S = 120.0
MAX_BYTES = 256_000_000  # of one response, after decompression
RETRY_CAP_S = 30.0  # longest wait that a server may ask for
RETRIES = 2
_TRANSIENT = (429, 500, 502, 503, 504)


class TooMuch(SourceError):
    """The server or the size limit refused the amount asked for; a smaller question may be answered."""


class Session(requests.Session):
    """Session handed to prometheus-api-client; its responses are complete, checked JSON with status "success"."""

    def __init__(
        self, url: str, *, token: str | None = None, verify: bool = True, deadline_s: float = 900
    ) -> None:  # fmt: skip
        super().__init__()
        parts = urlsplit(url)
        self.place = f"Prometheus at {parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        self.deadline_s = deadline_s
        self.verify = verify
        self.trust_env = False  # no .netrc, no proxy that would see the token
        self.warnings: list[str] = []
        self._watch = Watch(deadline_s)
        self.headers.update({"Accept-Encoding": "identity"})
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self._own = checked_adapter(self._watch)
        if not verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def get_adapter(self, url: str) -> HTTPAdapter:
        # The client mounts an adapter of its own; the checked one stays in use.
        return self._own

    def close(self) -> None:
        self._watch.close()
        self._own.close()
        super().close()

    def request(self, method: str, url: str, params: Any = None, **_: Any) -> requests.Response:  # type: ignore[override]
        """A response whose json() is an object with status success. Raises SourceError or TooMuch."""
        if method == "POST":  # the client would send everything in the address
            response, body = self.fetch(method, url, data=params)
        else:
            response, body = self.fetch(method, url, params=params)
        content = self._content(response, body)
        self._raise_for_answer(response.status_code, content)
        for sentence in [*(content.get("warnings") or []), *(content.get("infos") or [])]:
            text = f"Prometheus warns: {sentence}; figures may be partial"
            if text not in self.warnings:
                self.warnings.append(text)
        response.json = lambda **_: content  # type: ignore[method-assign]
        return response

    def fetch(self, method: str, url: str, **options: Any) -> tuple[requests.Response, bytes]:
        """Response and its whole body. Repeats a few times what is worth repeating."""
        for attempt in range(RETRIES + 1):
            last = attempt == RETRIES
            try:
                response, body = self._once(method, url, **options)
            except requests.exceptions.ConnectionError as error:
                hopeless = _caused_by(error, Refused, ssl.SSLError, socket.gaierror, ConnectionRefusedError)
                if last or hopeless or self._watch.left < 1:
                    raise self._lost(error) from None
                time.sleep(0.3 * 2**attempt)
                continue
            except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise self._lost(error) from None
            explained = body.lstrip().startswith(b"{") and response.status_code != 429
            if last or response.status_code not in _TRANSIENT or explained:
                return response, body
            time.sleep(self._pause(response, attempt))
        raise AssertionError("unreachable")

    def _once(self, method: str, url: str, **options: Any) -> tuple[requests.Response, bytes]:
        left = self._watch.left
        if left <= 0:
            raise self._late()
        timeout = (min(CONNECT_S, left), min(READ_S, left))
        response = super().request(
            method, url, allow_redirects=False, stream=True, timeout=timeout, verify=self.verify, **options
        )
        with response:
            parts, size = [], 0
            for part in response.iter_content(1 << 18):
                size += len(part)
                if size > MAX_BYTES:
                    raise TooMuch(f"{self.place}: answer is larger than {MAX_BYTES // 1_000_000} MB")
                parts.append(part)
        if self._watch.expired:
            raise self._late()
        return response, b"".join(parts)

    def _pause(self, response: requests.Response, attempt: int) -> float:
        """Seconds to wait before asking again; refuses waits that nobody would sit out."""
        asked = response.headers.get("Retry-After", "")
        pause = float(asked) if asked.isdigit() else 0.3 * 2**attempt
        if pause > min(RETRY_CAP_S, self._watch.left):
            raise SourceError(
                f"{self.place}: is busy (status {response.status_code}) and asks to wait {pause:.0f} s; refresh later"
            )
        return pause

    def _content(self, response: requests.Response, body: bytes) -> dict[str, Any]:
        """The body as a JSON object; anything else is no answer of Prometheus."""
        status = response.status_code
        if 300 <= status < 400:
            host = urlsplit(response.headers.get("Location", "")).hostname or "another path"
            raise SourceError(
                f"{self.place}: redirects to {host}; redirects are not followed, put the final address in url"
            )
        if status in (401, 403):
            raise SourceError(
                f"{self.place}: refused the token (status {status}); check the variable named by token_env"
            )
        if body.lstrip()[:1] == b"<":
            raise SourceError(
                f"{self.place}: answered with a web page (status {status}); is url a login page or a proxy instead of "
                "Prometheus' own address?"
            )
        try:
            content = prometheus_matrix.loads(body)
        except orjson.JSONDecodeError:
            if status in (413, 414):
                raise TooMuch(f"{self.place}: question is too long (status {status})") from None
            text = body[:120].decode("utf-8", "replace").strip() or "nothing"
            raise SourceError(f"{self.place}: answered no JSON (status {status}): {text}") from None
        if not isinstance(content, dict) or content.get("status") not in ("success", "error"):
            raise SourceError(f"{self.place}: answered JSON that is not Prometheus' API (status {status})")
        return content

    def _raise_for_answer(self, status: int, content: dict[str, Any]) -> None:
        if content["status"] == "success" and status == 200:
            if "data" not in content:
                raise SourceError(f"{self.place}: answered success without data")
            return
        text = f"{content.get('errorType', 'error')}: {content.get('error', 'no reason given')}"[:500]
        kind = TooMuch if _is_too_much(status, text) else SourceError
        raise kind(f"{self.place}: {text} (status {status})")

    def _late(self) -> SourceError:
        return SourceError(
            f"{self.place}: not done within {self.deadline_s:g} s; raise deadline_s or name fewer series in matchers"
        )

    def _lost(self, error: Exception) -> SourceError:
        """One sentence for a failed connection; the library's text may hold secrets and is not repeated."""
        if self._watch.expired or self._watch.left <= 0:
            return self._late()
        reasons = {
            Refused: "its name leads to a link-local or metadata address, which is refused",
            ssl.SSLError: "its certificate is not trusted; install the CA, or verify_tls = false on a private network",
            socket.gaierror: "its name cannot be resolved; check url",
            ConnectionRefusedError: "connection refused; is it running, and is url right?",
            TimeoutError: "no answer in time; is it reachable from here?",
            requests.exceptions.Timeout: "no answer in time; is it reachable from here?",
        }
        for kind, reason in reasons.items():
            if _caused_by(error, kind):
                return SourceError(f"{self.place}: {reason}")
        return SourceError(f"{self.place}: the connection broke before the answer was complete")


def _is_too_much(status: int, text: str) -> bool:
    signs = ("too many samples", "query timed out", "exceeded maximum resolution", "exceeds the limit", "sample limit")
    return any(s in text for s in signs) or (status == 503 and text.startswith("timeout"))


def _caused_by(error: BaseException | None, *kinds: type[BaseException]) -> bool:
    """True when an exception of the kinds is somewhere behind `error` (libraries wrap it in args, reason, cause)."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        if isinstance(one, kinds):
            return True
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return False
