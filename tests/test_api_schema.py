"""Schemathesis makes up requests from the API's own description: no fault, every answer as told."""

import subprocess
import sys
from pathlib import Path

from knocking import knocking_at

KEY = "0123456789abcdef"


def test_schema_is_kept_whatever_is_asked(tmp_path):
    with knocking_at(tmp_path / "log", DIGITREC_API_KEY=KEY) as client:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file"]
        command += [str(Path(__file__).parent / "schemathesis.toml"), "run", "--no-color"]
        command += ["--header", f"X-API-Key: {KEY}", f"{client.base_url}openapi.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Selected: 7/7" in done.stdout
    assert "Fuzzing" in done.stdout
