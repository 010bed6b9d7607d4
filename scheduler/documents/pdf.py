"""PDFs by typst, in this process: our own layouts and fonts; the facts are data that no layout reads as code."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LAYOUTS = HERE / "layouts"
FONTS = HERE / "fonts"


def pdf_of(layout: str, facts: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The facts in a layout of `layouts/`. The same facts and moment give the same bytes."""
    # typst is large: only who draws a document pays for loading it.
    import typst

    drawn = typst.compile(
        str(LAYOUTS / f"{layout}.typ"),
        root=str(LAYOUTS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(drawn, bytes)
    return drawn
