from __future__ import annotations

from typing import TYPE_CHECKING

from corpus import Corpus
from corpus.search.facets import FACETS, facets

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


def test_every_hit_is_counted_once_a_facet_but_where_its_value_is_unknown(seeded: Workspace) -> None:
    hits = Corpus(seeded.path).search("local industry", k=50, details=True, refresh=False)
    counted = facets(hits)
    assert counted.schema == FACETS
    for name in ("lang", "decade", "source"):
        part = counted.filter(facet=name)
        assert part["hits"].sum() == hits[name].drop_nulls().len()
        assert part["value"].is_unique().all()
    assert counted.filter(facet="decade")["value"].to_list() == ["1950s", "2020s"]
    assert facets(hits.head(0)).is_empty()
