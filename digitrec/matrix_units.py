"""Convolutions laid out for processors with matrix units (Intel's AMX): the same sums, sooner.

LiteRT gives such a unit tiles of 64 output channels by 64 input channels at one place of the
kernel. A convolution from 1 to 16 channels fills half a hundredth of that. Here two columns that
stand beside each other become one with twice the channels, by no more than another shape of the
same bytes; the kernel's weights go where they belong, among zeros. Sums, scales and rounding stay
what they were, and so does every bit of the answer.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TILE = 64  # channels
_BESIDE = 2  # columns that become one
_CPUINFO = Path("/proc/cpuinfo")


def has_matrix_units() -> bool:
    """Whether this processor multiplies int8 matrices, as far as the system tells."""
    try:
        return "amx_int8" in _CPUINFO.read_text(encoding="utf-8")
    except OSError:
        return False


def laid_out(network: bytes) -> bytes:
    """A LiteRT file with its narrow int8 convolutions laid out anew; others stay as they are.

    Args:
        network: a `.tflite` file. Its first subgraph is looked at.

    Returns:
        A file with the same inputs, outputs and answers.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))
    if not _Graph(model, schema).lay_out():
        return network
    builder = flatbuffers.Builder(len(network) * 2)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _Graph:
    """The first subgraph of a model, to be changed."""

    def __init__(self, model: Any, schema: Any) -> None:
        self._model, self._schema = model, schema
        self._graph = model.subgraphs[0]
        self._folded: dict[int, int] = {}  # tensor → the same bytes with pairs of columns

    def lay_out(self) -> bool:
        """Lay out every convolution that gains by it; whether there was one."""
        changed = False
        operators = []
        for operator in self._graph.operators:
            outputs = self._outputs_beside(operator)
            if not outputs:
                operators.append(operator)
                continue
            changed = True
            source, target = operator.inputs[0], operator.outputs[0]
            if source not in self._folded:
                self._folded[source] = self._reshaped(source, _BESIDE)
                operators.append(self._reshape(source, self._folded[source]))
            operator.inputs = [self._folded[source], *self._widened(operator, outputs)]
            operators.append(operator)
            if outputs > 1:
                self._folded[target] = self._reshaped(target, outputs)
                operator.outputs = [self._folded[target]]
                operators.append(self._reshape(self._folded[target], target))
        used = {i for operator in operators for i in operator.inputs} | set(self._graph.outputs)
        self._graph.operators = [o for o in operators if any(i in used for i in o.outputs)]
        return changed

    def _outputs_beside(self, operator: Any) -> int:
        """How many output columns to compute at once; 0 leaves the operator alone."""
        code = self._model.operatorCodes[operator.opcodeIndex]
        is_convolution = _code(code) == self._schema.BuiltinOperator.CONV_2D
        if not is_convolution or len(operator.inputs) != 3 or min(operator.inputs) < 0:
            return 0
        source, weights = (self._graph.tensors[i] for i in operator.inputs[:2])
        if weights.type != self._schema.TensorType.INT8:
            return 0
        options, padding = operator.builtinOptions, self._schema.Padding
        (_, _, width, channels), filters = source.shape, weights.shape[0]
        target_width = self._graph.tensors[operator.outputs[0]].shape[2]
        if width % _BESIDE or _BESIDE * channels > _TILE or options.dilationWFactor != 1:
            return 0
        fits = target_width % _BESIDE == 0 and _BESIDE * filters <= _TILE
        if options.strideW == 1 and options.padding == padding.VALID and fits:
            return _BESIDE
        # One column of padding becomes one pair: the kernel begins at the pair's second column.
        needed = (target_width - 1) * _BESIDE + weights.shape[2] - width
        if options.strideW == _BESIDE and options.padding == padding.SAME and needed == 3:
            return 1
        return 0

    def _widened(self, operator: Any, outputs: int) -> list[int]:
        """New weights and bias of a convolution, and its new stride."""
        options = operator.builtinOptions
        weights, bias = (self._graph.tensors[i] for i in operator.inputs[1:3])
        filters, height, width, channels = weights.shape
        old = self._content(weights).view(np.int8).reshape(weights.shape)
        first = 0 if outputs > 1 else _BESIDE - 1
        stride = options.strideW
        pairs = -(-(first + stride * (outputs - 1) + width) // _BESIDE)
        new = np.zeros((outputs, filters, height, pairs * _BESIDE, channels), np.int8)
        for place in range(outputs):
            start = first + stride * place
            new[place, :, :, start : start + width] = old
        options.strideW = stride * outputs // _BESIDE
        shape = [outputs * filters, height, pairs, _BESIDE * channels]
        return [
            self._repeated(weights, new.reshape(shape), outputs),
            self._repeated(bias, np.tile(self._content(bias).view(np.int32), outputs), outputs),
        ]

    def _content(self, tensor: Any) -> NDArray[np.uint8]:
        return np.asarray(self._model.buffers[tensor.buffer].data, np.uint8)

    def _repeated(self, tensor: Any, values: NDArray[Any], times: int) -> int:
        """A tensor like this one with other values, its scales once more for each column."""
        quantization = copy.copy(tensor.quantization)
        if len(quantization.scale) > 1:
            quantization.scale = np.tile(quantization.scale, times)
            quantization.zeroPoint = np.tile(quantization.zeroPoint, times)
        return self._add(tensor, list(values.shape), values, quantization)

    def _reshaped(self, index: int, beside: int) -> int:
        """A tensor with so many columns of this one in each of its own."""
        tensor = self._graph.tensors[index]
        _, height, width, channels = tensor.shape
        shape = [tensor.shape[0], height, width // beside, channels * beside]
        return self._add(tensor, shape, None, tensor.quantization)

    def _reshape(self, source: int, target: int) -> Any:
        """The operator that turns one into the other."""
        schema = self._schema
        shape = np.array([-1, *self._graph.tensors[target].shape[1:]], np.int32)
        like = schema.TensorT()
        like.type, like.name = schema.TensorType.INT32, b"shape"
        options = schema.ReshapeOptionsT()
        options.newShape = shape
        operator = schema.OperatorT()
        operator.opcodeIndex = self._reshape_code()
        operator.inputs = [source, self._add(like, [4], shape, None)]
        operator.outputs = [target]
        operator.builtinOptionsType = schema.BuiltinOptions.ReshapeOptions
        operator.builtinOptions = options
        return operator

    def _reshape_code(self) -> int:
        code = self._schema.BuiltinOperator.RESHAPE
        for index, known in enumerate(self._model.operatorCodes):
            if _code(known) == code:
                return index
        new = self._schema.OperatorCodeT()
        new.builtinCode = new.deprecatedBuiltinCode = code
        new.version = 1
        self._model.operatorCodes.append(new)
        return len(self._model.operatorCodes) - 1

    def _add(
        self, like: Any, shape: list[int], values: NDArray[Any] | None, quantization: Any
    ) -> int:
        """A tensor like another one; values None for what is computed."""
        tensor = copy.copy(like)
        tensor.shape, tensor.quantization, tensor.buffer = shape, quantization, 0
        tensor.shapeSignature = None
        if values is None:
            tensor.shapeSignature = [-1, *shape[1:]]
        else:
            buffer = self._schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
            self._model.buffers.append(buffer)
            tensor.buffer = len(self._model.buffers) - 1
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1


def _code(known: Any) -> int:
    """Of an operator; older files have the small ones in another field."""
    return int(max(known.builtinCode, known.deprecatedBuiltinCode))
