"""SVG drawings to PNG, by the Chromium of the machine over its pipe. Without one there are no pictures, and that is no error.

A drawing is made of ``line``, ``rect``, ``circle``, ``polyline``, ``polygon`` and ``text``, in groups that are moved at most; its
first element covers it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20.0  # seconds for one answer; a browser that takes longer is given up
_AT_ONCE, _FEW = 2, 40  # browsers at work, and drawings for which one is enough
_READ = 1 << 16
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
)

# An image of an SVG is a page of its own to the browser, which takes it five times as long as these few lines.
_DRAWN = """
const canvas = document.createElement('canvas');
canvas.width = %(width)d * %(scale)f;
canvas.height = %(height)d * %(scale)f;
const pen = canvas.getContext('2d', {alpha: false, willReadFrequently: true});
const anchors = {start: 'left', middle: 'center', end: 'right'};
const said = (element, name, other) => element.getAttribute(name) ?? other;
const at = (element, ...names) => names.map(name => Number(said(element, name, 0)));

function outline(element) {
  const path = new Path2D();
  const name = element.tagName;
  if (name === 'line') {
    const [x1, y1, x2, y2] = at(element, 'x1', 'y1', 'x2', 'y2');
    path.moveTo(x1, y1);
    path.lineTo(x2, y2);
  } else if (name === 'rect') {
    path.rect(...at(element, 'x', 'y', 'width', 'height'));
  } else if (name === 'circle') {
    path.arc(...at(element, 'cx', 'cy', 'r'), 0, 2 * Math.PI);
  } else if (name === 'polyline' || name === 'polygon') {
    for (const point of said(element, 'points', '').split(' ')) path.lineTo(...point.split(',').map(Number));
    if (name === 'polygon') path.closePath();
  } else {
    throw new Error('no drawing of ' + name);
  }
  return path;
}

function painted(element) {
  const name = element.tagName;
  if (name === 'svg' || name === 'g') {
    const moved = /^translate[(]([-0-9.]+),([-0-9.]+)[)]$/.exec(said(element, 'transform', 'translate(0,0)'));
    pen.save();
    pen.translate(Number(moved[1]), Number(moved[2]));
    for (const child of element.children) painted(child);
    pen.restore();
    return;
  }
  const fill = said(element, 'fill', '#000'), stroke = said(element, 'stroke', 'none');
  pen.fillStyle = fill;
  if (name === 'text') {
    pen.textAlign = anchors[said(element, 'text-anchor', 'start')];
    pen.fillText(element.textContent, ...at(element, 'x', 'y'));
    return;
  }
  const path = outline(element);
  if (fill !== 'none') pen.fill(path);
  if (stroke === 'none') return;
  pen.strokeStyle = stroke;
  pen.lineWidth = Number(said(element, 'stroke-width', 1));
  pen.setLineDash(said(element, 'stroke-dasharray', '').split(' ').filter(Boolean).map(Number));
  pen.stroke(path);
}

function drawn(svg) {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  pen.setTransform(%(scale)f, 0, 0, %(scale)f, 0, 0);
  pen.font = said(root, 'font-size', '16') + 'px ' + said(root, 'font-family', 'sans-serif');
  painted(root);
  return canvas.toDataURL('image/png').split(',')[1];
}
"""


class BrowserFailed(Exception):
    """The browser did not answer or went away."""


def find() -> str | None:
    """The Chromium of this machine: ``$CHROMIUM``, else one on the path."""
    given = os.environ.get("CHROMIUM")
    if given is not None:
        return given if os.access(given, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def png_of(drawings: Sequence[str], width: int, height: int, scale: float = 1.25) -> list[bytes] | None:
    """Each drawing as a PNG of ``scale`` times its size; ``None`` where there is no browser or it fails."""
    browser = find()
    if browser is None or not drawings:
        return None

    def draw(some: Sequence[str]) -> list[bytes]:
        with _page(browser, width, height, scale) as page:
            return [page.drawn(drawing) for drawing in some]

    parts = min(_AT_ONCE, -(-len(drawings) // _FEW))
    try:
        with ThreadPoolExecutor(parts) as pool:
            made = list(pool.map(draw, [drawings[i::parts] for i in range(parts)]))
    except (BrowserFailed, OSError):
        return None
    return [made[i % parts][i // parts] for i in range(len(drawings))]


class _Page:
    """One tab of a browser, spoken to in the DevTools protocol: JSON messages with a zero byte after each."""

    def __init__(self, process: subprocess.Popen[bytes], write: int, read: int) -> None:
        self.process, self.write, self.read = process, write, read
        self.last, self.session = 0, ""
        self.rest = b""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self.last += 1
        message: dict[str, Any] = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data) :]
        until = time.monotonic() + PATIENCE
        while True:
            answer = self._next(until)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise BrowserFailed(str(answer["error"]))
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.read], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self.read, _READ) if ready else b""
            if not piece:
                raise BrowserFailed("no answer")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def drawn(self, drawing: str) -> bytes:
        made = self.ask("Runtime.evaluate", expression=f"drawn({json.dumps(drawing)})")
        if "exceptionDetails" in made:
            raise BrowserFailed("not drawn")
        return base64.b64decode(made["result"]["value"])


@contextlib.contextmanager
def _page(browser: str, width: int, height: int, scale: float) -> Iterator[_Page]:
    to_browser, from_us = os.pipe()
    from_browser, to_us = os.pipe()
    with tempfile.TemporaryDirectory(prefix="dabiao-browser-", ignore_cleanup_errors=True) as profile:
        flags = [*_FLAGS, f"--window-size={width},{height}", f"--user-data-dir={profile}"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        # the protocol wants its two pipes as file descriptors 3 and 4
        shell = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null'
        process = subprocess.Popen(  # noqa: S603 - the machine's browser, our own page
            ["/bin/sh", "-c", shell, browser, *flags, "about:blank"],
            stdin=to_browser,
            stdout=to_us,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "HOME": profile,
                "XDG_CONFIG_HOME": profile,
                "XDG_CACHE_HOME": str(Path(profile, "cache")),
            },
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(to_us)
        try:
            page = _Page(process, from_us, from_browser)
            made = page.ask("Target.createTarget", url="about:blank")
            page.session = page.ask("Target.attachToTarget", targetId=made["targetId"], flatten=True)[
                "sessionId"
            ]
            page.ask(
                "Runtime.evaluate", expression=_DRAWN % {"width": width, "height": height, "scale": scale}
            )
            yield page
        finally:
            os.close(from_us)
            os.close(from_browser)
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """At once, with all processes of its own: it has nothing to keep."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
