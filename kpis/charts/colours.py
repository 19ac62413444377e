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
    veil: str  # the ground, half see-through: behind labels that may meet a line
    blue: str
    sky: str
    orange: str
    vermillion: str
    purple: str
    scale: tuple[str, ...]  # weak to strong, for heatmaps
    chips: tuple[str, ...]  # grounds of status chips, in the order of Status

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

    def soft(self, status: Status) -> str:
        """Ground of a status chip that carries text in the ink of the page."""
        return self.chips[list(Status).index(status)]

    def marker(self, kind: str) -> str:
        return {"release": self.purple, "incident": self.vermillion, "wave": self.muted, "definition": self.ink}[kind]


LIGHT = Palette(
    ink="#1f2933", muted="#66707c", grid="#e4e8ec", ground="#ffffff", veil="rgba(255,255,255,0.75)",
    blue="#0072b2", sky="#56b4e9",
    orange="#b87f00", vermillion="#c24e00", purple="#9c4f7c",
    scale=("#c24e00", "#e38a4a", "#f2c39b", "#4f9fd0", "#0072b2"), chips=("#d6eaf6", "#f8ecd0", "#fbdcc8", "#e9ecef"),
)  # fmt: skip
DARK = Palette(
    ink="#e6eaee", muted="#9aa5b1", grid="#323a43", ground="#14181d", veil="rgba(20,24,29,0.75)",
    blue="#5cb3e6", sky="#9bd3f5",
    orange="#e9b44c", vermillion="#ff8a4c", purple="#d99bbd",
    scale=("#ff8a4c", "#b8683c", "#6b4630", "#3f8fc4", "#5cb3e6"), chips=("#16405c", "#4d3c12", "#5c2d12", "#39424b"),
)  # fmt: skip


def palette(dark: bool) -> Palette:
    return DARK if dark else LIGHT
