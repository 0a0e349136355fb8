"""A network from a file that Keras saved."""

from __future__ import annotations

from pathlib import Path

import keras

from digitrec.errors import ArtifactError, ArtifactNotFoundError


def load_network(path: Path) -> keras.Model:
    """A Keras network, (N, 28, 28) → 10 or 11 logits; nothing in the file is run as a program.

    Raises:
        ArtifactNotFoundError: the file is not there.
        ArtifactError: it holds something else, or another kind of network.
    """
    if not path.is_file():
        raise ArtifactNotFoundError(
            f"Expected a Keras network. Received: {path}, which is not there. Give the "
            "model.keras that `digitrec train` wrote."
        )
    model = load_safely(path)
    inputs, outputs = _shapes(model)
    if inputs != "(28, 28)" or outputs not in {"(10,)", "(11,)"}:
        raise ArtifactError(
            "Expected a network from (28, 28) to 10 or 11 logits. Received: one from "
            f"{inputs} to {outputs}. Change its first or last layer."
        )
    last = model.layers[-1]
    activation = getattr(getattr(last, "activation", last), "__name__", type(last).__name__).lower()
    if activation in {"softmax", "sigmoid"}:
        raise ArtifactError(
            f"Expected logits from the network's last layer. Received: probabilities, by its "
            f"{activation}. Give that layer no activation."
        )
    return model


def _shapes(model: keras.Model) -> tuple[str, str]:
    """Of one example that goes in, and of what comes out."""
    if not model.built:
        return "a form that it was never given", "nothing yet"
    inputs, outputs = (
        " and ".join(str(tuple(tensor.shape[1:])) for tensor in tensors)
        for tensors in (model.inputs, model.outputs)
    )
    # One output may still come by its name, in a dictionary.
    by_name = isinstance(getattr(model, "output", None), dict)
    return inputs, f"{outputs} by name" if by_name else outputs


def load_safely(path: Path) -> keras.Model:
    """What Keras saved, whoever did: a layer that is a program of its own is refused, not run.

    Raises:
        ArtifactError: another format, damaged, too large for this machine, or such a program.
    """
    if path.suffix != ".keras":
        # The older formats know no safe mode, or only in some versions of Keras.
        raise ArtifactError(
            f"Expected a network saved by Keras in a file whose name ends in .keras. Received: "
            f"{path}. Save it with model.save('name.keras')."
        )
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # each layer fails in its own ways on what was changed
        told = next(iter(str(error).splitlines()), type(error).__name__)
        raise ArtifactError(
            f"Expected a network saved by Keras in {path}. Received: one that this Keras does not "
            f"load ({told}). Save it with model.save('name.keras'), or train again."
        ) from error
