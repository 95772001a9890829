"""The scan of lorries' papers under the name that the contract gives it."""

import sqlalchemy as sa
from alembic import op

revision = "0024_scan_document_expiry"
down_revision = "0023_printed_later"
branch_labels = None
depends_on = None

RENAME = sa.text("UPDATE job_runs SET job = :new WHERE job = :old")
OLD, NEW = "rental.scan_lorry_documents", "rental.scan_document_expiry"


def upgrade() -> None:
    op.execute(RENAME.bindparams(old=OLD, new=NEW))


def downgrade() -> None:
    op.execute(RENAME.bindparams(old=NEW, new=OLD))
