"""Ask phrases of the seed documents, and say whether the passage that is meant is among the first five.

    python bench/seed_phrases.py

Half are asked in a language the passage is not written in. A passage is known by a piece of it, in whatever
language it is shown; where it has a translation, either counts.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from corpus.search.searcher import open_searcher
from corpus.store.workspace import Workspace

FIRST = 5
PHRASES = {
    # Asked in the language of the passage, in other words than its own where there are others.
    "flood recovery": "recovery from flood damage",
    "soap for housewives": "soap is popular among housewives",
    "first spadeful of earth": "took up the first spadeful",
    "exhibition of new products": "held an exhibition of new products",
    "forests for making paper": "woods for paper production",
    "soldiers on the building site": "Army undertook the construction",
    "training of skilled workers": "to train technicians and skilled workers",
    "medium and small enterprises": "medium and small-sized enterprises",
    "gap between central and local industry": "gap between the centrally-controlled industry",
    "一千多个地方工厂": "一千多个地方工业工厂",
    "农具": "农具工厂",
    "提高生活水平": "提高人民生活的水平",
    # Asked in another language.
    "洪水灾后恢复": "recovery from flood damage",
    "肥皂": "soap is popular among housewives",
    "造纸厂": "paper mill",
    "新产品展览": "held an exhibition of new products",
    "五年计划": "first year of the five-year plan",
    "人民军承担建设": "Army undertook the construction",
    "落成典礼": "inauguration ceremon",
    "当地原料": "local raw materials|locally available raw materials|locally-available raw",
    "轻工业和重工业": "heavy and light industries",
    "ball bearing workers": "滚珠轴承",
    "地方産業": "地方工业|local industr|regional industry|regional-industry|Local Industr",
    "usine de produits alimentaires": "foodstuff factory|food factories|食品工厂|Foodstuff Factory",
}


def main() -> None:
    """Ask each, and print where what is meant stands."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = open_searcher(Workspace(Path(folder) / ".corpus"))
        places = []
        for query, meant in PHRASES.items():
            found = searcher.find(query)
            shown = [
                f"{hit['text']} {hit['translation'] or ''}"
                for hit in found.hits.head(10).iter_rows(named=True)
            ]
            place = next(
                (n for n, text in enumerate(shown, 1) if any(piece in text for piece in meant.split("|"))), 0
            )
            places.append(place)
            note = f"{place}" if place else ("not among ten" if shown else "nothing is close")
            print(f"{query:<42} {note:<18} best {found.best or 0:.2f}")
        share = sum(0 < place <= FIRST for place in places) / len(places)
        print(f"{len(places)} phrases; what is meant among the first {FIRST}: {share:.2f}")


if __name__ == "__main__":
    main()
