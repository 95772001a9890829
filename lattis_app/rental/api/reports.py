"""Reports over REST: as JSON, as CSV or XLSX of the rows, or on paper."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from pydantic import create_model
from sqlalchemy.orm import Session
from starlette.responses import Response

from lattis_app.core import limits
from lattis_app.core.actors import Actor
from lattis_app.core.exports import FileKind
from lattis_app.core.pagination import LARGEST_EXPORT
from lattis_app.rental.queries.reports import prints
from lattis_app.rental.queries.reports.catalog import REPORTS, Report
from lattis_app.web import exports
from lattis_app.web.routing import Routes

routes = Routes("Reports")


class Format(StrEnum):
    """As what a report is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


def _answered(session: Session, actor: Actor, report: Report, asked: Any) -> Any:
    if asked.format is Format.JSON:
        return report.find(session, actor, asked)
    limits.hit("exports", str(actor.session_id), exports.EXPORTS_PER_MINUTE)
    if asked.format is Format.PDF:
        content = prints.as_pdf(session, actor, report, asked)
        headers = {"Content-Disposition": f'inline; filename="{report.slug}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)
    most = {"most": LARGEST_EXPORT} if report.is_long else {}
    found = report.find(session, actor, asked, **most)
    return exports.download(FileKind(asked.format), report.row, found.rows, report.slug)


def _serve(report: Report) -> None:
    request = create_model(
        f"{report.filters.__name__}Request", __base__=report.filters, format=(Format, Format.JSON)
    )

    def answer(session: Session, actor: Actor, asked: Any) -> Any:
        return _answered(session, actor, report, asked)

    answer.__doc__ = f"{report.title}: {report.about}"
    answer.__annotations__ |= {
        "asked": Annotated[request, Query()],
        "return": report.answer | Response,
    }
    also = (*exports.KINDS, "application/pdf")
    routes.get(f"/reports/{report.path}", report.find, also=also)(answer)


for each in REPORTS:
    _serve(each)
