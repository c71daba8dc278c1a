"""From a network in PyTorch to Tesseract's traineddata, float and int8.

usage: write_lstm.py CHECKPOINT OUT.traineddata [--float OUT_FLOAT.traineddata]

Layout of .lstm after Tesseract 5.3 (src/lstm: network.cpp, weightmatrix.cpp, lstmrecognizer.cpp), little endian.
The int8 form is made by combine_tessdata -c, which ships with Tesseract.
"""

import argparse
import shutil
import struct
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import torch

import alphabet
import net as networks

# network_flags 0; TF_COMPRESS_UNICHARSET = the file carries a recoder.
RECODER_FLAG = 64
DOUBLE_MATRIX = 128


def _text(s):
    data = s.encode()
    return struct.pack("<I", len(data)) + data


def _matrix(weight, bias):
    full = torch.cat([weight, bias[:, None]], 1).double()
    return struct.pack("<BIId", DOUBLE_MATRIX, *full.shape, 0.0) + full.contiguous().numpy().astype("<f8").tobytes()


class Layer:
    """A serialized layer and what its parents must know of it."""

    def __init__(self, kind, name, inputs, outputs, body=b"", weights=0):
        self.inputs, self.outputs, self.weights = inputs, outputs, weights
        self.bytes = (b"\0" + _text(kind) + b"\0\0" + struct.pack("<iiii", 0, inputs, outputs, weights) + _text(name)
                      + body)


def _plumbing(kind, name, children, outputs):
    body = struct.pack("<I", len(children)) + b"".join(child.bytes for child in children)
    return Layer(kind, name, children[0].inputs, outputs, body, sum(child.weights for child in children))


def _series(name, children):
    return _plumbing("Series", name, children, children[-1].outputs)


def _dense(kind, name, weight, bias):
    outputs, inputs = weight.shape
    return Layer(kind, name, inputs, outputs, _matrix(weight, bias), outputs * (inputs + 1))


def _convolution(layer):
    weight, bias = layer.folded()
    outputs, inputs, y, x = weight.shape
    stack = Layer("Convolve", "Convolve", inputs, inputs * y * x, struct.pack("<ii", x // 2, y // 2))
    flat = weight.permute(0, 3, 2, 1).reshape(outputs, -1)
    return _series("ConvSeries", [stack, _dense({"p": "LinLogistic", "t": "Tanh"}[layer.clip], "Conv", flat, bias)])


def _one_way(lstm, suffix):
    states, inputs = lstm.hidden_size, lstm.input_size
    gates = torch.cat([getattr(lstm, "weight_ih_l0" + suffix), getattr(lstm, "weight_hh_l0" + suffix)], 1)
    bias = getattr(lstm, "bias_ih_l0" + suffix) + getattr(lstm, "bias_hh_l0" + suffix)
    i, f, g, o = range(4)  # PyTorch's order; Tesseract's is g, i, f, o
    body = struct.pack("<i", inputs + states)
    for gate in (g, i, f, o):
        rows = slice(gate * states, (gate + 1) * states)
        body += _matrix(gates[rows], bias[rows])
    return Layer("LSTM", "Lstm" + suffix, inputs, states, body, 4 * states * (inputs + states + 1))


def _lstm(layer):
    if layer.way == "f":
        return _one_way(layer.lstm, "")
    backward = _one_way(layer.lstm, "" if layer.way == "r" else "_reverse")
    backward = _plumbing("RTLReversed", "Reversed", [backward], backward.outputs)
    if layer.way == "r":
        return backward
    forward = _one_way(layer.lstm, "")
    return _plumbing("ParBidiLSTM", "Bidi", [forward, backward], forward.outputs + backward.outputs)


def _layers(net):
    depth = 1
    yield Layer("Input", "Input", net.height, 1, struct.pack("<iiiii", 1, net.height, 0, 1, 0))
    for layer in net.layers:
        if isinstance(layer, networks.Convolve):
            made = _convolution(layer)
        elif isinstance(layer, networks.Maxpool):
            made = Layer("Maxpool", "Maxpool", depth, depth, struct.pack("<ii", layer.x, layer.y))
        elif isinstance(layer, networks.Stack):
            made = Layer("Reconfig", "Reconfig", depth, depth * layer.y, struct.pack("<ii", 1, layer.y))
        elif isinstance(layer, networks.Lstm):
            made = _lstm(layer)
        else:
            made = _dense("Softmax", "Output", layer.weight, layer.bias)
        depth = made.outputs
        yield made


def lstm_bytes(net):
    with torch.no_grad():
        network = _series("Series", list(_layers(net))).bytes
    numbers = struct.pack("<iiii", RECODER_FLAG, 0, 0, alphabet.NOTHING) + struct.pack("<fff", 0.999, 1e-4, 0.5)
    return network + _text(net.spec) + numbers


def _unichar_line(unichar, character, ids):
    category = unicodedata.category(character)
    flags = {"Ll": 3, "Lu": 5, "Nd": 8}.get(category, 16)
    script = "Latin" if category[0] == "L" else "Common"
    direction = {"L": 0, "N": 2}.get(category[0], 10)
    other_case = ids.get(character.swapcase(), unichar)
    return f"{character} {flags:x} 0,255,0,255,0,0,0,0,0,0 {script} {other_case} {direction} {unichar} {character}"


def unicharset_text():
    """Blank, Tesseract's two special entries, then the characters: unichar = code + 2."""
    ids = {character: code + 2 for code, character in enumerate(alphabet.CHARACTERS) if code}
    lines = ["NULL 0 Common 0", "Joined 7 0,255,0,255,0,0,0,0,0,0 Latin 1 0 1 Joined",
             "|Broken|0|1 f 0,255,0,255,0,0,0,0,0,0 Common 2 10 2 |Broken|0|1"]
    lines += [_unichar_line(unichar, character, ids) for character, unichar in ids.items()]
    return f"{len(lines)}\n" + "\n".join(lines) + "\n"


def recoder_bytes():
    """One code a unichar; Joined takes the spare code and Broken stands for nothing."""
    codes = [0, alphabet.SPARE, alphabet.NOTHING] + list(range(1, alphabet.SPARE))
    return struct.pack("<I", len(codes)) + b"".join(struct.pack("<bii", 1, 1, code) for code in codes)


# Inverting a line that reads badly would read it twice; our pictures are always dark on light.
CONFIG = "tessedit_do_invert 0\n"


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


def write_traineddata(net, int8_path=None, float_path=None):
    with tempfile.TemporaryDirectory() as folder:
        prefix = f"{folder}/net."
        Path(prefix + "lstm").write_bytes(lstm_bytes(net))
        Path(prefix + "lstm-unicharset").write_text(unicharset_text(), encoding="utf-8")
        Path(prefix + "lstm-recoder").write_bytes(recoder_bytes())
        Path(prefix + "config").write_text(CONFIG)
        _run("combine_tessdata", prefix)
        if float_path:
            shutil.copyfile(prefix + "traineddata", float_path)
        if int8_path:
            _run("combine_tessdata", "-c", prefix + "traineddata")
            shutil.copyfile(prefix + "traineddata", int8_path)


def load_net(checkpoint_path):
    saved = torch.load(checkpoint_path, map_location="cpu")
    net = networks.Net(saved["spec"])
    net.load_state_dict(saved["net"])
    return net.eval()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("out", help="int8 traineddata")
    arguments.add_argument("--float", dest="float_out")
    options = arguments.parse_args()
    write_traineddata(load_net(options.checkpoint), options.out, options.float_out)


if __name__ == "__main__":
    main()
