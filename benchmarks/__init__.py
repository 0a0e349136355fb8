"""Figures of speed and size, as ratios from one run: `python -m benchmarks` takes all of them.

A topic is a section: a short module with `SECTION = Section(title, note, rows)`, named in
`sections.SECTIONS`. `rows(quick)` measures and yields `digitrec.rows.Row`, one a line of the table:

    yield Row(
        "1,000 digits at once",
        {"median": Quantity(0.0563, "s"), "p99": Quantity(0.0581, "s")},  # the first by `theirs`
        beside="ONNX Runtime, float32",
        theirs=Quantity(0.204, "s"),
        aims=[Aim("ratio", "≤", 0.3), Aim("p99", "≤", 0.1)],  # in the unit of the value
    )

`python -m benchmarks.NAME [--quick]` prints a section alone. `python -m benchmarks` runs each in a
process of its own and writes `results.json` as each ends; `python -m benchmarks.readme` puts the
tables into README.md, between `<!-- bench NAME -->` and `<!-- /bench -->`.
"""
