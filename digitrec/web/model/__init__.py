"""The parts of the page Model: what an artifact tells of itself, section by section."""
