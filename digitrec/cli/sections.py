"""Options that stand under headings of their own in a command's help."""

from __future__ import annotations

from typing import Any

import click


class InSection(click.Option):
    """An option below a heading, as `click.option(…, cls=InSection, section="recipe")`."""

    def __init__(self, *names: Any, section: str, **others: Any) -> None:
        super().__init__(*names, **others)
        self.section = section


class Sectioned(click.Command):
    """A command whose help has its plain options first, then those below each heading."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write all options."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                section = parameter.section if isinstance(parameter, InSection) else "Options"
                sections.setdefault(section, []).append(record)
        for section, records in sections.items():
            with formatter.section(section):
                formatter.write_dl(records)
