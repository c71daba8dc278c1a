"""A Tesseract network in PyTorch, from the same VGSL string, layer by layer with Tesseract's meaning.

What differs from the usual layers of the same name:
* convolutions pad with uniform noise in [-1, 1], in reading too; each output takes noise of its own;
* Cp clips to 0..1 (Tesseract: LinLogistic), Ct is tanh;
* Mp drops the rests of odd sizes; S stacks rows, feature = row * channels + channel.

Training pads with noise that neighbouring outputs share, which costs less and looks the same to a filter. `exact`
draws the very numbers of Tesseract's generator, so that the outputs can be compared (tests/train).
Batch normalization exists in training only; the writer folds it into the convolution.

Understood: [1,H,0,1 then C{p,t}y,x,d  Mpy,x  Sy,1  L{f,r,b}xn  O1cn].
"""

import re

import torch
from torch import nn

# Starts the clipped layers with most of their outputs inside 0..1.
NORM_GAIN = 0.35


class TesseractRandom:
    """TRand (std::minstd_rand) as LSTMRecognizer seeds it for sample_iteration 0."""

    def __init__(self):
        self.state = 1
        self._next()

    def _next(self):
        self.state = self.state * 48271 % 0x7FFFFFFF
        return self.state

    def signed(self, count):
        return torch.tensor([self._next() * 2.0 / 0x7FFFFFFF - 1.0 for _ in range(count)])


class Convolve(nn.Module):
    def __init__(self, inputs, outputs, y, x, clip):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, (y, x), bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        nn.init.constant_(self.norm.weight, NORM_GAIN)
        self.half_y, self.half_x, self.clip = y // 2, x // 2, clip

    def folded(self):
        """Weight [out, in, y, x] and bias with the normalization in them."""
        norm = self.norm
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return self.conv.weight * gain[:, None, None, None], norm.bias - norm.running_mean * gain

    def activate(self, x):
        return x.clamp(0, 1) if self.clip == "p" else torch.tanh(x)

    def forward(self, x):
        b, c, h, w = x.shape
        dy, dx = self.half_y, self.half_x
        padded = torch.empty(b, c, h + 2 * dy, w + 2 * dx, dtype=x.dtype, device=x.device)
        for edge in (padded[:, :, :dy], padded[:, :, h + dy:], padded[..., :dx], padded[..., w + dx:]):
            edge.uniform_(-1, 1)
        padded[:, :, dy:h + dy, dx:w + dx] = x
        return self.activate(self.norm(self.conv(padded)))

    def exact(self, x, random):
        """One picture, noise in Tesseract's order: output row, output column, then tap column, tap row, channel."""
        _, c, h, w = x.shape
        dy, dx = self.half_y, self.half_x
        padded = nn.functional.pad(x[0], (dx, dx, dy, dy))
        taps = padded.unfold(1, 2 * dy + 1, 1).unfold(2, 2 * dx + 1, 1).permute(1, 2, 4, 3, 0).clone()
        inside = nn.functional.pad(torch.ones(h, w, dtype=torch.bool), (dx, dx, dy, dy))
        inside = inside.unfold(0, 2 * dy + 1, 1).unfold(1, 2 * dx + 1, 1).permute(0, 1, 3, 2)
        outside = ~inside[..., None].expand_as(taps)
        taps[outside] = random.signed(int(outside.sum())).to(taps.dtype)
        weight, bias = self.folded()
        out = torch.einsum("hwxyc,ocyx->ohw", taps, weight) + bias[:, None, None]
        return self.activate(out)[None]


class Maxpool(nn.Module):
    def __init__(self, y, x):
        super().__init__()
        self.y, self.x = y, x

    def forward(self, x):
        return nn.functional.max_pool2d(x, (self.y, self.x))


class Stack(nn.Module):
    """S: all rows into one, features row by row."""

    def __init__(self, y):
        super().__init__()
        self.y = y

    def forward(self, x):
        b, c, h, w = x.shape
        assert h == self.y, f"S{self.y} wants {self.y} rows and got {h}"
        return x.permute(0, 3, 2, 1).reshape(b, w, h * c)


class Lstm(nn.Module):
    """Along x over [batch, time, features]; way is f(orward), r(everse) or b(oth)."""

    def __init__(self, inputs, states, way, dropout):
        super().__init__()
        self.lstm = nn.LSTM(inputs, states, batch_first=True, bidirectional=way == "b")
        self.way, self.dropout = way, nn.Dropout(dropout)

    def forward(self, x):
        x = x.flip(1) if self.way == "r" else x
        x = self.lstm(x)[0]
        return self.dropout(x.flip(1) if self.way == "r" else x)


class Net(nn.Module):
    def __init__(self, spec, dropout=0.0):
        super().__init__()
        self.spec = spec
        head = re.match(r"\[1,(\d+),0,1", spec)
        assert head, f"{spec}: must begin with [1,HEIGHT,0,1"
        self.height = rows = int(head[1])
        channels, rest, layers = 1, spec[head.end():].strip(" ]"), []
        while rest:
            if m := re.match(r"C([pt])(\d+),(\d+),(\d+)", rest):
                layers.append(Convolve(channels, int(m[4]), int(m[2]), int(m[3]), m[1]))
                channels = int(m[4])
            elif m := re.match(r"Mp(\d+),(\d+)", rest):
                layers.append(Maxpool(int(m[1]), int(m[2])))
                rows //= int(m[1])
            elif m := re.match(r"S(\d+),1(?!\d)", rest):
                layers.append(Stack(int(m[1])))
                channels, rows = channels * rows, 1
            elif m := re.match(r"L([frb])x(\d+)", rest):
                layers.append(Lstm(channels, int(m[2]), m[1], dropout))
                channels = int(m[2]) * (2 if m[1] == "b" else 1)
            elif m := re.match(r"O1c(\d+)$", rest):
                layers.append(nn.Linear(channels, int(m[1])))
            else:
                raise ValueError(f"{spec}: not understood from {rest!r}")
            rest = rest[m.end():].lstrip()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        """[batch, 1, height, width] of network inputs to [batch, time, codes] of logits."""
        for layer in self.layers:
            x = layer(x)
        return x

    def exact(self, x):
        """As forward, for one picture and with the noise that Tesseract draws. The net must be in eval()."""
        random = TesseractRandom()
        for layer in self.layers:
            x = layer.exact(x, random) if isinstance(layer, Convolve) else layer(x)
        return x

    def steps(self, width):
        """Timesteps of a picture so wide."""
        for layer in self.layers:
            width = width // layer.x if isinstance(layer, Maxpool) else width
        return width
