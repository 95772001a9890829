"""The API's documentation at /docs: Swagger UI from our own files, nothing from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "From /v1/auth/login.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "lattis_session",
        "description": "The browser's session; a change also needs its form token in X-CSRF-Token.",
    },
}


@router.get("/docs")
async def docs() -> HTMLResponse:
    """Every operation, with its fields, errors and permission."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Lattis API",
        swagger_js_url="/api-docs/swagger-ui-bundle.js",
        swagger_css_url="/api-docs/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
        swagger_ui_parameters={"validatorUrl": None, "docExpansion": "none", "filter": True},
    )
