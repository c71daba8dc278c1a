"""Trains the network; stops after --minutes and goes on from its checkpoint when called again.

usage: train.py --work DIR --lines DIR ... [--folded-lines DIR ...] [--minutes 30] ...

DIR/checkpoint.pt holds everything a run needs to go on; DIR/curve.tsv is the learning curve (validation sheets,
read in PyTorch; evaluate.py measures through libtesseract). The weights that are kept for use are a running average
over the last thousand steps, so a run may be stopped at any time.
"""

import argparse
import math
import os
import time
from pathlib import Path

import torch
from torch.nn.functional import ctc_loss, log_softmax

import alphabet
import data
import net as networks
import synthesize
from distance import edit_distance

SMALL = f"[1,40,0,1Cp3,3,16Mp2,2Cp3,3,32Mp2,2Cp3,3,64Mp2,1Cp3,3,96S5,1Lbx128Lbx128O1c{alphabet.SIZE}]"
# Grown from the small one (grow.py); the one that is shipped.
MEDIUM = f"[1,48,0,1Cp3,3,16Mp2,2Cp3,3,32Mp2,2Cp3,3,64Mp2,1Cp3,3,96S6,1Lbx192Lbx192O1c{alphabet.SIZE}]"
AVERAGE_STEPS = 1000
CLIP_NORM = 3.0
WARM_UP_STEPS = 200
# The learning rate ends at this share of its peak.
LAST_RATE = 0.02
# Validation lines of each folder that the curve is measured on.
CURVE_LINES = 30


def folding():
    """Matrix codes x folded codes: case joined, punctuation into nothing. For labels that lack both."""
    matrix = torch.zeros(alphabet.SIZE, alphabet.SIZE)
    for code, character in enumerate(alphabet.CHARACTERS):
        lower = character.lower()
        kept = lower if lower.isalnum() or lower == " " else None
        matrix[code, alphabet.CODE[kept] if kept else alphabet.NOTHING] = 1
    matrix[alphabet.SPARE, alphabet.NOTHING] = matrix[alphabet.NOTHING, alphabet.NOTHING] = 1
    return matrix


def loss_of(logits, texts, folded, matrix):
    """CTC a character; lines with folded labels are compared after folding the network's own answer."""
    logs = log_softmax(logits, 2)
    total, characters = logits.new_zeros(()), 0
    for want in (False, True):
        rows = [i for i, f in enumerate(folded) if f == want]
        if not rows:
            continue
        part = logs[rows]
        if want:
            part = (part.exp() @ matrix + 1e-20).log()
        targets = [alphabet.encode(alphabet.fold(texts[i]) if want else texts[i]) for i in rows]
        lengths = torch.tensor([len(t) for t in targets])
        steps = torch.full((len(rows),), part.shape[1], dtype=torch.long)
        flat = torch.tensor(sum(targets, []), device=logits.device)
        total = total + ctc_loss(part.transpose(0, 1), flat, steps, lengths, blank=alphabet.NOTHING,
                                 reduction="sum", zero_infinity=True)
        characters += int(lengths.sum())
    return total / characters


def character_errors(net, lines, device):
    """Errors and characters of undistorted lines; folded where the labels are."""
    errors = characters = 0
    net.eval()
    with torch.no_grad():
        for line in lines:
            logits = net(data.collate([line.picture], net.height).to(device))
            read = alphabet.decode(logits[0].argmax(1).tolist())
            want, got = (alphabet.fold(line.text), alphabet.fold(read)) if line.folded else (line.text, read)
            errors += edit_distance(want, got)
            characters += len(want)
    return errors, characters


def save(path, state):
    torch.save(state, str(path) + ".new")
    os.replace(str(path) + ".new", path)


def average_into(average, net, step):
    keep = min(1 - 1 / AVERAGE_STEPS, step / (step + 10))
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.is_floating_point():
                average[name].lerp_(value, 1 - keep)
            else:
                average[name].copy_(value)


def rate_at(step, options):
    if step < WARM_UP_STEPS:
        return options.rate * (step + 1) / WARM_UP_STEPS
    share = min(1.0, (step - WARM_UP_STEPS) / max(1, options.iterations - WARM_UP_STEPS))
    return options.rate * (LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * share)) / 2)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder of checkpoint, curve and picture cache; outside git")
    parser.add_argument("--lines", nargs="*", default=[], help="folders of lines with exact labels")
    parser.add_argument("--folded-lines", nargs="*", default=[], help="folders whose labels lack case and punctuation")
    parser.add_argument("--fonts", nargs="*", default=synthesize.FONTS, help="folders of fonts for drawn lines")
    parser.add_argument("--prose", nargs="*", default=[], help="text files whose lines are drawn, too")
    parser.add_argument("--synthetic", type=float, default=0.35, help="share of batches of drawn lines")
    parser.add_argument("--spec", help="VGSL, 'small' or 'medium'; else that of --start-from, else small")
    parser.add_argument("--start-from", help="checkpoint of the same spec whose weights a new run starts with")
    parser.add_argument("--iterations", type=int, default=40_000, help="length of the learning-rate schedule")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long, to go on later")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--short-first", type=lambda s: [tuple(map(int, p.split(":"))) for p in s.split(",") if p],
                        default="400:30,800:40", help="until iteration N lines of at most M characters: N:M,...")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare batches")
    parser.add_argument("--report-every", type=int, default=400, help="iterations between checkpoints")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    if options.spec is None and options.start_from:
        options.spec = torch.load(options.start_from, map_location="cpu")["spec"]
    options.spec = {"small": SMALL, "medium": MEDIUM, None: SMALL}.get(options.spec, options.spec)
    return options


def main():
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    device = torch.device(options.device)

    net = networks.Net(options.spec, options.dropout).to(device)
    options.height = net.height
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-2)
    step, seconds = 0, 0.0
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        assert saved["spec"] == options.spec, f"{checkpoint} is of another network: {saved['spec']}"
        net.load_state_dict(saved["training_net"])
        optimizer.load_state_dict(saved["optimizer"])
        average, step, seconds = saved["net"], saved["step"], saved["seconds"]
    else:
        if options.start_from:
            net.load_state_dict(torch.load(options.start_from, map_location=device)["net"])
        average = {name: value.clone() for name, value in net.state_dict().items()}
    averaged = networks.Net(options.spec).to(device)

    folders = [(f, False) for f in options.lines] + [(f, True) for f in options.folded_lines]
    read = {part: [data.read_folder(f, part, folded, work / "pictures") for f, folded in folders]
            for part in ("train", "validation")}
    lines = sum(read["train"], [])
    writer = synthesize.Writer(options.fonts, options.prose) if options.synthetic > 0 else None
    print(f"{len(lines)} training lines, step {step}, {seconds / 60:.1f} min so far, {device}", flush=True)

    matrix = folding().to(device)
    batches = data.Batches(lines, writer, options, step, max(0, options.iterations - step))
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=options.workers)
    started, losses = time.monotonic(), []

    def report():
        averaged.load_state_dict(average)
        spent = seconds + time.monotonic() - started
        save(checkpoint, {"spec": options.spec, "net": average, "training_net": net.state_dict(), "step": step,
                          "optimizer": optimizer.state_dict(), "seconds": spent, "seed": options.seed,
                          "alphabet": "".join(alphabet.CHARACTERS)})
        rates = []
        for (folder, folded), held in zip(folders, read["validation"]):
            errors, characters = character_errors(averaged, held[:CURVE_LINES], device)
            rates.append(f"{Path(folder).name}{'~' if folded else ''} {errors / max(1, characters):.4f}")
        mean = sum(losses) / max(1, len(losses))
        row = f"{spent / 60:.1f}\t{step}\t{mean:.4f}\t{rate_at(step, options):.2e}\t" + "\t".join(rates)
        print(row, flush=True)
        with open(work / "curve.tsv", "a", encoding="utf-8") as curve:
            curve.write(row + "\n")
        losses.clear()

    for inputs, texts, folded in loader:
        net.train()
        # Noise of the padding and dropout, too, depend on seed and step alone.
        torch.manual_seed(options.seed * 1_000_003 + step)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options)
        loss = loss_of(net(inputs.to(device)), texts, folded, matrix)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP_NORM)
        if torch.isfinite(norm):
            optimizer.step()
            average_into(average, net, step)
            losses.append(loss.item())
        step += 1
        if step % options.report_every == 0:
            report()
        if time.monotonic() - started > options.minutes * 60:
            break
    report()


if __name__ == "__main__":
    main()
