"""Train the attribution network on PolNeAR: python -m presslab.validation.train_attribution ../shared/polnear

Needs jax and optax, which presslab itself does not. A seed for each network, articles by name; about six minutes a
network on two cores."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
import pickle
import sys
import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from presslab.measures.attribution import features, network
from presslab.measures.attribution.features import NUMBERS, RELATION_SIZES, Encoded, Vocabulary, candidates, relations
from presslab.parsing import document
from presslab.reading.article import Article
from presslab.reading.read import read as read_articles

from . import gold

SEEDS = (20160912, 20160913)  # one network each; they vote
LENGTH = 2560  # tokens a training step; articles are packed
GAP = 16
WIDTH, PAIR = 128, 64
SIZES = (40, 16, 16, 8, 4)
K = features.BEFORE + features.AFTER


def start_weights(rng: np.random.Generator, v: Vocabulary) -> dict[str, np.ndarray]:
    """Return random weights of all layers."""
    w: dict[str, np.ndarray] = {}
    counts = (len(v.lemmas), len(v.tags), len(v.deps), len(v.entities), 6)
    for i, (count, size) in enumerate(zip(counts, SIZES)):
        w[f"embed{i}"] = rng.normal(0, 0.3, (count + 1, size))

    def dense(name: str, a: int, b: int, bias: str) -> None:
        w[name] = rng.normal(0, np.sqrt(2 / a), (a, b))
        w[bias] = np.zeros(b)

    dense("in_w", sum(SIZES) + NUMBERS + 96, WIDTH, "in_b")
    w["in_s"], w["in_o"] = np.ones(WIDTH), np.zeros(WIDTH)
    for layer in range(len(network.DILATIONS)):
        dense(f"l{layer}_w", (3 + len(network.NEIGHBOURS[layer])) * WIDTH, WIDTH, f"l{layer}_b")
        w[f"l{layer}_s"], w[f"l{layer}_o"] = np.ones(WIDTH), np.zeros(WIDTH)
    dense("cue_w1", WIDTH, 64, "cue_b1")
    dense("cue_w2", 64, 1, "cue_b2")
    dense("token_w", WIDTH, PAIR, "pair_b")
    dense("owner_w", WIDTH, PAIR, "pair_b")
    for i, size in enumerate(RELATION_SIZES):
        w[f"relation{i}"] = rng.normal(0, 0.2, (size, PAIR))
    dense("pair_w", PAIR, 3, "pair_o")
    dense("none_w", WIDTH, 1, "none_b")
    return {k: np.asarray(x, np.float32) for k, x in w.items()}


def _normal(x: jax.Array, scale: jax.Array, shift: jax.Array) -> jax.Array:
    x = x - x.mean(-1, keepdims=True)
    return x * (scale / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)) + shift


def _drop(key: jax.Array, x: jax.Array, rate: float) -> jax.Array:
    return x * jax.random.bernoulli(key, 1 - rate, x.shape) / (1 - rate)


def loss(
    w: dict[str, jax.Array], batch: dict[str, Any], key: jax.Array, rate: float = 0.25
) -> tuple[jax.Array, jax.Array]:
    """Return mean cross-entropy of cue heads and of owners, with dropout; the forward pass is network.py's."""
    keys = jax.random.split(key, 12)
    mask = batch["mask"][:, None]
    categories = batch["categories"]
    # now and then a word is unknown, so that unknown words are learned too
    lemma = jnp.where(jax.random.bernoulli(keys[0], 0.06, (categories.shape[0],)), 0, categories[:, 0])
    parts = [w["embed0"][lemma]] + [w[f"embed{i}"][categories[:, i]] for i in range(1, 5)] + [batch["numbers"]]
    x = _drop(keys[1], jnp.concatenate(parts, 1), 0.15) @ w["in_w"] + w["in_b"]
    x = _normal(jax.nn.relu(x), w["in_s"], w["in_o"]) * mask
    for layer, (dilation, columns) in enumerate(zip(network.DILATIONS, network.NEIGHBOURS)):
        zero = jnp.zeros((dilation, x.shape[1]))
        x_in = _drop(keys[2 + layer], x, rate)
        before, after = jnp.concatenate([zero, x_in[:-dilation]]), jnp.concatenate([x_in[dilation:], zero])
        around = [x_in, before, after, *(x_in[batch["neighbours"][:, c]] for c in columns)]
        y = jax.nn.relu(jnp.concatenate(around, 1) @ w[f"l{layer}_w"] + w[f"l{layer}_b"])
        x = _normal(x + y, w[f"l{layer}_s"], w[f"l{layer}_o"]) * mask
    x = _drop(keys[8], x, rate)
    cue = (jax.nn.relu(x @ w["cue_w1"] + w["cue_b1"]) @ w["cue_w2"] + w["cue_b2"])[:, 0]
    cue_loss = (optax.sigmoid_binary_cross_entropy(cue, batch["is_cue"]) * batch["mask"]).sum() / batch["mask"].sum()
    near, related = batch["near"], batch["related"]
    z = (x @ w["token_w"])[:, None, :] + (x @ w["owner_w"])[jnp.maximum(near, 0)]
    for i in range(related.shape[2]):
        z += w[f"relation{i}"][related[:, :, i]]
    z = _drop(keys[9], jax.nn.relu(z + w["pair_b"]), 0.15)
    scores = jnp.where(near[:, :, None] >= 0, z @ w["pair_w"] + w["pair_o"], -1e9).reshape(near.shape[0], -1)
    logits = jnp.concatenate([x @ w["none_w"] + w["none_b"], scores], 1)
    owner_loss = optax.softmax_cross_entropy_with_integer_labels(logits, batch["owner"])
    owner_loss = (owner_loss * batch["mask"]).sum() / batch["mask"].sum()
    return 8 * cue_loss + owner_loss, jax.nn.sigmoid(cue)


class Example:
    """One article's features and gold: `owner` is the cue head of a token's attribution (-1 none), `role` 0, 1, 2."""

    def __init__(self, e: Encoded, heads: np.ndarray, owner: np.ndarray, role: np.ndarray) -> None:
        self.e, self.heads, self.owner, self.role = e, heads, owner, role
        self.chances = np.zeros(len(owner), np.float32)


def assemble(examples: list[Example], rng: np.random.Generator, prior: np.ndarray) -> tuple[dict, list]:
    """Pack articles into one batch of LENGTH tokens."""
    out = {
        "categories": np.zeros((LENGTH, 5), np.int32), "numbers": np.zeros((LENGTH, NUMBERS + 96), np.float32),
        "neighbours": np.zeros((LENGTH, 5), np.int32), "near": np.full((LENGTH, K), -1, np.int32),
        "related": np.zeros((LENGTH, K, 7), np.int32), "owner": np.zeros(LENGTH, np.int32),
        "is_cue": np.zeros(LENGTH, np.float32), "mask": np.zeros(LENGTH, np.float32),
    }  # fmt: skip
    at, places = 0, []
    for x in examples:
        n = len(x.owner)
        here = slice(at, at + n)
        noise = rng.random(n) < 0.3 * prior[x.e.categories[:, 0]]
        chosen = np.flatnonzero((x.heads > 0) | (x.chances > 0.15) | noise)
        near = candidates(chosen, n)
        related = relations(x.e, near)
        match = (near == x.owner[:, None]) & (x.owner[:, None] >= 0)
        target = np.where(match.any(1), 1 + 3 * match.argmax(1) + np.maximum(x.role, 0), 0)
        out["categories"][here], out["numbers"][here] = x.e.categories, x.e.numbers
        out["neighbours"][here], out["near"][here] = x.e.neighbours + at, np.where(near >= 0, near + at, -1)
        out["related"][here], out["owner"][here] = related, target
        out["is_cue"][here], out["mask"][here] = x.heads, 1
        places.append((x, at))
        at += n + GAP
    return out, places


def packs(examples: list[Example], rng: np.random.Generator) -> list[list[Example]]:
    """Return articles in random order, as many together as fit LENGTH tokens."""
    made: list[list[Example]] = [[]]
    room = LENGTH
    for i in rng.permutation(len(examples)):
        n = len(examples[i].owner) + GAP
        if n > room and made[-1]:
            made.append([])
            room = LENGTH
        made[-1].append(examples[i])
        room -= n
    return made


def fit(
    examples: list[Example], v: Vocabulary, epochs: int, seed: int, report: Callable[[str], object] = lambda line: None
) -> dict[str, np.ndarray]:
    """Train with Adam; the weights returned are a running mean over the last steps."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((len(v.lemmas) + 1, 2))
    for x in examples:
        np.add.at(counts, (x.e.categories[:, 0], x.heads.astype(int)), 1)
    prior = counts[:, 1] / (counts.sum(1) + 5)
    prior[0] = 0
    w = {k: jnp.asarray(x) for k, x in start_weights(rng, v).items()}
    steps = epochs * len(packs(examples, rng))
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(optax.warmup_cosine_decay_schedule(2e-4, 2.5e-3, 150, steps, 2e-5), weight_decay=0.01),
    )
    state = optimiser.init(w)

    @jax.jit
    def step(
        w: dict[str, jax.Array], mean: dict[str, jax.Array], state: Any, batch: dict[str, Any], key: jax.Array
    ) -> tuple[dict[str, jax.Array], dict[str, jax.Array], Any, jax.Array, jax.Array]:
        (value, chances), gradient = jax.value_and_grad(loss, has_aux=True)(w, batch, key)
        change, state = optimiser.update(gradient, state, w)
        w = optax.apply_updates(w, change)
        mean = jax.tree_util.tree_map(lambda a, b: 0.995 * a + 0.005 * b, mean, w)
        return w, mean, state, value, chances

    mean, key = w, jax.random.PRNGKey(seed)
    for epoch in range(epochs):
        begun, total = time.time(), []
        for pack in packs(examples, rng):
            batch, places = assemble(pack, rng, prior)
            key, now = jax.random.split(key)
            w, mean, state, value, chances = step(w, mean, state, batch, now)
            chances = np.asarray(chances)
            for x, at in places:
                x.chances = chances[at : at + len(x.owner)]
            total.append(float(value))
        report(f"epoch {epoch} loss {np.mean(total):.4f} {time.time() - begun:.0f} s")
    return {k: np.asarray(x) for k, x in mean.items()}


def vocabulary(documents: list[document.Document]) -> Vocabulary:
    """Return lemmas that come five times or more, and all tags, dependencies and entity labels; in the order of the
    alphabet."""
    columns = ("lemma", "tag", "dep", "entity")
    counts = [Counter(x for d in documents for x in getattr(d.tokens, name)) for name in columns]
    return Vocabulary.of(
        *(sorted(w for w, n in c.items() if n >= (5 if i == 0 else 1) and w.strip()) for i, c in enumerate(counts))
    )


def examples(folder: Path, keep: Path | None) -> tuple[list[document.Document], list[list[dict]]]:
    """Return documents and gold attributions of a folder of PolNeAR; `keep` names a file to keep the parse in."""
    if keep and keep.exists():
        parsed = pickle.loads(keep.read_bytes())
    else:
        read = [a for a in read_articles([folder / "text"]) if isinstance(a, Article)]
        parsed = {Path(a.path).stem: document.parse(a) for a in read}
        if keep:
            keep.write_bytes(pickle.dumps(parsed))
    names = sorted(parsed)
    marked = [gold.read(sorted((folder / "attributions").glob(f"{name}_*.ann"))[0]) for name in names]
    return [parsed[name] for name in names], marked


def save(weights: dict[str, np.ndarray], v: Vocabulary, folder: Path, number: int) -> None:
    """Write weights as half-precision arrays, vocabulary as text."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {k: np.asarray(x, np.float16) for k, x in sorted(weights.items())}
    np.savez(folder / f"weights-{number}.npz", allow_pickle=False, **halves)
    (folder / "vocabulary.txt").write_text(
        "\n\n".join("\n".join(words) for words in (v.lemmas, v.tags, v.deps, v.entities)), "utf-8"
    )


def main() -> None:
    """Train and save to analysis/presslab/data/attribution."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="PolNeAR, with train/text and train/attributions")
    parser.add_argument(
        "--keep", type=Path, help="keep the parsed articles in this file (it is a pickle: your own only)"
    )
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument(
        "--networks", type=int, nargs="*", default=range(1, len(SEEDS) + 1), help="which of the networks to train"
    )
    parser.add_argument("--without", type=int, default=0, help="keep every Nth article apart, to choose settings on")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data" / "attribution")
    options = parser.parse_args()
    documents, marked = examples(options.folder / "train", options.keep)
    chosen = [i for i in range(len(documents)) if not options.without or i % options.without]
    v = vocabulary([documents[i] for i in chosen])
    made = []
    for i in chosen:
        encoded = features.encode(documents[i], v)
        if 0 < len(encoded.categories) < LENGTH - GAP:
            made.append(Example(encoded, *gold.labels(documents[i], marked[i])))
    sys.stderr.write(f"{len(made)} articles, {len(v.lemmas)} lemmas\n")
    for number in options.networks:
        save(
            fit(made, v, options.epochs, SEEDS[number - 1], lambda line: sys.stderr.write(line + "\n")),
            v,
            options.out,
            number,
        )
        for example in made:
            example.chances = np.zeros(len(example.owner), np.float32)


if __name__ == "__main__":
    main()
