"""`digitrec completion`: what a shell needs to complete commands, options and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_WHERE = {
    "bash": 'eval "$(digitrec completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(digitrec completion zsh)" in ~/.zshrc',
    "fish": "digitrec completion fish > ~/.config/fish/completions/digitrec.fish",
}


@click.command(
    epilog="\b\nWhere it goes:\n"
    + "\n".join(f"  {shell}: {words}" for shell, words in _WHERE.items())
)
@click.argument("shell", type=click.Choice(list(_WHERE)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print a script that makes SHELL complete digitrec's commands, options and files."""
    of_shell = get_completion_class(shell)
    assert of_shell is not None
    print(of_shell(context.find_root().command, {}, "digitrec", "_DIGITREC_COMPLETE").source())
