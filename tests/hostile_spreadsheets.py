"""Two hundred files that are no honest list of clients, made anew each time: names, and how their bytes are made."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator

import openpyxl

PLAIN = "Last name,First name,DOB\nCruz,Ana,2016-03-27\nOkafor,Ben,2012-11-30\n"
CELLS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")', "@SUM(1)", "+1+1", "-1+1", "\t=1", "'=1",
    "<script>alert(1)</script>", "'; DROP TABLE client;--", "${7*7}", "{{7*7}}", "%s%s%n", "../../etc/passwd",
    "\u202egnp.exe", "\u200b", "A" * 5_000, "A" * 30_000, "\ufeff", "\ufffe", "\U0001f476" * 50, "Ź̷͚a̵lgo", "\x07",
    "\x1b[31m",
    "\x85", "\u2028", "NaN", "1e999", "-0", "0x41", "2016-02-30", "31/12/9999", "00/00/0000", "99999999999", "1/1/1",
    "\u0663/\u0664/\u0662\u0660\u0661\u0665", "#N/A", "#REF!", "None", "null", "\\", '""""',
)  # fmt: skip
"""Contents of one cell, each put into every column."""


def files() -> Iterator[tuple[str, bytes]]:
    """Every file, with a name that says what it is."""
    yield from _cells()
    yield from _texts()
    yield from _kinds()
    yield from _packages()
    yield from _cut()
    yield from _flipped()


def _cells() -> Iterator[tuple[str, bytes]]:
    for number, cell in enumerate(CELLS):
        quoted = '"' + cell.replace('"', '""') + '"'
        yield f"cell {number} as a name", f"Last name,First name,DOB\n{quoted},Ana,2016-03-27\n".encode()
        yield f"cell {number} as a date", f"Last name,First name,DOB\nCruz,Ana,{quoted}\n".encode()


def _texts() -> Iterator[tuple[str, bytes]]:
    named = {
        "nothing": b"",
        "blanks": b" \t\r\n" * 50,
        "one NUL": b"\0",
        "a NUL in a cell": PLAIN.encode().replace(b"Ana", b"A\0a"),
        "only a header": b"Last name,First name,DOB\n",
        "only a BOM": b"\xef\xbb\xbf",
        "UTF-8 with BOM": b"\xef\xbb\xbf" + PLAIN.encode(),
        "UTF-16 little": PLAIN.encode("utf-16"),
        "UTF-16 big": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        "UTF-16 without BOM": PLAIN.encode("utf-16-le"),
        "UTF-16 big without BOM": PLAIN.encode("utf-16-be"),
        "UTF-16 cut in half a letter": PLAIN.encode("utf-16")[:-1],
        "UTF-32": PLAIN.encode("utf-32"),
        "UTF-7": PLAIN.replace("Ana", "Áña").encode("utf-7"),
        "EBCDIC": PLAIN.encode("cp500"),
        "lone surrogates": PLAIN.replace("Ana", "A\ud800a").encode("utf-8", "surrogatepass"),
        "lone surrogates in UTF-16": PLAIN.replace("Ana", "A\ud800a").encode("utf-16", "surrogatepass"),
        "overlong UTF-8": PLAIN.encode().replace(b"Ana", b"\xc0\xaf"),
        "mixed spellings": PLAIN.encode() + "García,José,2016-01-02\n".encode() + b"Garc\xeda,Jos\xe9,2016-01-02\n",
        "a million columns": b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000 + b"\n",
        "a million columns in line 3": PLAIN.encode() + b"," * 1_000_000 + b"x\n",
        "many lines": b"Last name,First name\n" + b"Cruz,Ana\n" * 20_050,
        "a million empty lines": b"\n" * 1_000_000,
        "a huge cell": b"Last name,First name\n" + b"A" * 3_000_000 + b",Ana\n",
        "a quote that never closes": b'Last name,First name\n"Cruz,Ana\nOkafor,Ben\n',
        "a quote that never closes, long": b'Last name,First name\n"Cruz,Ana\n' + b"Okafor,Ben\n" * 20_000,
        "a quote inside": b'Last name,First name\nCr"uz,Ana\n"Cr"uz,Ana\n',
        "quotes only": b'"' * 1001,
        "carriage returns": PLAIN.replace("\n", "\r").encode(),
        "both ends of lines": PLAIN.replace("\n", "\r\n").encode(),
        "ends of lines of every kind": PLAIN.replace("\n", "\n\r\v\f", 1).encode(),
        "sep line": b"sep=;\nLast name;First name\nCruz;Ana\n",
        "eleven megabytes": b"Last name,First name\n" + b"Cruz,Ana\n" * 1_250_000,
        "random bytes": random.Random(1).randbytes(5_000),
        "random letters": "".join(random.Random(2).choices("abc,\"\n;'\t|=", k=5_000)).encode(),
        "control characters": bytes(range(1, 32)) * 20,
        "the same header twice": b"Last name,Last name,First name,First name\nCruz,Ruiz,Ana,Eva\n",
        "no known header": b"q,w\n1,2\n",
        "ragged lines": b"Last name,First name,DOB\nCruz\nRuiz,Eva,2016-01-02,x,y,z\n,,,,,,,,\n",
        "only delimiters": b",,,,\n,,,,\n",
        "right to left": "اسم,لقب\\nفاطمة,حسن\\n".encode(),
    }
    yield from named.items()


def _kinds() -> Iterator[tuple[str, bytes]]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield from {
        "an old workbook": ole,
        "a locked workbook": ole + "EncryptedPackage".encode("utf-16-le"),
        "a PDF": b"%PDF-1.7\n" + bytes(100),
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "a photograph": b"\xff\xd8\xff\xe0" + bytes(100),
        "a web page called .xls": b"<html><table><tr><td>Cruz</td></tr></table></html>",
        "XML 2003": b'<?xml version="1.0"?><Workbook></Workbook>',
        "XML with entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "gzip": b"\x1f\x8b\x08" + bytes(50),
        "a program": b"MZ" + bytes(100),
        "RTF": b"{\\rtf1 hello}",
        "a database": b"SQLite format 3\0" + bytes(100),
        "the EICAR test": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    }.items()


def _packages() -> Iterator[tuple[str, bytes]]:
    book = workbook()
    million = b"<row r='%d'><c r='XFD%d' t='n'><v>1</v></c></row>"
    made: dict[str, Callable[[], bytes]] = {
        "an empty zip": lambda: packed({}),
        "a zip of something else": lambda: packed({"a.txt": b"hello"}),
        "a zip in a zip": lambda: packed({"clients.xlsx": book}),
        "a document": lambda: packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
        "an OpenDocument file": lambda: packed({"mimetype": b"x", "content.xml": b"<a/>"}),
        "a binary workbook": lambda: packed({"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"x"}),
        "macros": lambda: changed(book, {"xl/vbaProject.bin": b"x" * 100}),
        "a bomb of zeros": lambda: changed(book, {"xl/worksheets/sheet1.xml": bytes(49_000_000)}),
        "a bomb of blanks": lambda: changed(book, {"xl/sharedStrings.xml": b" " * 49_000_000}),
        "a bomb beside": lambda: changed(book, {"xl/media/image1.png": bytes(60_000_000)}),
        "a bomb of styles": lambda: changed(book, {"xl/styles.xml": styles(400_000)}),
        "many parts": lambda: changed(book, {f"xl/x{number}.xml": b"<a/>" for number in range(1_500)}),
        "a DTD": lambda: changed(book, {"xl/sharedStrings.xml": LAUGHS}),
        "a DTD in the sheet": lambda: changed(book, {"xl/worksheets/sheet1.xml": LAUGHS}),
        "a DTD in UTF-16": lambda: changed(book, {"xl/workbook.xml": LAUGHS.decode().encode("utf-16")}),
        "a sheet that is no XML": lambda: changed(book, {"xl/worksheets/sheet1.xml": b"not xml at all"}),
        "a workbook that is no XML": lambda: changed(book, {"xl/workbook.xml": b"\0\1\2"}),
        "a sheet cut short": lambda: changed(book, {"xl/worksheets/sheet1.xml": SHEET % b"<row r='1'><c r='A1'>"}),
        "sixteen thousand columns": lambda: changed(
            book, {"xl/worksheets/sheet1.xml": SHEET % b"".join(million % (n, n) for n in range(1, 400))}
        ),
        "a row far below": lambda: changed(
            book,
            {"xl/worksheets/sheet1.xml": SHEET % b"<row r='1048576'><c r='A1048576' t='n'><v>1</v></c></row>"},
        ),
        "a row below all rows": lambda: changed(
            book, {"xl/worksheets/sheet1.xml": SHEET % b"<row r='999999999'><c r='A999999999'><v>1</v></c></row>"}
        ),
        "a cell that says nonsense": lambda: changed(
            book, {"xl/worksheets/sheet1.xml": SHEET % b"<row r='x'><c r='!!' t='s'><v>99999</v></c></row>"}
        ),
        "declared as a gigabyte": lambda: declared(book, 1_000_000_000),
        "declared as nothing": lambda: declared(book, 1),
        "locked": lambda: flagged(book, 1),
        "formulas without results": lambda: workbook(rows=[["Last name", "First name"], ["=A9", "=1+1"]]),
        "no sheet": lambda: changed(book, {"xl/worksheets/sheet1.xml": None}),
        "an empty sheet": lambda: workbook(rows=[]),
        "only a header row": lambda: workbook(rows=[["Last name", "First name"]]),
        "paths that climb": lambda: changed(book, {"../../evil.xml": b"<a/>", "/etc/passwd": b"x"}),
        "bytes before": lambda: b"junk" + book,
        "bytes behind": lambda: book + b"junk" * 100,
        "two directories": lambda: book + book,
    }
    for name, make in made.items():
        yield name, make()


def _cut() -> Iterator[tuple[str, bytes]]:
    book = workbook()
    for part in range(1, 21):
        yield f"a workbook cut at {part} of 21", book[: len(book) * part // 21]


def _flipped() -> Iterator[tuple[str, bytes]]:
    book, chance = workbook(), random.Random(7)
    for number in range(25):
        broken = bytearray(book)
        for _ in range(1 + number % 5):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        yield f"a workbook with wrong bits {number}", bytes(broken)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]><l>&c;&d;</l>'
)
SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)


def workbook(rows=None) -> bytes:
    """A workbook of these rows, or of two children."""
    book = openpyxl.Workbook()
    for row in [line.split(",") for line in PLAIN.split()] if rows is None else rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def changed(book: bytes, parts) -> bytes:
    """A workbook with some parts replaced, added or (None) taken out."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        kept = {one.filename: package.read(one) for one in package.infolist()}
    return packed({name: content for name, content in (kept | parts).items() if content is not None})


def styles(count: int) -> bytes:
    return (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        + b'<xf numFmtId="0"/>' * count
        + b"</cellXfs></styleSheet>"
    )


def declared(book: bytes, size: int) -> bytes:
    """A workbook whose directory gives every part another size."""
    broken, place = bytearray(book), book.find(b"PK\1\2")
    while place >= 0:
        broken[place + 24 : place + 28] = struct.pack("<I", size)
        place = book.find(b"PK\1\2", place + 4)
    return bytes(broken)


def flagged(book: bytes, flag: int) -> bytes:
    """A workbook whose parts are said to be locked."""
    broken, place = bytearray(book), book.find(b"PK\1\2")
    while place >= 0:
        broken[place + 8] |= flag
        place = book.find(b"PK\1\2", place + 4)
    return bytes(broken)
