"""Levenshtein distance and the alignment behind it."""


def edit_distance(want, got):
    row = list(range(len(got) + 1))
    for i, a in enumerate(want, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(got, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def aligned(want, got):
    """Pairs (wanted, read) of a best alignment; "" where one side has nothing."""
    table = [[0] * (len(got) + 1) for _ in range(len(want) + 1)]
    for i in range(len(want) + 1):
        for j in range(len(got) + 1):
            if i == 0 or j == 0:
                table[i][j] = i + j
            else:
                table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1,
                                  table[i - 1][j - 1] + (want[i - 1] != got[j - 1]))
    pairs, i, j = [], len(want), len(got)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (want[i - 1] != got[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((want[i], got[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            pairs.append((want[i], ""))
        else:
            j -= 1
            pairs.append(("", got[j]))
    return pairs[::-1]
