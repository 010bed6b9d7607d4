"""QR codes: an address that a telephone reads from a page or from paper."""

import io
from functools import lru_cache

import segno


@lru_cache(maxsize=500)
def qr_svg(address: str) -> str:
    """The address as an inline picture of lines that takes the size of its place."""
    picture: str = segno.make(address, error="m", micro=False).svg_inline(border=2, scale=4, omitsize=True)
    return picture


def qr_file(address: str) -> str:
    """The same as the text of an SVG file, for a document."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, scale=4)
    return out.getvalue().decode("utf-8")
