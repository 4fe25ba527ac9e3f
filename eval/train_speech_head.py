"""Train the head that finds sentence ends in text without punctuation; writes models/speech-head.

    python eval/train_speech_head.py ../shared/data/meeting-topics models

Texts: the first 20 meetings of each domain of QMSum (MIT; AMI and ICSI CC BY 4.0 at their
origin), about 2,600 words each, whose own punctuation and capitals are removed. Sentence ends are
those that the rules for punctuated text find. Every fifth meeting is held out and chooses the
threshold. Three passes, seed 0, one thread.
"""

from __future__ import annotations

import collections
import csv
import gzip
import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import torch

from autocode.encode.load import load_encoder
from autocode.encode.word_states import compute_word_states
from autocode.segment.sentences import find_sentence_ends
from autocode.segment.unpunctuated import list_bare_words

N_MEETINGS, N_WORDS, N_PASSES, N_KNOWN, WIDTH, HIDDEN = 20, 2600, 3, 1500, 12, 64


def meetings(folder: Path):
    turns = collections.defaultdict(list)
    with gzip.open(folder / "turns.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            text = re.sub(r"\{\s*\w+\s*\}", "", row["text"])
            text = re.sub(r"\s+([.,?!;:])", r"\1", text).strip()
            turns[row["domain"], row["doc_id"]].append(text)
    by_domain = collections.defaultdict(list)
    for (domain, _), texts in sorted(turns.items()):
        by_domain[domain].append(texts)
    parts = ([], [])
    for documents in by_domain.values():
        for number, texts in enumerate(documents[:N_MEETINGS]):
            taken = 0
            for text in texts:
                words, last = flagged(text)
                if taken <= N_WORDS and len(words) >= 4:
                    parts[number % 5 == 4].append((words, last))
                    taken += len(words)
    return parts


def flagged(text: str, ends: list[int] | None = None) -> tuple[list[str], list[int]]:
    """Bare words of a punctuated text, and 1 for each word that ends a sentence."""
    words, last, begin = [], [], 0
    for end in [*(find_sentence_ends(text) if ends is None else ends), len(text)]:
        found = [word.text for word in list_bare_words(text[begin:end])]
        words += found
        last += [0] * len(found)
        if last:
            last[-1] = 1
        begin = end
    return words, last


def table(part, encoder, known):
    states, ids, y = [], [], []
    for (words, last), found in zip(
        part, compute_word_states(encoder, [w for w, _ in part]), strict=True
    ):
        number = [0, *(known.get(word, 0) for word in words), 0, 0]
        states.append(np.concatenate([found[:-1], found[1:]], axis=1).astype(np.float32))
        ids += [number[i : i + 4] for i in range(len(words) - 1)]
        y += last[:-1]
    return np.concatenate(states), np.array(ids), np.array(y, dtype=np.float32)


def best(p, y):
    order = np.argsort(-p, kind="stable")
    n = np.arange(1, len(p) + 1)
    scores = 2 * np.cumsum(y[order]) / (n + y.sum())
    return float(scores.max()), float(p[order][scores.argmax()])


def main(folder: str, out: str) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    train, held = meetings(Path(folder))
    counts = collections.Counter(word for words, _ in train for word in words)
    vocabulary = [word for word, _ in counts.most_common(N_KNOWN)]
    known = {word: number for number, word in enumerate(vocabulary, start=1)}
    encoder = load_encoder()
    x, ids, y = table(train, encoder, known)
    hx, hids, hy = table(held, encoder, known)
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    x, hx = (x - mean) / deviation, (hx - mean) / deviation
    embedding = torch.nn.Embedding(len(vocabulary) + 1, WIDTH)
    first, second = torch.nn.Linear(x.shape[1] + 4 * WIDTH, HIDDEN), torch.nn.Linear(HIDDEN, 1)
    drop = torch.nn.Dropout(0.3)
    module = torch.nn.ModuleList([embedding, first, second, drop])
    optimiser = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=1e-2)

    def logits(rows, words):
        joined = torch.cat([drop(rows), embedding(words).flatten(1)], 1)
        return second(drop(torch.relu(first(joined)))).squeeze(1)

    x, ids, y = torch.from_numpy(x), torch.from_numpy(ids), torch.from_numpy(y)
    for number in range(N_PASSES):
        module.train()
        order = torch.randperm(len(y))
        for at in range(0, len(y), 512):
            rows = order[at : at + 512]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits(x[rows], ids[rows]), y[rows]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        module.eval()
        with torch.no_grad():
            p = torch.sigmoid(logits(torch.from_numpy(hx), torch.from_numpy(hids))).numpy()
        score, threshold = best(p, hy)
        print(f"pass {number + 1}: F1 {score:.3f} on held-out meetings at {threshold:.3f}")
    scale = first.weight.detach().numpy()
    n_states = x.shape[1]
    weights = {
        "states": (scale[:, :n_states] / deviation).T,
        "words": scale[:, n_states:].T,
        "bias": first.bias.detach().numpy() - scale[:, :n_states] @ (mean / deviation),
        "out": second.weight.detach().numpy()[0],
        "out_bias": second.bias.detach().numpy(),
        "embedding": embedding.weight.detach().numpy(),
        "threshold": np.array([threshold]),
    }
    path = Path(out) / "speech-head" / "weights.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: value.astype(np.float32) for name, value in weights.items()}
    np.savez_compressed(path, vocabulary=np.array(vocabulary), **arrays)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = {
        "name": "speech-head",
        "file": path.name,
        "sha256": digest,
        "licence": "Apache-2.0",
        "encoder": encoder.digest,
        "recipe": "python eval/train_speech_head.py FOLDER_OF_MEETING_TOPICS models",
        "data": "QMSum, Zhong et al. (2021), MIT; AMI and ICSI transcripts CC BY 4.0 at origin. "
        f"{len(y) + len(train)} words of 48 meetings, 12 more held out. English meetings: expect "
        "less for other kinds of talk. No text of the data can be read from the weights but its "
        f"{N_KNOWN} most frequent words.",
        "held_out_f1": round(score, 3),
    }
    path.with_name("card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
