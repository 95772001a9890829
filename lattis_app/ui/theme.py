"""Tokens that Python needs: tones, style sheets and the one chart template.

The tokens themselves are in `assets/css/tokens.css`; the few repeated here are for charts, which cannot read CSS.
"""

from __future__ import annotations

from typing import Any, Literal

import plotly.graph_objects as go

Tone = Literal["ok", "warn", "bad", "info", "neutral"]
TONES: tuple[Tone, ...] = ("ok", "warn", "bad", "info", "neutral")

SHEETS = (
    "tokens",
    "base",
    "shell",
    "controls",
    "data",
    "records",
    "dispatch",
    "forms",
    "overlays",
    "driver",
    "sign_in",
    "touch",
)
STYLESHEETS = [f"/css/{name}.css" for name in SHEETS]

FONT = '"Inter Variable", "Noto Sans Arabic Variable", system-ui, sans-serif'
CHART_LIGHT = {
    "ink": "#11181c",
    "muted": "#68737d",
    "grid": "#eef1f4",
    "line": "#e3e8ec",
    "hover": "#ffffff",
    "series": ["#0b7a6f", "#9ad9cc", "#d08b2c", "#3f74b8", "#8f6bb3", "#b0574f", "#68737d"],
    "low": "#e3f5f1",
}
CHART_DARK = {
    "ink": "#e9efef",
    "muted": "#8b9a9d",
    "grid": "#1d292c",
    "line": "#263438",
    "hover": "#1a2528",
    "series": ["#2fb3a1", "#a6dcd2", "#e0a14d", "#6fa3e0", "#b195d4", "#e08b83", "#8b9a9d"],
    "low": "#12322f",
}


def chart_template(dark: bool = False) -> go.layout.Template:
    """The one look of every chart: no frame, faint horizontal lines, small labels, our colours in order."""
    look: dict[str, Any] = CHART_DARK if dark else CHART_LIGHT
    axis = _axis(look)
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": look["ink"]},
            "colorway": look["series"],
            "colorscale": {"sequential": [[0, look["low"]], [1, look["series"][0]]]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "showgrid": False, "zeroline": False, "ticks": ""},
            "yaxis": {**axis, "showline": False, "rangemode": "tozero"},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.04,
                "yanchor": "bottom",
                "font": {"size": 11.5, "color": look["muted"]},
            },
            "hoverlabel": {
                "bgcolor": look["hover"],
                "bordercolor": look["line"],
                "font": {"color": look["ink"]},
            },
            "bargap": 0.36,
            "bargroupgap": 0.08,
            "barcornerradius": 4,
            "separators": ".,",
            "dragmode": False,
        }
    )


def _axis(look: dict[str, Any]) -> dict[str, Any]:
    return {
        "gridcolor": look["grid"],
        "linecolor": look["line"],
        "zerolinecolor": look["line"],
        "tickfont": {"size": 11, "color": look["muted"]},
        "title": {"font": {"size": 11.5, "color": look["muted"]}, "standoff": 10},
        "automargin": True,
        "separatethousands": True,
        "exponentformat": "none",
    }
