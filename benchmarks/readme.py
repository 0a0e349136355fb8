"""Put the tables of results.json into README.md.

    python -m benchmarks.readme

What stands between `<!-- bench NAME -->` and `<!-- /bench -->` is replaced by the section's note
and table, or for `machine` by what all was measured on; the rest of README.md stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks import results

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"(<!-- bench (\w+) -->\n).*?(<!-- /bench -->)", re.DOTALL)
_MACHINE = "machine"


def main() -> None:
    """Rewrite README.md."""
    text = README.read_text(encoding="utf-8")
    README.write_text(with_tables(text, results.load()), encoding="utf-8")


def with_tables(text: str, measured: results.Results) -> str:
    """A text with its blocks filled from these results."""

    def filled(block: re.Match[str]) -> str:
        name = block[2]
        if name == _MACHINE:
            inside = measured.heading()
        elif name in measured.sections:
            inside = measured.markdown(name)
        else:
            inside = f"Not measured there: `python -m benchmarks {name}`."
        return f"{block[1]}{inside}\n{block[3]}"

    return _BLOCK.sub(filled, text)


def blocks(text: str) -> list[str]:
    """The names of the sections that a text has blocks for."""
    return [block[2] for block in _BLOCK.finditer(text) if block[2] != _MACHINE]


if __name__ == "__main__":
    main()
