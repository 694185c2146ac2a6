"""Word documents, by way of mammoth: headings by their styles, lists, tables, footnotes."""

from __future__ import annotations

import io
from typing import Any

from index.formats.archive import first_text, open_archive, part, tree
from index.formats.extract import Blocks, Extract, dated
from index.formats.markup import add_markup

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
comment-reference =>
"""


def extract(raw: bytes) -> Extract:
    """The document's text; pages are not known before a Word document is printed."""
    import mammoth

    archive = open_archive(raw)
    for name in archive.namelist():
        if name.startswith("word/") and name.endswith(".xml"):
            tree(part(archive, name))  # refuses entities, which mammoth's parser would expand
    html = mammoth.convert_to_html(
        io.BytesIO(raw), style_map=_STYLES, convert_image=mammoth.images.img_element(_no_image)
    ).value
    blocks = Blocks()
    add_markup(blocks, html)
    if "docProps/core.xml" not in archive.namelist():
        return blocks.extract()
    about = tree(part(archive, "docProps/core.xml"))
    return blocks.extract(
        first_text(about, "title"),
        dated(first_text(about, "modified", "created")),
        first_text(about, "creator"),
    )


def _no_image(image: Any) -> dict[str, str]:
    return {"src": ""}
