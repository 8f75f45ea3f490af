"""The files behind claims: a PDF of one page and a PNG of one colour, small and valid."""

import struct
import zlib


def pdf(text: str) -> bytes:
    """Return a PDF of one page that says something in ASCII letters.

    Example:
        >>> pdf("25312000000000000001")[:8], pdf("1").endswith(b"%%EOF")
        (b'%PDF-1.4', True)
    """
    shown = f"BT /F1 14 Tf 20 60 Td ({text}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 360 120] /Contents 4 0 R /Resources << /Font << /F1 %s >> >> >>"
        % b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(shown), shown),
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj %s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + head + table + tail


def png(number: int) -> bytes:
    """Return a PNG of 8 by 8 points, in a colour of its own for each number.

    Example:
        >>> png(7)[1:4], png(7) == png(8)
        (b'PNG', False)
    """
    row = b"\0" + number.to_bytes(3, "big") * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * 8)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
