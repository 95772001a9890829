"""What imports look for in a file: a table that is harmless."""

from __future__ import annotations

from lattis_app.core import antivirus
from lattis_app.core.files import Upload, safe_name
from lattis_app.imports.files import Table, read_table


def table_in(upload: Upload) -> Table:
    """The table in a file, scanned. Raises what `read_table` and `antivirus.scan` raise."""
    file_name = safe_name(upload.file_name)
    table = read_table(upload.data, file_name)
    antivirus.scan(upload.data, file_name)
    return table
