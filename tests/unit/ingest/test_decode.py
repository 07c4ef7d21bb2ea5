"""The decoding ladder."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dabiao.errors import ImportRefused
from dabiao.ingest.decode import decode

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"), min_size=1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@given(text=TEXT)
def test_round_trip(encoding: str, text: str) -> None:
    """What an office program writes in one of the four encodings comes back to the character, and the rung is named."""
    data = text.encode(encoding)
    if encoding == "gb18030":
        assume(not _is_utf8(data) or data.isascii())
    found = decode(data, "a.csv")
    assert found.text == text
    if not data.isascii():
        assert found.rung == encoding


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(data=st.binary())
def test_no_replacement_characters(data: bytes) -> None:
    """Any bytes either decode without loss or are refused; nothing else is raised."""
    with contextlib.suppress(ImportRefused):
        found = decode(data, "a.csv")
        if found.rung in ("utf-8", "utf-8-sig"):
            assert found.text.encode(found.rung) == data
        assert "\0" not in found.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff", "encoding_unknown"),
        ("台北".encode("big5") + b"\xff", "encoding_unknown"),
        ("地区,a".encode("utf-16-le"), "not_text"),
        (b"\xef\xbb\xbf\xd6\xd0", "encoding_broken"),
        (b"\xff\xfe\x00", "encoding_broken"),
        ("地区".encode("utf-32"), "not_text"),
        (b"PK\x03\x04\x00\x00", "not_text"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    """Bytes that no rung reads whole, or that hold NUL, are refused, and the refusal says which of the two it was."""
    with pytest.raises(ImportRefused) as refused:
        decode(data, "a.csv")
    assert refused.value.code == code
