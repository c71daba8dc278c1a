"""A browser without a window, asked over a pipe (the DevTools protocol) for a picture of what it shows."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import zlib

# A loaded machine starts a browser slowly; a picture that takes longer will not come.
DEADLINE_S = 60
LIGHT = 200  # of 255: paper, not the viewer's grey


def is_installed():
    return shutil.which("chromium") is not None


class Picture:
    """A PNG of 8-bit RGB or RGBA, as browsers write them."""

    def __init__(self, png):
        at, data = 8, b""
        while at < len(png):
            size, kind = int.from_bytes(png[at:at + 4], "big"), png[at + 4:at + 8]
            if kind == b"IHDR":
                self.width, self.height = (int.from_bytes(png[at + i:at + i + 4], "big") for i in (8, 12))
                self.channels = {2: 3, 6: 4}[png[at + 17]]
            elif kind == b"IDAT":
                data += png[at + 8:at + 8 + size]
            at += size + 12
        self.rows = self._unfilter(zlib.decompress(data))

    def _unfilter(self, raw):
        step, stride = self.channels, self.width * self.channels
        rows, above = [], bytearray(stride)
        for y in range(self.height):
            kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
            for x in range(stride):
                left = row[x - step] if x >= step else 0
                corner = above[x - step] if x >= step else 0
                up = above[x]
                if kind == 1:
                    row[x] = (row[x] + left) & 255
                elif kind == 2:
                    row[x] = (row[x] + up) & 255
                elif kind == 3:
                    row[x] = (row[x] + (left + up) // 2) & 255
                elif kind == 4:
                    guess = left + up - corner
                    near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                    row[x] = (row[x] + near[2]) & 255
            rows.append(row)
            above = row
        return rows

    def share_of_light_pixels(self):
        light = sum(row[x] > LIGHT for row in self.rows for x in range(1, len(row), self.channels))
        return light / (self.width * self.height)


class Browser:

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        to_browser, self.out = os.pipe()
        self.inward, from_browser = os.pipe()

        def place():
            # The protocol's pipes are descriptors 3 and 4; out of the way first, they may be these.
            a, b = os.dup(to_browser), os.dup(from_browser)
            high_a, high_b = os.dup2(a, 50), os.dup2(b, 51)
            os.dup2(high_a, 3)
            os.dup2(high_b, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "--window-size=600,800", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=place, close_fds=False)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.calls = 0

    def call(self, method, session=None, **parameters):
        self.calls += 1
        message = {"id": self.calls, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                piece = os.read(self.inward, 1 << 16)
                assert piece, "the browser went away"
                self.buffer += piece
            line, self.buffer = self.buffer.split(b"\0", 1)
            reply = json.loads(line)
            if reply.get("id") == self.calls:
                assert "error" not in reply, reply
                return reply["result"]

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.out)
        os.close(self.inward)
        shutil.rmtree(self.profile, ignore_errors=True)


def show(file, share_of_light_pixels):
    """What the browser shows of the file once so much of it is light, or at the deadline."""
    browser = Browser()
    try:
        address = pathlib.Path(file).resolve().as_uri() + "#toolbar=0"
        target = browser.call("Target.createTarget", url=address)["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        end = time.monotonic() + DEADLINE_S
        while True:
            data = browser.call("Page.captureScreenshot", session, format="png")["data"]
            picture = Picture(base64.b64decode(data))
            if picture.share_of_light_pixels() > share_of_light_pixels or time.monotonic() > end:
                return picture
            time.sleep(0.5)
    finally:
        browser.close()
