"""Logs: one line per event with the request id; identity data, tokens and passwords never appear."""

from __future__ import annotations

import json
import logging
import re
from logging.config import dictConfig

from lattis_app.core import context
from lattis_app.core.settings import settings

HIDDEN = "••••"
_VALUE = r"""(?:"[^"]*"|'[^']*'|(?:bearer |basic )?[^\s,;'"}&]+)"""
MASKS = (
    (re.compile(r"\b\d{6}-?\d{2}-?\d{4}\b"), "••••••-••-••••"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "•token•"),
    (re.compile(r"\bwhsec_[\w+/=-]+"), "•secret•"),
    (re.compile(r"(?i)\b((?:set-)?cookie['\"]?\s*[:=]\s*).+"), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"(?i)((?:lattis_session|csrf|authorization|password|(?<![a-z])pin|secret|token|ic_?number|passport)"
            rf"\w*['\"]?\s*[:=]\s*){_VALUE}"
        ),
        rf"\1{HIDDEN}",
    ),
)

BREAKS = re.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
"""What ends a line or commands a terminal."""


def masked(text: str) -> str:
    """The text without identity numbers, tokens, cookies and passwords."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


class MaskingFilter(logging.Filter):
    """Puts the request id on each record and masks what must not be read in a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = context.request_id() or "-"
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = f"{record.msg} {record.args}"
        record.msg, record.args = masked(text), ()
        return True


class MaskedFormatter(logging.Formatter):
    """Plain lines, one per event whatever somebody sent; tracebacks are masked too."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 — the library's name
        return BREAKS.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))

    def formatException(self, exc_info: object) -> str:  # noqa: N802 — the library's name
        return masked(super().formatException(exc_info))  # type: ignore[arg-type]  # same type, imported nowhere


TALKATIVE = ("apscheduler", "procrastinate", "httpx", "alembic")


class JsonFormatter(MaskedFormatter):
    """One JSON object per line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging() -> None:
    """Send every logger through the masks, as the settings ask."""
    plain = "%(asctime)s %(levelname)-7s %(request_id)s %(name)s: %(message)s"
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"masking": {"()": MaskingFilter}},
            "formatters": {
                "lines": {"()": MaskedFormatter, "format": plain},
                "json": {"()": JsonFormatter},
            },
            "handlers": {
                "console": {
                    "class": "logging.StreamHandler",
                    "filters": ["masking"],
                    "formatter": "json" if settings().log_json else "lines",
                }
            },
            "loggers": {name: {"level": "WARNING"} for name in TALKATIVE},
            "root": {"handlers": ["console"], "level": settings().log_level},
        }
    )
