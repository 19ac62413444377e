"""Colours of all charts, for light and dark ground. Okabe and Ito's palette: safe for colour-blind readers.

Status is never told by colour alone: shape and word come first (kpis.words.status_mark).
"""

from __future__ import annotations

from dataclasses import dataclass

from kpis.model import Status


@dataclass(frozen=True)
class Palette:
    ink: str  # text and axes
    muted: str  # secondary text, earlier values
    grid: str
    ground: str  # behind the chart
    blue: str
    sky: str
    orange: str
    vermillion: str
    purple: str
    scale: tuple[str, ...]  # light to strong, for heatmaps

    def role(self, role: str) -> str:
        """Colour of a series or line by its role in a ChartSpec."""
        return {
            "main": self.blue, "compare": self.sky, "muted": self.muted, "good": self.blue, "warn": self.orange,
            "bad": self.vermillion, "target": self.ink, "floor": self.vermillion, "limit": self.vermillion,
            "mean": self.muted,
        }[role]  # fmt: skip

    def status(self, status: Status) -> str:
        return {
            Status.ON_TARGET: self.blue,
            Status.WITHIN_FLOOR: self.orange,
            Status.MISSED: self.vermillion,
            Status.CANNOT_TELL: self.muted,
        }[status]

    def marker(self, kind: str) -> str:
        return {"release": self.purple, "incident": self.vermillion, "wave": self.muted}[kind]


LIGHT = Palette(
    ink="#1f2933", muted="#66707c", grid="#e4e8ec", ground="#ffffff", blue="#0072b2", sky="#56b4e9",
    orange="#b87f00", vermillion="#c24e00", purple="#9c4f7c",
    scale=("#c24e00", "#f3e3d3", "#d7e8f3", "#6fb1d8", "#0072b2"),
)  # fmt: skip
DARK = Palette(
    ink="#e6eaee", muted="#9aa5b1", grid="#323a43", ground="#14181d", blue="#5cb3e6", sky="#9bd3f5",
    orange="#e9b44c", vermillion="#ff8a4c", purple="#d99bbd",
    scale=("#ff8a4c", "#5a3b28", "#24384a", "#2f6f9c", "#5cb3e6"),
)  # fmt: skip


def palette(dark: bool) -> Palette:
    return DARK if dark else LIGHT
