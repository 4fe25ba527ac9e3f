"""Small recordings, made here: a tone that rises every second, and silence of other kinds."""

from __future__ import annotations

import array
import math
import struct
import wave

RATE = 8000


def write_tone(path, seconds=4):
    """Write a WAV file of so many seconds."""
    tone = array.array(
        "h",
        (
            int(6000 * math.sin(2 * math.pi * (220 + 20 * (i // RATE)) * i / RATE))
            for i in range(seconds * RATE)
        ),
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(tone.tobytes())
    return path


def write_silent_mp3(path, seconds=4):
    """Write an MP3 file: frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono, without a tag."""
    header = bytes((0xFF, 0xFB, 0x90, 0xC4))
    frame = header + bytes(144 * 128_000 // 44_100 - len(header))
    path.write_bytes(frame * math.ceil(seconds * 44_100 / 1152))
    return path


def write_silent_opus(path, seconds=4):
    """Write an Ogg file with Opus, mono, a packet for every 20 ms."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    pages = [_make_page(0, 0, 2, [head]), _make_page(1, 0, 0, [tags])]
    for second in range(1, seconds + 1):
        kind = 4 if second == seconds else 0
        pages.append(_make_page(second + 1, 48_000 * second, kind, [b"\xf8\xff\xfe"] * 50))
    path.write_bytes(b"".join(pages))
    return path


def _make_page(number, position, kind, packets):
    sizes = bytes(len(packet) for packet in packets)
    start = struct.pack("<4sBBqII", b"OggS", 0, kind, position, 1, number)
    rest = bytes((len(sizes),)) + sizes + b"".join(packets)
    return start + struct.pack("<I", _sum(start + bytes(4) + rest)) + rest


def _sum(page):
    """The checksum of Ogg: CRC-32 with the bits as they come."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value
