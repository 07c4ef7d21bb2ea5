"""How the API stands 200 clients at once: errors, requests a second, and how long an answer takes.

    python benchmarks/api_load.py [--clients 200] [--seconds 60] [--workers 2] [--home HOME]

Each client has a connection of its own over loopback and asks again as soon as it is answered, so that 200 requests are always
under way: an answer takes about clients / (requests a second), most of it in the queue. ``Server-Timing`` says what of it was
work. A third of the clients sends the tags of answers that it has. Anything but 200 or 304 is an error, so is a connection that
breaks. At the end of the time the answers that are under way are waited for.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from api_server import running  # noqa: E402

PATHS = (
    "/status?size=20",
    "/status?status=off_track&status=missed",
    "/status?plan=jilin-2024&size=50",
    "/targets?size=20&region=220000",
    "/targets/jilin-2024-pm25",
    "/targets/jilin-2024-pm25/status",
    "/targets/yingtan-2021-pm25-central/status",
    "/series?size=20",
    "/series/1/statements",
    "/alerts",
    "/rules",
)
_CPU = re.compile(rb"cpu;dur=([0-9.]+)")
PATIENCE = 60.0


@dataclass
class Tally:
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


async def client(port: int, number: int, until: float, tally: Tally) -> None:
    chosen, tags = random.Random(number), {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        path = chosen.choice(PATHS)
        tag = tags.get(path) if number % 3 == 0 else None
        begun = time.monotonic()
        try:
            lines = [f"GET /api/v1{path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
            lines += [f"If-None-Match: {tag}"] if tag else []
            writer.write("\r\n".join([*lines, "", ""]).encode())
            status, head = await asyncio.wait_for(answer(reader), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        tally.seconds.append(time.monotonic() - begun)
        tally.statuses[status] += 1
        if status not in (200, 304):
            tally.errors[str(status)] += 1
        if found := _CPU.search(head):
            tally.work.append(float(found[1]))
        if found := re.search(rb"(?im)^etag: *(.+?)\r$", head):
            tags[path] = found[1].decode()
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    if length is not None and status != 304:
        await reader.readexactly(int(length[1]))
    return status, head


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


async def load(port: int, clients: int, seconds: float) -> Tally:
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(*(client(port, n, until, tally) for n in range(clients)))
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with running(given.home, given.workers) as port:
        begun = time.monotonic()
        tally = asyncio.run(load(port, given.clients, given.seconds))
        took = time.monotonic() - begun
    requests = sum(tally.statuses.values())
    told = [f"{share:.0%} {1000 * quantile(tally.seconds, share):.0f} ms" for share in (0.5, 0.95, 0.99)]
    print(f"{given.clients} clients, {given.workers} workers, {took:.0f} s, {os.cpu_count()} cores")
    print(f"requests {requests} ({requests / took:.0f} a second), statuses {dict(tally.statuses)}")
    print(f"errors {sum(tally.errors.values())} {dict(tally.errors)}")
    print(f"answered within: {', '.join(told)}")
    print(
        f"processor time of a request: median {quantile(tally.work, 0.5):.1f} ms, 95% {quantile(tally.work, 0.95):.1f} ms"
    )
    return 1 if tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
