# ruff: noqa: INP001  (a script, not a package)
"""Draws the app's own icons: a door standing open in a square, one SVG and its PNGs.

python frontend/draw_icons.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parent.parent / "src/tongban/web/static/tongban"
BLUE, WHITE, RED = "#0B55A8", "#FFFFFF", "#B3161B"
# On a field of 64: the frame, the leaf standing open, the threshold.
FRAME = [(16, 12), (48, 12), (48, 52), (42, 52), (42, 18), (22, 18), (22, 52), (16, 52)]
LEAF = [(22, 18), (35, 24), (35, 58), (22, 52)]
SILL = [(12, 52), (52, 52), (52, 56), (12, 56)]


def points(shape: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in shape)


def svg() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{BLUE}"/><polygon points="{points(SILL)}" fill="{RED}"/>'
        f'<polygon points="{points(FRAME)}" fill="{WHITE}"/><polygon points="{points(LEAF)}" fill="{WHITE}"/></svg>\n'
    )


def png(size: int, *, full: bool = False) -> Image.Image:
    """`full` fills the square for launchers that cut their own shape: the drawing stays in the middle 80 %."""
    scale = size * 4 / 64
    image = Image.new("RGBA", (size * 4, size * 4), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, size * 4 - 1, size * 4 - 1), 0 if full else 12 * scale, fill=BLUE)
    shrink, offset = (0.75, 8) if full else (1, 0)
    for shape, colour in ((SILL, RED), (FRAME, WHITE), (LEAF, WHITE)):
        draw.polygon(
            [((x * shrink + offset) * scale, (y * shrink + offset) * scale) for x, y in shape], fill=colour
        )
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    (OUT / "icon.svg").write_text(svg())
    for size in (180, 192, 512):
        png(size).save(OUT / f"icon-{size}.png", optimize=True)
    png(512, full=True).save(OUT / "icon-maskable-512.png", optimize=True)


if __name__ == "__main__":
    main()
