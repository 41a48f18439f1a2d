"""Whom a surname alone means in its article: the only one who has it, or whom title, office or article leave."""

from __future__ import annotations

from collections import defaultdict

from presslab.comparison.full_names import is_first_name, may_be_one, surnames, without_suffix

from .spelt import Key, Row, gender_of

AMBIGUOUS = "several people have this name"
# of the articles that give an office with a full name, the share that has to mean one person
ONE_IN_OFFICE = 0.75
# what bears a single word as its name without being a person: "Israel", "Twitter"
NOT_A_PERSON = {"media", "document", "collective", "government", "business", "international", "ngo", "military_police"}


class Surnames:
    """Finds whom a surname alone means."""

    def __init__(self, people: list[list[Key]], keys: dict[Key, list[Row]]) -> None:
        self.keys = keys
        self.people: dict[Key, list[list[Key]]] = defaultdict(list)
        for group in people:
            for short in sorted({s for key in group for s in surnames(key)}):
                self.people[short].append(group)
        self.groups = {key: group for group in people for key in group}

    def rows(self, group: list[Key]) -> list[Row]:
        return [row for key in group for row in self.keys.get(key, ())]

    def gender(self, group: list[Key]) -> str:
        whole = max(group, key=lambda key: (len(self.keys[key]), key))
        return gender_of(self.keys[whole])

    def is_likely(self, group: list[Key]) -> bool:
        """Return whether a name that looks like a person's really is one's: its first name is known, or an article
        gives a gender or an office. "Capitol Hill" is none's."""
        rows = self.rows(group)
        return any(is_first_name(key[0]) for key in group) or any(r.gender or r.courtesy or r.offices for r in rows)

    def is_ambiguous(self, key: Key) -> bool:
        """Return whether a full name fits several people of its surname."""
        short = without_suffix(key)[0][-1:]
        others = [g for g in self.people[short] if key not in g]
        words = self.keys[key][0].words
        return sum(any(may_be_one(words, self.keys[k][0].words) for k in g if k in self.keys) for g in others) > 1

    def of(self, row: Row) -> tuple[list[Key] | None, str]:
        """Return the person whom a surname alone means in its article, None if that isn't clear, and how."""
        several = self.people.get(row.key, [])
        several = [g for g in several if self.is_likely(g)] or (
            several if row.gender or row.courtesy or row.offices else []
        )
        if not several or row.type in NOT_A_PERSON and not (row.gender or row.courtesy or row.offices):
            return None, ""
        fitting = self.of_gender(several, row.courtesy)
        in_office = self.in_office(fitting, row.offices)
        if in_office:
            return in_office, "surname" if len(several) == 1 else "surname, by the office"
        if not row.courtesy:
            fitting = self.of_gender(fitting, row.gender)
        if len(fitting) == 1:
            return fitting[0], "surname" if len(several) == 1 else "surname, by Mr., Mrs., he or she"
        here = [g for g in fitting if any(r.article == row.article != "" for r in self.rows(g))]
        if len(here) == 1:
            return here[0], "surname, by the article’s full name"
        return None, AMBIGUOUS if len(several) > 1 else ""

    def of_gender(self, several: list[list[Key]], gender: str) -> list[list[Key]]:
        return [g for g in several if not gender or self.gender(g) in ("", gender)]

    def in_office(self, several: list[list[Key]], offices: frozenset[str]) -> list[Key] | None:
        """Return the one of several who has one of the offices: nearly all full names with it are that person's."""
        found: list[list[Key]] = []
        for office in sorted(offices):
            counts = [sum(office in r.offices for r in self.rows(g)) for g in several]
            best = max(counts, default=0)
            if best and best >= ONE_IN_OFFICE * sum(counts):
                found.append(several[counts.index(best)])
        return found[0] if found and all(g == found[0] for g in found) else None
