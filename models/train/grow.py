"""A larger network that reads as the smaller one does, to train on from: nothing learnt is lost.

usage: grow.py CHECKPOINT SPEC OUT.pt

After Chen, Goodfellow, Shlens, "Net2Net: Accelerating Learning via Knowledge Transfer" (2016). SPEC has the layers of the
checkpoint's network, with as many or more channels and states, and may be of greater height. New channels and states
begin as in an untrained network, and what stood before does not listen to them yet (weights of nought), so only a
change of height disturbs the reading: a letter is then larger under the same filters, until training has followed.
"""

import argparse
import math

import torch

import alphabet
import net as networks


def _rows(old, new):
    """[new, old]: how much of old row k is seen in new row r, the rows being spread over the same height."""
    share = torch.zeros(new, old)
    for k in range(old):
        at = min(max((k + 0.5) * new / old - 0.5, 0), new - 1)
        low = math.floor(at)
        share[low, k] += 1 - (at - low)
        if at > low:
            share[low + 1, k] += at - low
    return share


def _spread(columns, old_groups, new_groups):
    """Columns of a weight whose inputs lie in groups (rows of a stack, ways of an LSTM): new groups hold old ones.

    Groups are (number, size) pairs. Several old rows fall on each new one by _rows; new places within a group get 0.
    """
    outputs = columns.shape[0]
    (old_number, old_size), (new_number, new_size) = old_groups, new_groups
    grouped = columns.reshape(outputs, old_number, old_size)
    share = torch.eye(old_number) if old_number == new_number else _rows(old_number, new_number)
    result = torch.zeros(outputs, new_number, new_size)
    result[:, :, :old_size] = torch.einsum("rk,oks->ors", share, grouped)
    return result.reshape(outputs, new_number * new_size)


def _grow_convolution(old, new):
    outputs, inputs = old.conv.weight.shape[:2]
    new.conv.weight[:outputs] = 0
    new.conv.weight[:outputs, :inputs] = old.conv.weight
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(new.norm, name)[:outputs] = getattr(old.norm, name)


def _grow_lstm(old, new, old_groups, new_groups):
    was, now = old.lstm.hidden_size, new.lstm.hidden_size
    for name, value in new.lstm.named_parameters():
        gates, before = value.view(4, now, -1), getattr(old.lstm, name).view(4, was, -1)
        if "weight_ih" in name:
            flat = _spread(before.reshape(4 * was, -1), old_groups, new_groups)
            gates[:, :was] = flat.view(4, was, -1)
        elif "weight_hh" in name:
            gates[:, :was] = 0
            gates[:, :was, :was] = before
        else:
            gates[:, :was] = before


def grow(old, new):
    """Fills `new` from `old`, two Nets of the same layers."""
    assert len(old.layers) == len(new.layers), "both must have the same layers"
    # How the inputs of the next LSTM or output lie: (number, size) of groups.
    old_groups = new_groups = (1, 1)
    with torch.no_grad():
        for before, after in zip(old.layers, new.layers):
            assert type(before) is type(after), f"both must have the same layers: {before} against {after}"
            if isinstance(before, networks.Convolve):
                _grow_convolution(before, after)
                old_groups, new_groups = (1, before.conv.out_channels), (1, after.conv.out_channels)
            elif isinstance(before, networks.Stack):
                old_groups, new_groups = (before.y, old_groups[1]), (after.y, new_groups[1])
            elif isinstance(before, networks.Lstm):
                _grow_lstm(before, after, old_groups, new_groups)
                ways = 2 if before.way == "b" else 1
                old_groups, new_groups = (ways, before.lstm.hidden_size), (ways, after.lstm.hidden_size)
            elif isinstance(before, torch.nn.Linear):
                assert before.out_features == after.out_features, "both must have the same codes"
                after.weight.copy_(_spread(before.weight, old_groups, new_groups))
                after.bias.copy_(before.bias)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("spec")
    parser.add_argument("out")
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, map_location="cpu")
    torch.manual_seed(1)
    old = networks.Net(saved["spec"])
    old.load_state_dict(saved["net"])
    new = networks.Net(options.spec)
    grow(old, new)
    torch.save({"spec": options.spec, "net": new.state_dict(), "alphabet": "".join(alphabet.CHARACTERS), "step": 0,
                "seconds": saved["seconds"]}, options.out)


if __name__ == "__main__":
    main()
