"""Tables of imports."""

from lattis_app.imports.models.imports import ImportBatch, ImportRow

__all__ = ["ImportBatch", "ImportRow"]
