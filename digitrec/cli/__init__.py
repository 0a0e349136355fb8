"""The command line: read pictures, serve the page, look after corrections and networks.

Each command has its own file, which is loaded when the command is called; what takes time to load
is imported where it is needed, so that help and completion answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from digitrec import __version__
from digitrec.errors import DigitrecError
from digitrec.programs import tell

# Each command's file, and what it does in a line.
_COMMANDS = {
    "read": ("reading", "Print the digits in pictures and PDFs."),
    "serve": ("serving", "Serve the page, and HTTP."),
    "train": ("training", "Train a network, or let it learn corrections."),
    "evaluate": ("evaluating", "Score a network on pictures and drawings of your choice."),
    "export": ("exporting", "Write the network in the forms that other programs run."),
    "corrections": ("corrections", "Look after what people corrected."),
    "models": ("models", "The network in use, and those before it."),
    "bench": ("benching", "Print how fast this machine reads."),
    "handwriting": ("handwriting", "Make a file of your own digits from pictures."),
    "completion": ("completion", "Print what makes a shell complete these commands."),
}


class _Commands(click.Group):
    """The commands by their names; help on all of them loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"digitrec.cli.{_COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="digitrec", message="%(prog)s %(version)s")
def commands() -> None:
    """Read handwritten digits."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: without the program's name; else the process' own.

    Returns:
        The exit status: 0 all is well, 1 a failure, 2 a wrong command line, 130 stopped.
    """
    given = None if arguments is None else list(arguments)
    try:
        status = commands.main(given, prog_name="digitrec", standalone_mode=False)
        sys.stdout.flush()
        return int(status or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except DigitrecError as error:
        _print_the_rest()
        tell(str(error))
        return 1
    except BrokenPipeError:  # `digitrec … | head` has seen enough
        _print_nowhere()
        return 1
    except OSError as error:
        _print_the_rest()
        tell(
            f"Expected the system to read and write what the command needs. Received: {error}. See "
            "that the disk has room and that you may read and write there."
        )
        return 1
    except (click.Abort, KeyboardInterrupt):
        return 130


def _print_the_rest() -> None:
    """Print what waits to be; where that fails, Python should not try again when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        _print_nowhere()


def _print_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
