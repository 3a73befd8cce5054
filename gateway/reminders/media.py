"""What a picture or a sound is, by its first bytes and never by what somebody says of it. Pure."""

import re

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SOUNDS = frozenset({"audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4", "audio/webm"})
_MP4_BRANDS = (b"M4A ", b"M4B ", b"mp4", b"iso", b"dash", b"MSNV", b"qt  ")
"""The first words of files that hold sound; photographs (heic, avif) begin alike, and are none."""
_WEBM = re.compile(rb"\x1a\x45\xdf\xa3.{1,48}\x42\x82(\x84|\x40\x04|\x01\0{6}\x04)webm", re.DOTALL)
"""Matroska's head with its DocType "webm"; its length in one of the three forms that browsers write."""
_RANGE = re.compile(r"bytes=([0-9]{0,9})-([0-9]{0,9})")


def media_type(content: bytes) -> str | None:
    """Its media type, if it is one that a tablet shows or plays; else None."""
    head = content[:64]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12].startswith(_MP4_BRANDS) else None
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if _WEBM.match(head):
        return "audio/webm"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    return None


def part_asked(header: str, size: int) -> slice | None:
    """What a Range header asks of so many bytes; None: all of them.

    Safari plays no sound of a server that does not know this. Several ranges at once are
    not worth the trouble: whoever asks for them gets everything, as the standard allows.
    """
    found = _RANGE.fullmatch(header)
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    return slice(start, end) if start < end else None
