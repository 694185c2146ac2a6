"""Files of every kind that seeds may have, made here, with Turkish letters in all of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

FIRST = "Gölyaka Çeşmesi 1893 yılında Müşir Şükrü Paşa tarafından yaptırıldı. Suyu İğdeli'den."
SECOND = "Çeşmenin kitabesi on iki satırdır ve ünlü hattat Ğazi Işık Efendi'nin elinden çıkmıştır."
THIRD = "Onarım 2019 ilkbaharında başladı, bütün taşlar tek tek numaralanarak yerine kondu."
TITLE = "Gölyaka Çeşmesi"
AUTHOR = "Ayşe Işık"

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
WORD_RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="styles.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/>
</Relationships>"""
# As a Turkish Word writes it: the style's own id is Turkish, its name English.
WORD_STYLES = f"""<?xml version="1.0" encoding="UTF-8"?>
<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:styleId="Balk1">
<w:name w:val="heading 1"/></w:style></w:styles>"""
CORE = f"""<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>{TITLE}</dc:title><dc:creator>{AUTHOR}</dc:creator>
<dcterms:created>2024-01-02T10:00:00Z</dcterms:created>
<dcterms:modified>2025-03-04T10:00:00Z</dcterms:modified></cp:coreProperties>"""


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP container; a `mimetype` is stored as the formats want it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            file.writestr(name, content, compress_type=stored)
    return packed.getvalue()


def docx(body: str = "", core: str = CORE) -> bytes:
    """A Word document: two paragraphs, one of them inserted with tracked changes, and a table."""
    body = body or (
        '<w:p><w:pPr><w:pStyle w:val="Balk1"/></w:pPr><w:r><w:t>Tarihçe</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t>{FIRST}</w:t></w:r></w:p>"
        '<w:p><w:pPr><w:pStyle w:val="Balk1"/></w:pPr><w:r><w:t>Kitabe</w:t></w:r></w:p>'
        f'<w:p><w:ins w:id="1"><w:r><w:t>{SECOND}</w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText>Silinen söz.</w:delText></w:r></w:del></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Taş</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>Marmara mermeri</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}'
    return archive(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": RELATIONSHIPS,
            "word/document.xml": document + "</w:body></w:document>",
            "word/_rels/document.xml.rels": WORD_RELATIONSHIPS,
            "word/styles.xml": WORD_STYLES,
            "docProps/core.xml": core,
        }
    )


def odt(content: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with a heading, a footnote, a list and a tracked deletion."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    names = (
        f'xmlns:office="{office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    )
    content = content or (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<office:document-content {names}><office:body><office:text>"
        "<text:tracked-changes><text:p>Silinen söz.</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">Tarihçe</text:h>'
        f"<text:p>{FIRST.replace(' ', '<text:s/>', 1)}<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>Arşivdeki kayıt 1894 der, "
        "ama kitabe açıktır.</text:p></text:note-body></text:note></text:p>"
        '<text:h text:outline-level="2">Kitabe</text:h>'
        f"<text:list><text:list-item><text:p>{SECOND}</text:p></text:list-item></text:list>"
        "</office:text></office:body></office:document-content>"
    )
    about = (
        f"<office:document-meta {names}><office:meta><dc:title>{TITLE}</dc:title>"
        f"<meta:initial-creator>{AUTHOR}</meta:initial-creator>"
        "<dc:date>2025-03-04T10:00:00</dc:date></office:meta></office:document-meta>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "meta.xml": about,
    }
    return archive(parts | ({"META-INF/manifest.xml": manifest} if manifest else {}))


def epub(locked: bool = False) -> bytes:
    """An e-book of two chapters, named in an order that is not that of reading."""
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        "<head><title>başlık değil</title></head><body><h1>{}</h1><p>{}&nbsp;</p></body></html>"
    )
    package = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title>
<dc:creator>{AUTHOR}</dc:creator><dc:date>2025-03-04</dc:date></metadata>
<manifest><item id="b" href="metin/b%C3%B6l%C3%BCm.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="metin/a.xhtml" media-type="application/xhtml+xml"/>
<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>"""
    lock = "<encryption><CipherReference URI='OEBPS/metin/a.xhtml'/></encryption>"
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/x.opf"/>'
            "</rootfiles></container>",
            "OEBPS/x.opf": package,
            "OEBPS/nav.xhtml": page.format("İçindekiler", "Tarihçe"),
            "OEBPS/metin/bölüm.xhtml": page.format("Tarihçe", FIRST),
            "OEBPS/metin/a.xhtml": page.format("Kitabe", SECOND),
        }
        | ({"META-INF/encryption.xml": lock} if locked else {})
    )


def html() -> bytes:
    """A news page: menu, article with its metadata, further links, footer."""
    menu = "".join(f'<li><a href="/{n}">Menü maddesi {n}</a></li>' for n in range(8))
    return f"""<!DOCTYPE html><html lang="tr"><head><meta charset="utf-8">
<title>{TITLE} | Yerel Haber</title><meta property="og:title" content="{TITLE}">
<meta property="og:site_name" content="Yerel Haber"><meta name="author" content="{AUTHOR}">
<meta property="article:published_time" content="2025-03-04T08:00:00+03:00"></head><body>
<nav><ul>{menu}</ul></nav><article><h1>{TITLE}</h1><p>{FIRST}</p><h2>Kitabe</h2><p>{SECOND}</p>
<p>{THIRD} Ustalar işi iki mevsimde bitirdi.</p></article>
<aside><a href="/r">Reklam: ucuz tatil fırsatları</a></aside>
<footer>© Yerel Haber, bütün hakları saklıdır.</footer></body></html>""".encode()


def mail(kind: str = "plain") -> bytes:
    """A message with Turkish letters in its headers and an attachment."""
    message = EmailMessage()
    message["Subject"] = TITLE
    message["From"] = f"{AUTHOR} <ayse@example.org>"
    message["To"] = "danis@example.org"
    message["Date"] = "Tue, 04 Mar 2025 09:30:00 +0300"
    if kind == "plain":
        message.set_content(f"{FIRST}\n\n{SECOND}\n", charset="iso-8859-9")
    else:
        message.set_content(f"<p>{FIRST}</p><p>{SECOND}</p>", subtype="html")
    message.add_attachment(b"GIZLI EK", "application", "octet-stream", filename="ek.bin")
    return message.as_bytes()


def csv() -> bytes:
    """A table of questions and answers, in the encoding that a Turkish Excel writes."""
    rows = [("Sıra", "Soru", "Yanıt"), ("1", "Kim yaptırdı?", FIRST), ("2", "Kitabe?", SECOND)]
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode("cp1254")


def jsonl() -> bytes:
    """Records with a title and a text."""
    records = [{"başlık": "Tarihçe", "metin": FIRST, "yıl": 1893}, {"metin": SECOND}]
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def pdf(pages: Sequence[Sequence[tuple[str, str]]] = (), password: str = "") -> bytes:
    """A PDF of pages of (style, text) with a running head; styles are "h" and "p".

    Paragraphs are wrapped by reportlab, in a font that has the Turkish letters.
    """
    import reportlab
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    fonts = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont("Vera", str(fonts / "Vera.ttf")))
    styles = {
        "h": ParagraphStyle("h", fontName="Vera", fontSize=16, leading=20, spaceAfter=8),
        "p": ParagraphStyle("p", fontName="Vera", fontSize=11, leading=14, spaceAfter=8),
    }
    pages = pages or (
        [("h", "Tarihçe"), ("p", f"{FIRST} {SECOND}")],
        [("h", "Onarım"), ("p", THIRD), ("p", "Meydan o günden beri yayalara ayrılmıştır.")],
        [("p", "Bugün çeşmenin bakımını mahalle derneği üstlenir. Suyu içilebilir.")],
    )
    flow: list[object] = []
    for number, page in enumerate(pages):
        flow += [PageBreak()] if number else []
        flow += [Paragraph(text, styles[style]) for style, text in page]

    def head(canvas: object, document: object) -> None:
        canvas.setFont("Vera", 8)  # type: ignore[attr-defined]
        canvas.drawString(72, 810, "Kent Belleği Dizisi")  # type: ignore[attr-defined]
        number = document.page  # type: ignore[attr-defined]
        canvas.drawString(300, 30, f"{number} / {len(pages)}")  # type: ignore[attr-defined]

    lock = StandardEncryption(password, ownerPassword="x") if password else None
    made = io.BytesIO()
    SimpleDocTemplate(made, title=TITLE, author=AUTHOR, encrypt=lock).build(
        flow, onFirstPage=head, onLaterPages=head
    )
    return made.getvalue()


def scan() -> bytes:
    """A PDF whose pages are pictures."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made)
    for shade in range(3):
        picture = Image.new("L", (40, 60), 200 + shade)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


MADE = {
    "rapor.pdf": pdf,
    "belge.docx": docx,
    "belge.odt": odt,
    "kitap.epub": epub,
    "sayfa.html": html,
    "ileti.eml": mail,
    "tablo.csv": csv,
    "satırlar.jsonl": jsonl,
}
