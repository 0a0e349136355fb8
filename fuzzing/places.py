"""Where fuzzing writes what its readers are given."""

import os
from pathlib import Path

SCRATCH = Path(os.environ.get("DIGITREC_FUZZING_SCRATCH", "."))
