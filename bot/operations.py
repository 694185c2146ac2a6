"""What an operator looks at: /health, /ready and Prometheus /metrics, and their numbers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from statistics import median

import tornado.httpserver
import tornado.web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

READY_SECONDS = 60.0  # Telegram was heard of so recently


class Metrics:
    """The numbers of one process; nothing in them names a person or a text."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.updates = Counter(
            "danis_updates", "Updates received", ["kind"], registry=self.registry
        )
        self.answers = Counter(
            "danis_answers", "Questions answered", ["verdict"], registry=self.registry
        )
        self.written = Counter(
            "danis_written",
            "Answers a model was asked to write",
            ["outcome"],
            registry=self.registry,
        )
        self.adopted = Counter(
            "danis_adopted", "Updates taken over from a process that ended", registry=self.registry
        )
        self.refused = Counter(
            "danis_not_admitted", "Updates turned away", ["reason"], registry=self.registry
        )
        self.errors = Counter("danis_errors", "Handler errors", ["kind"], registry=self.registry)
        self.waiting = Gauge("danis_waiting", "Updates being handled", registry=self.registry)
        self.seconds = Histogram(
            "danis_answer_seconds",
            "From taking up a question to its answer",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self.flood_waits = Gauge(
            "danis_flood_waits", "Times that Telegram asked to wait", registry=self.registry
        )
        self._latest: deque[float] = deque(maxlen=500)
        self.heard = 0.0  # time.monotonic() of the last word from Telegram
        self.hooked = False  # Telegram took the webhook: silence means nothing then
        self.stopping = False

    def answered(self, verdict: str, seconds: float) -> None:
        """Counts an answer."""
        self.answers.labels(verdict).inc()
        self.seconds.observe(seconds)
        self._latest.append(seconds)

    @property
    def p50_ms(self) -> int:
        """Median time of the last answers in milliseconds, 0 where there are none."""
        return round(median(self._latest) * 1000) if self._latest else 0

    @property
    def ready(self) -> bool:
        """Whether Telegram was heard of lately, or is to call us, and nothing is being ended."""
        heard = bool(self.heard) and time.monotonic() - self.heard < READY_SECONDS
        return (self.hooked or heard) and not self.stopping


class _Page(tornado.web.RequestHandler):
    def initialize(self, render: Callable[[], tuple[int, str]]) -> None:
        self.render_page = render

    def get(self) -> None:
        status, text = self.render_page()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(text)


def serve_operations(metrics: Metrics, host: str, port: int) -> tornado.httpserver.HTTPServer:
    """Serves the three pages on host:port.

    Raises:
        OSError: the port cannot be had.
    """

    def health() -> tuple[int, str]:
        return 200, "ok\n"

    def readiness() -> tuple[int, str]:
        return (200, "ready\n") if metrics.ready else (503, "not ready\n")

    def numbers() -> tuple[int, str]:
        return 200, generate_latest(metrics.registry).decode()

    pages = {"/health": health, "/ready": readiness, "/metrics": numbers}
    application = tornado.web.Application(
        [(path, _Page, {"render": page}) for path, page in pages.items()],
        log_function=lambda _: None,
    )
    return application.listen(port, address=host)
