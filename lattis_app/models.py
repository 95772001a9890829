"""Every table of the product: importing this module registers them all in `SQLModel.metadata`."""

from lattis_app.attachments import models as attachments
from lattis_app.core import audit, counting, events, idempotency, jobs, numbering
from lattis_app.courier import models as courier
from lattis_app.identity import models as identity
from lattis_app.imports import models as imports
from lattis_app.ledger import models as ledger
from lattis_app.marketplace import models as marketplace
from lattis_app.notifications import models as notifications
from lattis_app.parties import models as parties
from lattis_app.rental import models as rental
from lattis_app.webhooks import models as webhooks

__all__ = [
    "attachments",
    "audit",
    "counting",
    "courier",
    "events",
    "idempotency",
    "identity",
    "imports",
    "jobs",
    "ledger",
    "marketplace",
    "notifications",
    "numbering",
    "parties",
    "rental",
    "webhooks",
]
