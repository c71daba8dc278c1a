#!/usr/bin/python3
"""Opens a PDF in Chromium, as a clerk does: chromium.py PDF PICTURE.png

Writes what the browser shows at 100 % of 96 dpi and prints the text that the viewer finds in
the PDF, which is also what its search looks through. Exit status 77: there is no Chromium.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

# Room for a loaded machine.
DEADLINE_S = 120


class Browser:
    """Chromium's debugging protocol over its pipe: messages end with a zero byte."""

    def __init__(self, program, profile):
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()

        def place():
            # Both first out of the way of the two numbers that Chromium expects.
            reading, writing = os.dup(to_read), os.dup(from_write)
            spare = os.dup(writing)
            os.dup2(reading, 3)
            os.dup2(spare, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "--window-size=1400,900", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.last = 0
        self.buffer = b""

    def call(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                piece = os.read(self.back, 1 << 16)
                if not piece:
                    sys.exit("Chromium ended")
                self.buffer += piece
            answer, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(answer)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def close(self):
        self.process.terminate()
        self.process.wait()


# What selecting all in Chromium's viewer gives, asked from within the viewer.
SELECTED_TEXT = """
const viewer = await import('./pdf_viewer_wrapper.js');
const controller = viewer.PluginController.getInstance();
controller.selectAll();
(await controller.getSelectedText()).selectedText
"""


def text_of(browser):
    """Of the viewer, an extension in a frame of its own; "" while it still loads."""
    for target in browser.call("Target.getTargets")["targetInfos"]:
        if not target["url"].startswith("chrome-extension://"):
            continue
        session = browser.call("Target.attachToTarget", targetId=target["targetId"],
                               flatten=True)["sessionId"]
        result = browser.call("Runtime.evaluate", session, expression=SELECTED_TEXT, replMode=True,
                              returnByValue=True)["result"]
        if result.get("value"):
            return result["value"].replace("\r\n", "\n")
    return ""


# Of the window: a strip of a ledger fills a twelfth of it, the sign of waiting on the dark empty viewer less than this.
PAPER_SHARE, LIGHT = 0.04, 140


def light_share(png):
    """Of the window's pixels."""
    with tempfile.NamedTemporaryFile(suffix=".png") as window:
        window.write(png)
        window.flush()
        grey = subprocess.run(["mutool", "draw", "-q", "-c", "gray", "-F", "pgm", "-o", "-", window.name],
                              capture_output=True, check=True).stdout
    pixels = grey.split(b"255\n", 1)[1]
    return sum(p > LIGHT for p in pixels) / len(pixels)


def is_installed():
    return shutil.which("chromium") is not None


def show(pdf):
    """What the viewer finds as text, and the PNG of what it shows, once both are there; else as they are at the end
    of the deadline."""
    # Chromium's own children may still write while it ends.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser("chromium", profile)
        try:
            url = pathlib.Path(pdf).resolve().as_uri() + "#zoom=100&toolbar=0&navpanes=0"
            target = browser.call("Target.createTarget", url=url)["targetId"]
            session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            end = time.monotonic() + DEADLINE_S
            while True:
                time.sleep(0.5)
                text = text_of(browser)
                png = base64.b64decode(browser.call("Page.captureScreenshot", session, format="png")["data"])
                if time.monotonic() > end or (text and light_share(png) > PAPER_SHARE):
                    return text, png
        finally:
            browser.close()


def main(pdf, picture):
    if not is_installed():
        return 77
    text, png = show(pdf)
    pathlib.Path(picture).write_bytes(png)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
