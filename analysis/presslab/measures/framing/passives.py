"""Passive clauses, and whether they say who did it."""

from __future__ import annotations

from dataclasses import dataclass
import math

from presslab.parsing.document import Document

from ..measure import Evidence, Measure
from ..statistics import wilson
from .lexicon import builtin
from .scopes import Part

MARKS = {"auxpass", "nsubjpass", "csubjpass"}  # dependents that make a verb passive
# "by Monday", "by 10 percent": when and how much, not who
AMOUNTS = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL"}


@dataclass(frozen=True)
class Passive:
    """A passive clause: tokens of its verb, auxiliary (or -1), patient (or -1) and agent (or -1)."""

    verb: int
    auxiliary: int = -1
    patient: int = -1
    agent: int = -1


def find_passives(document: Document) -> list[Passive]:
    """Return the passive clauses of a document, by verb: those with a passive auxiliary or subject."""
    tokens = document.tokens
    children: dict[int, list[int]] = {}
    for i, head in enumerate(tokens.head):
        if head != i:
            children.setdefault(head, []).append(i)
    means = {term.text.partition("/")[0] for term in builtin("means").terms}
    passives = []
    for verb in sorted(
        {head for i, (head, dep) in enumerate(zip(tokens.head, tokens.dep)) if dep in MARKS and head != i}
    ):
        below = children[verb]
        auxiliary = next((c for c in below if tokens.dep[c] == "auxpass"), -1)
        patient = next((c for c in below if tokens.dep[c] in {"nsubjpass", "csubjpass"}), -1)
        by = next((c for c in below if tokens.dep[c] == "agent"), -1)
        agent = next((c for c in children.get(by, []) if _can_act(document, c, means)), -1)
        passives.append(Passive(verb, auxiliary, patient, agent))
    return passives


def _can_act(document: Document, token: int, means: set[str]) -> bool:
    """Return whether the word after "by" is a doer, not a time, an amount or a means ("by mistake", "by raising
    taxes")."""
    tokens = document.tokens
    return tokens.dep[token] == "pobj" and tokens.entity[token] not in AMOUNTS and tokens.lemma[token] not in means


def measures(document: Document, scopes: list[Part], passives: list[Passive]) -> list[Measure]:
    """Return passive_count, passive_with_agent_count and agentless_passive_share in each scope."""
    tokens = document.tokens
    result = []
    for part in scopes:
        inside = [p for p in passives if part.tokens[p.verb]]
        with_agent = [p for p in inside if p.agent >= 0]
        without = len(inside) - len(with_agent)
        spans = {
            p: (tokens.start[p.auxiliary if 0 <= p.auxiliary < p.verb else p.verb], tokens.end[p.verb]) for p in inside
        }
        evidence = tuple(Evidence(*spans[p], "agent named" if p.agent >= 0 else "no agent") for p in inside)
        low, high = wilson(without, len(inside))
        note = "" if inside else "no passive clause in this scope"
        share = without / len(inside) if inside else math.nan
        if not part.total:
            result += [
                Measure(name, part.scope, math.nan, note="no words in this scope")
                for name in ("passive_count", "passive_with_agent_count", "agentless_passive_share")
            ]
            continue
        named = tuple(e for e in evidence if e.label == "agent named")
        result += [
            Measure("passive_count", part.scope, len(inside), n=part.total, evidence=evidence),
            Measure("passive_with_agent_count", part.scope, len(with_agent), n=len(inside), evidence=named),
            Measure("agentless_passive_share", part.scope, share, low, high, len(inside), evidence, note),
        ]
    return result
