"""Writes the encoder as an ONNX graph: tokens and lengths in, normalised sentence vectors out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save_model

from ingest.e5_file import BLOCK, E5File

_MICROSOFT = "com.microsoft"
# Level 4 of MatMulNBits: activations are quantised to int8 for each block, as the engine does.
_INT8_ACTIVATIONS = 4


class _Graph:
    """Collects nodes and weights of the graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, name: str, value: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any
    ) -> str:
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes)
        )
        return output


def write_onnx(source: E5File, path: Path) -> None:
    """Writes the model: inputs `ids` (batch, tokens) int64 and `lengths` (batch,) int32."""
    graph = _Graph()
    x = _embeddings(graph, source)
    for layer in range(source.layers):
        x = _layer(graph, source, layer, x)
    _pool(graph, x)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"]),
                helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
            ],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", source.hidden])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=10,
    )
    save_model(model, str(path))


def _embeddings(graph: _Graph, source: E5File) -> str:
    """Word, position and type tables added and normalised; also the mask used by the pooling."""
    hidden = source.hidden
    nibbles, scales = source.blocks("emb.word", source.vocabulary, hidden)
    packed = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).astype(np.uint8)
    graph.weight("word", packed)
    graph.weight("word.scale", scales)
    graph.weight(
        "word.zero", np.full((source.vocabulary, (hidden // BLOCK + 1) // 2), 0x88, np.uint8)
    )
    graph.node(
        "GatherBlockQuantized",
        ["word", "ids", "word.scale", "word.zero"],
        "word.rows",
        _MICROSOFT,
        bits=4,
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    positions = source.floats("emb.pos").reshape(-1, hidden) + source.floats("emb.type")[:hidden]
    graph.weight("positions", positions)
    graph.node("Shape", ["ids"], "tokens", start=1, end=2)
    graph.weight("zero", np.array([0], np.int64))
    graph.node("Slice", ["positions", "zero", "tokens", "zero"], "position.rows")
    graph.node("Add", ["word.rows", "position.rows"], "embedded")
    return _norm(graph, source, "emb.ln", "embedded", "x.0")


def _layer(graph: _Graph, source: E5File, layer: int, x: str) -> str:
    hidden, forward = source.hidden, source.feed_forward
    name = f"l{layer}"
    for part in ("q", "k", "v"):
        _linear(graph, source, f"{name}.{part}", x, hidden, hidden)
    graph.node(
        "MultiHeadAttention",
        [f"{name}.q", f"{name}.k", f"{name}.v", "", "lengths"],
        f"{name}.attention",
        _MICROSOFT,
        num_heads=source.heads,
    )
    _linear(graph, source, f"{name}.ao", f"{name}.attention", hidden, hidden)
    graph.node("Add", [x, f"{name}.ao"], f"{name}.residual")
    x = _norm(graph, source, f"{name}.aln", f"{name}.residual", f"{name}.x")
    _linear(graph, source, f"{name}.fi", x, forward, hidden)
    graph.node("Gelu", [f"{name}.fi"], f"{name}.gelu", _MICROSOFT)
    _linear(graph, source, f"{name}.fo", f"{name}.gelu", hidden, forward)
    graph.node("Add", [x, f"{name}.fo"], f"{name}.residual2")
    return _norm(graph, source, f"{name}.oln", f"{name}.residual2", f"x.{layer + 1}")


def _linear(graph: _Graph, source: E5File, name: str, x: str, rows: int, columns: int) -> None:
    """x W^T + b with W in the package's own 4-bit blocks; the output carries `name`."""
    nibbles, scales = source.blocks(f"{name}.w", rows, columns)
    packed = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).astype(np.uint8)
    graph.weight(f"{name}.w", packed.reshape(rows, columns // BLOCK, BLOCK // 2))
    graph.weight(f"{name}.s", scales.reshape(-1))
    graph.weight(f"{name}.b", source.floats(f"{name}.b")[:rows])
    graph.node(
        "MatMulNBits",
        # No zero points given means 8, which is what Q4_0 has.
        [x, f"{name}.w", f"{name}.s", "", "", f"{name}.b"],
        name,
        _MICROSOFT,
        K=columns,
        N=rows,
        bits=4,
        block_size=BLOCK,
        accuracy_level=_INT8_ACTIVATIONS,
    )


def _norm(graph: _Graph, source: E5File, name: str, x: str, output: str) -> str:
    graph.weight(f"{name}.w", source.floats(f"{name}.w")[: source.hidden])
    graph.weight(f"{name}.b", source.floats(f"{name}.b")[: source.hidden])
    return graph.node(
        "LayerNormalization",
        [x, f"{name}.w", f"{name}.b"],
        output,
        epsilon=source.epsilon,
        axis=-1,
    )


def _pool(graph: _Graph, x: str) -> None:
    """Mean over the real tokens, then length one."""
    graph.weight("one", np.array([1], np.int64))
    graph.weight("range.start", np.array(0, np.int64))
    graph.weight("range.step", np.array(1, np.int64))
    graph.node("Squeeze", ["tokens"], "tokens.scalar")
    graph.node("Range", ["range.start", "tokens.scalar", "range.step"], "range")
    graph.node("Cast", ["lengths"], "lengths.long", to=TensorProto.INT64)
    graph.node("Unsqueeze", ["lengths.long", "one"], "lengths.column")
    graph.node("Less", ["range", "lengths.column"], "real")
    graph.node("Cast", ["real"], "real.float", to=TensorProto.FLOAT)
    graph.weight("two", np.array([2], np.int64))
    graph.node("Unsqueeze", ["real.float", "two"], "mask")
    graph.node("Mul", [x, "mask"], "masked")
    graph.node("ReduceSum", ["masked", "one"], "summed", keepdims=0)
    graph.node("LpNormalization", ["summed"], "vectors", axis=-1, p=2)
