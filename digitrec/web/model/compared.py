"""Section "Compared": the networks that people start from, beside ours."""

from __future__ import annotations

import math

import streamlit as st

from digitrec.web import charts as drawing
from digitrec.web.model import charts, tables
from digitrec.web.model.facts import Facts
from digitrec.web.model.names import called
from digitrec.web.model.plain import mapping, text
from digitrec.web.model.report import Network
from digitrec.web.model.tables import Table
from digitrec.web.model.training import duration

_NONE = (
    "This artifact has not been compared with other networks. `python scripts/classics.py` trains "
    "four of them and reads the same digits with each."
)
_ABOUT = {
    "dense": "two hidden layers",
    "simple_cnn": "one convolution",
    "dropout_cnn": "two small convolutions",
    "keras_convnet": "Keras' own example",
}
_MNIST = "MNIST test"


def show(known: Facts) -> None:
    """One run of the section."""
    if known.classics is None:
        st.info(_NONE)
        return
    ours = text(mapping(known.card.get("recipe")).get("architecture"))
    networks, sets = known.classics.networks, known.classics.sets
    st.html(
        '<p class="model-words">The networks of courses and demos, trained as their authors say. '
        "All read the same drawings and pictures, brought into MNIST's form in this project's "
        "way: the network alone makes the difference.</p>"
    )
    names = [called(name) for name in (_MNIST, *sets)]
    rows = [
        {
            "network": network.name,
            "set": name,
            "right": 100 * right,
            "whose": "ours" if network.name == ours else "another's",
        }
        for network in networks
        for name, right in zip(names, (network.mnist, *network.others), strict=True)
    ]
    least = min(float(row["right"]) for row in rows if isinstance(row["right"], float))
    low = max(0.0, 2 * math.floor((least - 1) / 2))
    spec = charts.networks([network.name for network in networks], names, low)
    drawing.show(spec, rows, _told(networks, names))
    head = ("network", "parameters", "training", "MNIST claimed, %", *(f"{n}, %" for n in names))
    table = [_row(network, ours) for network in networks]
    strong = {place for place, network in enumerate(networks) if network.name == ours}
    tables.show(Table("Networks compared", head, table, strong=strong))


def _told(networks: tuple[Network, ...], names: list[str]) -> str:
    told = []
    for network in networks:
        shares = zip(names, (network.mnist, *network.others), strict=True)
        told.append(f"{network.name}: " + ", ".join(f"{n} {100 * s:.1f} %" for n, s in shares))
    return "How much each network reads rightly. " + ". ".join(told) + "."


def _row(network: Network, ours: str) -> tuple[str, ...]:
    about = "this one" if network.name == ours else _ABOUT.get(network.name, "")
    return (
        f"{network.name} ({about})" if about else network.name,
        f"{network.parameters:,}",
        duration(network.seconds),
        network.claimed,
        tables.percent(network.mnist),
        *map(tables.percent, network.others),
    )
