"""The network that PyTorch trains is the network that Tesseract runs.

usage: equality_test.py POSTERIORS_PROGRAM TRAIN_FOLDER      (77 = skipped: a package of the recipe is missing)
"""

import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

POSTERIORS, TRAIN = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(TRAIN))
SKIPPED = 77
try:
    import numpy
    import torch
    from PIL import Image

    import alphabet
    import data
    import grow
    import net as networks
    import picture
    import synthesize
    import train
    import write_lstm
except (ImportError, OSError) as missing:
    print(f"SKIPPED: {missing}. Install the packages of models/train/packages.txt to test the recipe.")
    sys.exit(SKIPPED)

# Tesseract looks tanh and the logistic function up in tables and sums in another order.
PROBABILITY_TOLERANCE = 1e-5
# libtesseract leaves out what is less probable.
REPORTED_FROM = 0.011


def random_net():
    """A net with sharp answers and a normalization that does something, so that every weight counts."""
    torch.manual_seed(5)
    net = networks.Net(train.SMALL)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
                module.bias.uniform_(0, 0.6)
        net.layers[-1].weight.mul_(12)
    return net.eval()


def drawn_line(text="Nguyễn Thị Ánh, 12/3/1985"):
    writer = synthesize.Writer(synthesize.FONTS)
    rng = numpy.random.default_rng(2)
    return data.distort(writer.line(text, rng).picture, rng)


def read_by_libtesseract(net, grey, folder):
    write_lstm.write_traineddata(net, float_path=f"{folder}/equal.traineddata")
    Image.fromarray(grey).save(f"{folder}/line.png")
    done = subprocess.run([POSTERIORS, folder, "equal", f"{folder}/line.png"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    steps = {}
    for row in done.stdout.splitlines():
        step, name, probability = row.split("\t")
        steps.setdefault(int(step), {})[name] = float(probability)
    return steps


class Recipe(unittest.TestCase):
    def test_tesseract_gives_the_probabilities_of_pytorch(self):
        net, grey = random_net(), drawn_line()
        with torch.no_grad():
            inputs = torch.from_numpy(picture.network_input(grey, net.height))[None, None]
            mine = torch.softmax(net.exact(inputs)[0], 1)
        with tempfile.TemporaryDirectory() as folder:
            theirs = read_by_libtesseract(net, grey, folder)
        self.assertEqual(len(theirs), len(mine))
        compared = 0
        for step, row in enumerate(mine):
            for code, probability in enumerate(row[:alphabet.SPARE].tolist()):
                if probability > REPORTED_FROM:
                    read = theirs[step].get(alphabet.CHARACTERS[code], 0.0)
                    self.assertAlmostEqual(read, probability, delta=PROBABILITY_TOLERANCE)
                    compared += 1
        self.assertGreater(compared, len(mine))

    def test_a_batch_depends_on_its_number_alone(self):
        options = type("Options", (), dict(short_first=[], batch=2, synthetic=1.0, seed=3, height=40))
        writer = synthesize.Writer(synthesize.FONTS)
        early, late = data.Batches([], writer, options, 0, 9), data.Batches([], writer, options, 4, 5)
        self.assertTrue(torch.equal(early[6][0], late[2][0]))
        self.assertEqual(early[6][1], late[2][1])
        self.assertNotEqual(early[6][1], early[5][1])

    def test_a_grown_network_reads_as_the_one_it_grew_from(self):
        small = random_net()
        spec = train.SMALL.replace("Cp3,3,32", "Cp3,3,40").replace("Lbx128", "Lbx150", 1)
        large = networks.Net(spec)
        grow.grow(small, large)
        large.eval()
        inputs = data.collate([drawn_line()], small.height)
        # The noise of the padding differs with the number of channels: nought in its place.
        with torch.no_grad(), unittest.mock.patch.object(torch.Tensor, "uniform_", lambda edge, *_: edge.zero_()):
            before, after = small(inputs), large(inputs)
        self.assertGreater(float(before.std()), 0.1)
        self.assertLess(float((before - after).abs().max()), 1e-3)

    def test_a_higher_network_sees_the_rows_in_their_places(self):
        share = grow._rows(5, 6)
        self.assertTrue(torch.allclose(share.sum(0), torch.ones(5)))
        at = (share * (torch.arange(6)[:, None] + 0.5) / 6).sum(0)
        self.assertTrue(torch.allclose(at, (torch.arange(5) + 0.5) / 5, atol=1e-6))

    def test_every_vietnamese_letter_can_be_written(self):
        for letter in "ăâđêôơưỵỴŭĕƀñ″" + "ẤẦẨẪẬ" + "0123456789":
            self.assertIsNotNone(alphabet.encode(letter), letter)

    def test_folded_loss_forgives_case_and_punctuation_only(self):
        def loss(read, label):
            logits = torch.full((1, 2 * len(read) + 1, alphabet.SIZE), -20.0)
            logits[0, ::2, alphabet.NOTHING] = 20.0
            for i, code in enumerate(alphabet.encode(read)):
                logits[0, 2 * i + 1, code] = 20.0
            return train.loss_of(logits, [label], [True], train.folding()).item()

        self.assertLess(loss("P, Ân", "p ân"), 0.01)
        self.assertGreater(loss("P, An", "p ân"), 1.0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
