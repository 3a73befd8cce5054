"""What a picture or a sound is, by its first bytes and never by what somebody says of it. Pure."""

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SOUNDS = frozenset({"audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4", "audio/webm"})


def media_type(content: bytes) -> str | None:
    """Its media type, if it is one that a tablet shows or plays; else None."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    return None
