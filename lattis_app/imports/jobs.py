"""The work of imports in the queue."""

from lattis_app.imports.services import batches

__all__ = ["batches"]
