"""Whatever bytes a file has: a reader gives a book or refuses, in the time that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.errors import ImportRefused
from dabiao.ingest.decode import decode
from dabiao.ingest.readers import reader_for
from tests.fuzz import seeds
from tests.fuzz.targets import LIMITS, TARGETS

FOUND = Path(__file__).parent / "found"


@st.composite
def damaged(draw: st.DrawFn, sound: tuple[bytes, ...]) -> bytes:
    """A sound file after some cuts, repeats and changed bytes."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 6))):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        change = draw(st.sampled_from(("cut", "repeat", "write", "flip")))
        if change == "cut":
            del data[at:end]
        elif change == "repeat":
            data[at:at] = data[at:end][:4_096]
        elif change == "write":
            data[at:at] = draw(st.binary(min_size=1, max_size=8))
        elif at < len(data):
            data[at] ^= draw(st.integers(1, 255))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds(name: str) -> None:
    """Every seed passes its own target."""
    target, sound = TARGETS[name]
    for seed in sound:
        target(seed)


@pytest.mark.parametrize("path", sorted(FOUND.glob("*/*")), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_what_fuzzing_found(path: Path) -> None:
    """An input that once broke a reader breaks none."""
    TARGETS[path.parent.name][0](path.read_bytes())


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), damaged(seeds.TEXTS)))
def test_any_text(data: bytes) -> None:
    """Bytes called .csv are a table or a refusal."""
    TARGETS["text"][0](data)


@settings(max_examples=150, deadline=None)
@given(damaged(TARGETS["reading"][1]))
def test_any_table(data: bytes) -> None:
    """What a text says is values and issues, each of which can be said, or a refusal."""
    TARGETS["reading"][0](data)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), damaged(seeds.TEXTS)))
def test_decoding_loses_nothing(data: bytes) -> None:
    """What the ladder reads, written again in the encoding that it names, is the same bytes but for the mark."""
    try:
        found = decode(data, "a.csv")
    except ImportRefused:
        return
    again = found.text.encode(found.rung)
    marks = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", "\ufeff".encode("gb18030"))
    if data.startswith(b"\xfe\xff"):  # written again in this machine's order of bytes
        return
    first, second = ({d, *(d.removeprefix(m) for m in marks)} for d in (data, again))
    assert first & second


@pytest.mark.parametrize(("suffix", "sound"), [("xlsx", seeds.XLSX), ("ods", seeds.ODS), ("xls", seeds.XLS)])
def test_any_workbook(suffix: str, sound: tuple[bytes, ...]) -> None:
    """Bytes called a workbook are a book or a refusal, whatever the parser makes of them in its own process."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.binary(max_size=100), damaged(sound)))
    def holds(data: bytes) -> None:
        try:
            reader_for(f"a.{suffix}").read(data, f"a.{suffix}", LIMITS)
        except ImportRefused as error:
            str(error)  # raises where it cannot be said

    holds()


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(("sheet", "table")).flatmap(
        lambda name: st.tuples(st.just(name), damaged(TARGETS[name][1]))
    )
)
def test_any_xml(given_: tuple[str, bytes]) -> None:
    """A damaged sheet in a sound archive, too."""
    name, data = given_
    TARGETS[name][0](data)
