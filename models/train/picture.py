"""Line pictures: as arrays, scaled and levelled exactly as Tesseract does it, and cleaned as the reader cleans them.

Arrays are uint8, rows x columns, 0 = black. Scaling is Leptonica's own (pixScale sharpens; a plain resize would show
the network other strokes than it meets in Tesseract).
"""

import ctypes
import ctypes.util

import numpy
from PIL import Image, ImageFilter

_lept = ctypes.CDLL(ctypes.util.find_library("lept") or "liblept.so.5")
_lept.pixCreate.restype = _lept.pixScale.restype = ctypes.c_void_p
_lept.pixScale.argtypes = [ctypes.c_void_p, ctypes.c_float, ctypes.c_float]
_lept.pixGetData.restype = ctypes.c_void_p
_lept.pixGetData.argtypes = [ctypes.c_void_p]
for _name in ("pixGetWpl", "pixGetWidth", "pixGetHeight"):
    getattr(_lept, _name).argtypes = [ctypes.c_void_p]
_lept.pixDestroy.argtypes = [ctypes.POINTER(ctypes.c_void_p)]


def _to_pix(grey):
    height, width = grey.shape
    pix = _lept.pixCreate(width, height, 8)
    words = _lept.pixGetWpl(pix)
    padded = numpy.zeros((height, words * 4), numpy.uint8)
    padded[:, :width] = grey
    # Leptonica keeps the first pixel in the highest byte of a machine word.
    raster = padded.view(">u4").astype("=u4")
    ctypes.memmove(_lept.pixGetData(pix), raster.ctypes.data, raster.nbytes)
    return pix


def _from_pix(pix):
    width, height, words = _lept.pixGetWidth(pix), _lept.pixGetHeight(pix), _lept.pixGetWpl(pix)
    raster = numpy.empty((height, words), "=u4")
    ctypes.memmove(raster.ctypes.data, _lept.pixGetData(pix), raster.nbytes)
    return raster.astype(">u4").view(numpy.uint8)[:, :width].copy()


def scale_to_height(grey, height):
    """As ImageData::PreScale: one factor for both sides, by pixScale."""
    factor = numpy.float32(height) / numpy.float32(grey.shape[0])
    pix = _to_pix(grey)
    scaled = _lept.pixScale(pix, factor, factor)
    result = _from_pix(scaled)
    for handle in (pix, scaled):
        _lept.pixDestroy(ctypes.byref(ctypes.c_void_p(handle)))
    return result


def _percentile(values, share, otherwise):
    """STATS::ile: a percentile interpolated inside the bucket."""
    if len(values) == 0:
        values = numpy.array([otherwise])
    buckets = numpy.bincount(values, minlength=257)
    target = min(max(share * len(values), 1.0), float(len(values)))
    sums = numpy.cumsum(buckets)
    index = int(numpy.searchsorted(sums, target))
    return index + 1 - (sums[index] - target) / buckets[index]


def levels(grey):
    """Black and half the distance to white, from the local extrema of the middle row (ComputeBlackWhite)."""
    row = grey[grey.shape[0] // 2].astype(int)
    before, here, after = row[:-2], row[1:-1], row[2:]
    low = ((here < before) & (here <= after)) | ((here <= before) & (here < after))
    high = ((here > before) & (here >= after)) | ((here >= before) & (here > after))
    black, white = _percentile(here[low], 0.25, 0), _percentile(here[high], 0.75, 255)
    half = (white - black) / 2
    return numpy.float32(black), numpy.float32(half if half > 0 else 1)


def network_input(grey, height):
    """What Tesseract's Input layer hands on, as float32 rows x columns: black -1, white 1, not clipped."""
    scaled = grey if grey.shape[0] == height else scale_to_height(grey, height)
    black, half = levels(scaled)
    return (scaled.astype(numpy.float32) - black) / half - 1


def load(path):
    return numpy.asarray(Image.open(path).convert("L"))


# Ink covers less than this share of any neighbourhood of two line heights: the brightest tenths are paper.
PAPER_PERCENTILE = 0.8
# Of the paper's brightness: what is brighter becomes pure white, so that grain and shadow leave no levels behind.
WHITE_POINT = 0.88
# Pixels under this grey (paper = 255) count as ink when looking for rulings and edges.
INK_GREY = 150
# A ruling or frame: an ink run at least this many line heights long.
RULING_HEIGHTS = 1.3
MARGIN_PX = 3


def flatten(grey):
    """Paper to pure white: divided by its own brightness, seen through filters wider than strokes."""
    small = Image.fromarray(grey).resize((max(1, grey.shape[1] // 4), max(1, grey.shape[0] // 4)), Image.BOX)
    paper = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.BoxBlur(5))
    paper = numpy.asarray(paper.resize(grey.shape[::-1], Image.BILINEAR)).astype(numpy.float32)
    share = grey / numpy.maximum(paper, 1)
    black = numpy.percentile(share, 0.5)
    return (numpy.clip((share - black) / max(WHITE_POINT - black, 0.1), 0, 1) * 255).astype(numpy.uint8)


def _long_runs(ink, length):
    """Pixels of horizontal ink runs of at least `length`, gaps of one pixel bridged."""
    bridged = ink.copy()
    bridged[:, 1:-1] |= ink[:, :-2] & ink[:, 2:]
    found = numpy.zeros_like(ink)
    for y, row in enumerate(bridged):
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], row.astype(numpy.int8), [0]))))
        for start, end in zip(edges[::2], edges[1::2]):
            if end - start >= length:
                found[y, start:end] = True
    return found


def clean(grey):
    """Flattened, rulings and frames out, cut to the ink. Empty lines come back as they are."""
    flat = flatten(grey)
    ink = flat < INK_GREY
    length = int(RULING_HEIGHTS * grey.shape[0])
    ruled = _long_runs(ink, length)
    # Frames: near full height at the sides of the picture.
    upright = _long_runs(ink.T, int(0.8 * grey.shape[0])).T
    for mask, axis in ((ruled, 0), (upright, 1)):
        # A ruling is at most 5 px thick: paint its run and two pixels on either side where no stroke crosses.
        for shift in (-2, -1, 0, 1, 2):
            flat[numpy.roll(mask, shift, axis)] = 255
    ink = flat < INK_GREY
    rows = numpy.flatnonzero(ink.sum(1) >= 2)
    columns = numpy.flatnonzero(ink.sum(0) >= 2)
    if len(rows) < 5 or len(columns) < 5:
        return flat
    top, bottom = max(rows[0] - MARGIN_PX, 0), rows[-1] + 1 + MARGIN_PX
    left, right = max(columns[0] - MARGIN_PX, 0), columns[-1] + 1 + MARGIN_PX
    return flat[top:bottom, left:right]
