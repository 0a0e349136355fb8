"""What a LiteRT file says of its network: its layers in order, and what each unit looks at.

Read by the format's own schema, which LiteRT brings along (`schema_py_generated`): the
interpreter itself tells tensors, but not what leads from one to the next.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from ai_edge_litert import schema_py_generated as schema

Kind = Literal["convolution", "pooling", "dense"]
SIDE = 28

_NAMES = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}
_OPTIONS = {
    "CONV_2D": schema.Conv2DOptions,
    "DEPTHWISE_CONV_2D": schema.DepthwiseConv2DOptions,
    "MAX_POOL_2D": schema.Pool2DOptions,
    "AVERAGE_POOL_2D": schema.Pool2DOptions,
}
_DENSE = "FULLY_CONNECTED"
_AVERAGE = "MEAN"
# What changes values and leaves every unit in its place.
_IN_PLACE = {
    *("ADD", "CAST", "DIV", "ELU", "EXPAND_DIMS", "GELU", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC"),
    *("MAXIMUM", "MINIMUM", "MUL", "PRELU", "RELU", "RELU6", "RELU_N1_TO_1", "SUB", "TANH"),
}


class View(NamedTuple):
    """Which part of the 28×28 the units of a map look at: px, each as (down, across).

    Attributes:
        size: of what one unit looks at; it may reach beyond the drawing.
        step: from one unit's part to the next one's.
        start: where the first unit's part begins; below 0 where the network pads.
    """

    size: tuple[int, int]
    step: tuple[int, int]
    start: tuple[int, int]


POINT = View((1, 1), (1, 1), (0, 0))
WHOLE = View((SIDE, SIDE), (SIDE, SIDE), (0, 0))


class Step(NamedTuple):
    """One layer of a network, its tensors by their numbers in the file.

    Attributes:
        kind: what it does.
        depthwise: a convolution in which each map looks at one map only.
        source: what it reads.
        target: what it gives, its activation included.
        weights: of a convolution (C, h, w, maps below), depthwise (1, h, w, C), or dense (C, D);
            None for pooling.
        bias: (C,); None without any.
        view: what its units look at; None where that cannot be told.
        sees_drawing: whether it reads the drawing itself, and no other layer.
    """

    kind: Kind
    depthwise: bool
    source: int
    target: int
    weights: int | None
    bias: int | None
    view: View | None
    sees_drawing: bool


def read_steps(content: bytes) -> list[Step]:
    """The layers of a network in the order in which they run.

    Args:
        content: of a `.tflite` file that LiteRT has opened: nothing of it is checked here.
    """
    model = schema.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    views: dict[int, View | None] = {int(graph.Inputs(0)): POINT}
    drawing = set(views)  # tensors that hold the drawing's pixels, in whatever form
    steps: list[Step] = []
    for place in range(graph.OperatorsLength()):
        operator = graph.Operators(place)
        name = _name(model, operator)
        target = int(operator.Outputs(0))
        source = next((int(t) for t in operator.InputsAsNumpy() if int(t) in views), None)
        if source is None:
            continue  # sizes, computed beside the network
        view = views[source]
        if name in _OPTIONS or name in (_DENSE, _AVERAGE):
            views[target] = _view(name, operator, graph, view)
            steps.append(_step(name, operator, views[target], source in drawing))
            continue
        in_place = name in _IN_PLACE
        views[target] = view if in_place else None
        if source in drawing and (in_place or name == "RESHAPE"):
            drawing.add(target)
        if in_place and steps and steps[-1].target == source:
            steps[-1] = steps[-1]._replace(target=target)
    return steps


def _name(model: Any, operator: Any) -> str:
    code = model.OperatorCodes(operator.OpcodeIndex())
    # Files from before 2020 have their codes in another field.
    return str(_NAMES.get(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), ""))


def _step(name: str, operator: Any, view: View | None, sees_drawing: bool) -> Step:
    source, *others = (int(tensor) for tensor in operator.InputsAsNumpy())
    weighted = name in (_DENSE, "CONV_2D", "DEPTHWISE_CONV_2D")
    return Step(
        "dense" if name == _DENSE else "convolution" if weighted else "pooling",
        name == "DEPTHWISE_CONV_2D",
        source,
        int(operator.Outputs(0)),
        others[0] if weighted else None,
        others[1] if weighted and len(others) > 1 and others[1] >= 0 else None,
        view,
        sees_drawing,
    )


def _view(name: str, operator: Any, graph: Any, below: View | None) -> View | None:
    """What a layer's units look at, from what those below do.

    Sizes, steps and starts add up as in A. Araujo et al., "Computing Receptive Fields of
    Convolutional Neural Networks" (Distill, 2019).
    """
    if name not in _OPTIONS:
        return WHOLE
    if below is None:
        return None
    options = _OPTIONS[name]()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    window = _window(options, operator, graph)
    strides = options.StrideH(), options.StrideW()
    before = graph.Tensors(operator.Inputs(0)).ShapeAsNumpy()[1:3]
    after = graph.Tensors(operator.Outputs(0)).ShapeAsNumpy()[1:3]
    padded = options.Padding() == schema.Padding.SAME
    size, step, start = [], [], []
    for axis in (0, 1):
        missing = (int(after[axis]) - 1) * strides[axis] + window[axis] - int(before[axis])
        pad = max(0, missing) // 2 if padded else 0
        size.append(below.size[axis] + (window[axis] - 1) * below.step[axis])
        step.append(below.step[axis] * strides[axis])
        start.append(below.start[axis] - pad * below.step[axis])
    return View((size[0], size[1]), (step[0], step[1]), (start[0], start[1]))


def _window(options: Any, operator: Any, graph: Any) -> tuple[int, int]:
    """How much of the layer below a unit looks at, (down, across)."""
    if isinstance(options, schema.Pool2DOptions):
        return options.FilterHeight(), options.FilterWidth()
    _, high, wide, _ = graph.Tensors(operator.Inputs(1)).ShapeAsNumpy()
    # A dilated filter leaves out pixels between those that it looks at.
    down = (int(high) - 1) * options.DilationHFactor() + 1
    return down, (int(wide) - 1) * options.DilationWFactor() + 1
