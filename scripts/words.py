"""Brings the catalogs in locale in step with the code, and says how many messages wait (make words)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lattis_app import registry
from lattis_app.ui import app, catalogs

registry.register_work()
registry.modules("pages")
assert app.app_options()
for code, waiting in catalogs.update().items():
    print(f"{code}: {waiting} messages wait for a translation")
