"""The attribution network in torch, for training only: encoder (measures/attribution/encoder.py) and head
(measures/attribution/network.py), and how their weights are handed to numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.torch import load_file
import torch
from torch import Tensor, nn
import torch.nn.functional as functional

from presslab.measures.attribution import network
from presslab.measures.attribution.encoder import HEAD
from presslab.measures.attribution.features import NUMBERS, RELATION_SIZES, VECTOR, Vocabulary
from presslab.measures.attribution.pieces import WINDOW, Windows

WIDTH, PAIR = 128, 64
LONGEST = 256  # pieces that the teacher sees at once
SIZES = (40, 16, 16, 8, 4)  # numbers per lemma, tag, dependency, entity, shape
PLACES = ("attend", "joined", "wide", "narrow")


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, width: int, wide: int) -> None:
        super().__init__()
        self.attend, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, wide), nn.Linear(wide, width)
        self.joined_norm, self.narrow_norm = (nn.LayerNorm(width, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return states (windows, pieces, width); `mask` is False for padding."""
        rows, n, width = x.shape
        heads = self.attend(x).reshape(rows, n, 3, width // HEAD, HEAD).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], attn_mask=mask[:, None, None, :])
        x = self.joined_norm(x + self.joined(mixed.transpose(1, 2).reshape(rows, n, width)))
        return self.narrow_norm(x + self.narrow(functional.gelu(self.wide(x), approximate="tanh")))


class Encoder(nn.Module):
    """Word pieces to states; the embeddings are not trained."""

    def __init__(self, words: Tensor, places: Tensor, layers: int, wide: int) -> None:
        super().__init__()
        width = words.shape[1]
        self.words, self.places = nn.Parameter(words, False), nn.Parameter(places, False)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList([Layer(width, wide) for _ in range(layers)])

    @classmethod
    def from_bert(cls, folder: Path) -> tuple[Encoder, list[str]]:
        """Return the encoder of a folder with model.safetensors and vocab.txt, and its word pieces."""
        stored = load_file(folder / "model.safetensors")
        stored = {name.removeprefix("bert."): tensor.float() for name, tensor in stored.items()}
        pieces = (folder / "vocab.txt").read_text("utf-8").split("\n")[:-1]
        kept = [i for i, piece in enumerate(pieces) if _useful(piece)]
        part = "embeddings."
        places = stored[part + "position_embeddings.weight"][:LONGEST]
        places = places + stored[part + "token_type_embeddings.weight"][0]
        count = len({name.split(".")[2] for name in stored if name.startswith("encoder.layer.")})
        wide = stored["encoder.layer.0.intermediate.dense.weight"].shape[0]
        made = cls(stored[part + "word_embeddings.weight"][kept].clone(), places, count, wide)
        _fill(made.norm, stored, part + "LayerNorm")
        for i, layer in enumerate(made.layers):
            at = f"encoder.layer.{i}."
            three = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
            layer.attend.weight.data = torch.cat([stored[name + ".weight"] for name in three])
            layer.attend.bias.data = torch.cat([stored[name + ".bias"] for name in three])
            _fill(layer.joined, stored, at + "attention.output.dense")
            _fill(layer.joined_norm, stored, at + "attention.output.LayerNorm")
            _fill(layer.wide, stored, at + "intermediate.dense")
            _fill(layer.narrow, stored, at + "output.dense")
            _fill(layer.narrow_norm, stored, at + "output.LayerNorm")
        return made, [pieces[i] for i in kept]

    def forward(self, documents: list[Windows]) -> Tensor:
        """Return the mean state of each token's pieces, of all documents in turn."""
        windows = [ids for document in documents for ids in document.ids]
        longest = max(map(len, windows))
        ids = torch.zeros((len(windows), longest), dtype=torch.long)
        mask = torch.zeros((len(windows), longest), dtype=torch.bool)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = torch.from_numpy(window)
            mask[row, : len(window)] = True
        x = self.norm(self.words[ids] + self.places[:longest])
        for layer in self.layers:
            x = layer(x, mask)
        every = x.float()[mask]  # padding is left out: rows as in Windows
        before = np.cumsum([0, *(sum(len(ids) for ids in document.ids) for document in documents)])
        first, last = (
            np.concatenate([getattr(document, name) + start for document, start in zip(documents, before)])
            for name in ("first", "last")
        )
        size = last - first
        which = np.concatenate([np.arange(a, b) for a, b in zip(first, last)])
        where = np.repeat(np.arange(len(size)), size)
        sums = every.new_zeros(len(size), every.shape[1]).index_add(0, torch.from_numpy(where), every[which])
        return sums / torch.from_numpy(size).float()[:, None]

    def stored(self) -> dict[str, np.ndarray]:
        """Return the weights as numpy keeps them: matrices in eight bits with one scale per row."""
        made = {
            "places": _half(self.places[:WINDOW]),
            "norm_scale": _half(self.norm.weight),
            "norm_shift": _half(self.norm.bias),
        }
        made["words"], made["words_scale"] = eight_bits(self.words)
        for i, layer in enumerate(self.layers):
            for name in PLACES:
                dense, norm = getattr(layer, name), getattr(layer, f"{name}_norm", None)
                made[f"{i}.{name}"], made[f"{i}.{name}_scale"] = eight_bits(dense.weight)
                made[f"{i}.{name}_bias"] = _half(dense.bias)
                if norm is not None:
                    made[f"{i}.{name}_norm_scale"], made[f"{i}.{name}_norm_shift"] = (
                        _half(norm.weight),
                        _half(norm.bias),
                    )
        return made


def eight_bits(weight: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Return a matrix as whole numbers from -127 to 127 and the scale of each row."""
    rows = weight.detach().numpy().astype(np.float32)
    scale = np.maximum(np.abs(rows).max(1), 1e-8) / 127
    return np.round(rows / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _half(weight: Tensor) -> np.ndarray:
    return weight.detach().numpy().astype(np.float16)


def _useful(piece: str) -> bool:
    """Return whether a piece can come in a text in a European language: no unused number, no other script."""
    return not piece.startswith("[unused") and all(ord(c) < 0x500 or 0x2000 <= ord(c) < 0x2300 for c in piece)


def _fill(module: nn.Module, stored: dict[str, Tensor], name: str) -> None:
    module.weight.data, module.bias.data = stored[name + ".weight"].clone(), stored[name + ".bias"].clone()


def _dense(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, 0, (2 / inputs) ** 0.5)
    nn.init.zeros_(layer.bias)
    return layer


def _table(rows: int, columns: int, spread: float) -> nn.Embedding:
    table = nn.Embedding(rows, columns)
    nn.init.normal_(table.weight, 0, spread)
    return table


class Head(nn.Module):
    """Cues and owners, from features and the encoder's states; the same arithmetic as network.py's."""

    def __init__(self, v: Vocabulary, states: int) -> None:
        super().__init__()
        counts = (len(v.lemmas), len(v.tags), len(v.deps), len(v.entities), 6)
        self.embed = nn.ModuleList([_table(count + 1, size, 0.3) for count, size in zip(counts, SIZES)])
        self.first, self.norm = _dense(sum(SIZES) + NUMBERS + VECTOR + states, WIDTH), nn.LayerNorm(WIDTH)
        self.layers = nn.ModuleList([_dense((3 + len(c)) * WIDTH, WIDTH) for c in network.NEIGHBOURS])
        self.norms = nn.ModuleList([nn.LayerNorm(WIDTH) for _ in network.NEIGHBOURS])
        self.cue1, self.cue2 = _dense(WIDTH, 64), _dense(64, 1)
        self.token, self.owner = _dense(WIDTH, PAIR), nn.Linear(WIDTH, PAIR, bias=False)
        self.relation = nn.ModuleList([_table(size, PAIR, 0.2) for size in RELATION_SIZES])
        self.pair, self.none = _dense(PAIR, 3), _dense(WIDTH, 1)

    def hidden(self, categories: Tensor, numbers: Tensor, neighbours: Tensor, mask: Tensor) -> Tensor:
        """Return one vector per token; tokens outside `mask` (between articles) are 0."""
        lemma = categories[:, 0]
        if self.training:  # now and then a word is unknown, so that unknown words are learned too
            lemma = torch.where(torch.rand(lemma.shape) < 0.06, 0, lemma)
        embedded = [self.embed[0](lemma), *(self.embed[i](categories[:, i]) for i in range(1, 5))]
        inputs = functional.dropout(torch.cat([*embedded, numbers], 1), 0.15, self.training)
        x = self.norm(functional.relu(self.first(inputs))) * mask[:, None]
        for layer, norm, dilation, columns in zip(self.layers, self.norms, network.DILATIONS, network.NEIGHBOURS):
            z = functional.dropout(x, 0.25, self.training)
            zero = z.new_zeros(dilation, WIDTH)
            beside = torch.cat([zero, z[:-dilation]]), torch.cat([z[dilation:], zero])
            x = (
                norm(x + functional.relu(layer(torch.cat([z, *beside, *(z[neighbours[:, c]] for c in columns)], 1))))
                * mask[:, None]
            )
        return functional.dropout(x, 0.25, self.training)

    def cues(self, x: Tensor) -> Tensor:
        """Return the log odds that a token is the main word of a cue."""
        return self.cue2(functional.relu(self.cue1(x)))[:, 0]

    def owners(self, x: Tensor, near: Tensor, related: Tensor) -> Tensor:
        """Return scores (n, 1 + 3K): no attribution, then source, cue, content of each candidate cue."""
        z = self.token(x)[:, None, :] + self.owner(x)[near.clamp(min=0)]
        for i, table in enumerate(self.relation):
            z = z + table(related[:, :, i])
        scores = self.pair(functional.dropout(functional.relu(z), 0.15, self.training))
        scores = scores.masked_fill(near[:, :, None] < 0, -1e9)
        return torch.cat([self.none(x), scores.reshape(len(x), -1)], 1)

    def stored(self) -> dict[str, np.ndarray]:
        """Return the weights by network.py's names, in half precision."""
        made = {f"embed{i}": table.weight for i, table in enumerate(self.embed)}
        made |= {f"relation{i}": table.weight for i, table in enumerate(self.relation)}
        dense = {"in": self.first, "pair": self.pair, "none": self.none} | {
            f"l{i}": layer for i, layer in enumerate(self.layers)
        }
        for name, layer in dense.items():
            made[f"{name}_w"], made[f"{name}_{'o' if name == 'pair' else 'b'}"] = layer.weight.T, layer.bias
        for name, norm in {"in": self.norm, **{f"l{i}": norm for i, norm in enumerate(self.norms)}}.items():
            made[f"{name}_s"], made[f"{name}_o"] = norm.weight, norm.bias
        made |= {"cue_w1": self.cue1.weight.T, "cue_b1": self.cue1.bias}
        made |= {"cue_w2": self.cue2.weight.T, "cue_b2": self.cue2.bias}
        made |= {"token_w": self.token.weight.T, "pair_b": self.token.bias, "owner_w": self.owner.weight.T}
        return {name: _half(weight) for name, weight in sorted(made.items())}


class Model(nn.Module):
    """Encoder and head, trained together."""

    def __init__(self, v: Vocabulary, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.head = encoder, Head(v, encoder.words.shape[1])

    def cut(self, layers: list[int]) -> None:
        """Keep some of the encoder's layers only."""
        self.encoder.layers = nn.ModuleList([self.encoder.layers[i] for i in layers])

    def widths(self, wide: list[int]) -> None:
        """Make room for weights of layers that were thinned."""
        for layer, size in zip(self.encoder.layers, wide):
            width = layer.wide.in_features
            layer.wide, layer.narrow = nn.Linear(width, size), nn.Linear(size, width)

    @torch.no_grad()
    def thin(self, documents: list[Windows], wide: int) -> None:
        """Keep in each layer the `wide` units between its two matrices that change these documents' states most."""
        for layer in self.encoder.layers:
            inputs: list[Tensor] = []
            hook = layer.narrow.register_forward_pre_hook(lambda _, given: inputs.append(given[0].abs().sum((0, 1))))
            self.encoder(documents)
            hook.remove()
            matter = inputs[0] * layer.narrow.weight.norm(dim=0)
            kept = matter.topk(wide).indices.sort().values
            layer.wide.weight.data, layer.wide.bias.data = layer.wide.weight[kept], layer.wide.bias[kept]
            layer.narrow.weight.data = layer.narrow.weight[:, kept].contiguous()
            layer.wide.out_features = layer.narrow.in_features = wide
