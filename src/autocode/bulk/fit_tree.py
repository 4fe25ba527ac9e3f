"""Drafting the themes of a corpus level by level, in passes over its partitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from functools import partial

from ..core.progress import Progress
from ..io.url_path import AnyPath
from ..text.stop_words import StopWords
from .corpus_samples import Count, draw_samples, gather_excerpts
from .engine import Engine
from .kept_files import is_kept, remove_others
from .part_assignments import (
    ASSIGNMENTS_NAMES,
    assign_partition,
    locate_assignments,
)
from .sample import Sample
from .theme_nodes import (
    REST,
    Exemplar,
    SampledExcerpts,
    ThemeNode,
    draft_node,
    read_node,
    write_node,
)
from .theme_tree import Corpus, ThemeTree

NODE_NAMES = r"(?:all|rest|T\d+(?:\.\d+)*)\.json"
"""The pattern of the names of kept drafts."""
_AT_ONCE = 64
"""Themes whose samples are in memory at once."""


def fit_tree(corpus: Corpus, folder: AnyPath, engine: Engine, *, progress: Progress) -> ThemeTree:
    """Draft themes level by level, and assign all texts; what an earlier run has made is kept.

    Raises:
        FileRefused: if a file cannot be read or written.
    """
    tree, level = ThemeTree({}), 1
    wanted, assigned = [""], set[AnyPath]()
    while wanted:
        missing = [key for key in wanted if not is_kept(locate_node(folder, key))]
        if missing:
            is_first_level = not tree.nodes or REST in missing
            samples = draw_samples(
                corpus,
                tree,
                missing,
                engine,
                size=corpus.options.first_sample if is_first_level else corpus.options.finer_sample,
                progress=partial(progress, f"Sampling level {level}"),
            )
            _draft_missing(
                corpus, tree, samples, folder, engine, partial(progress, f"Drafting level {level}")
            )
        nodes = {key: read_node(locate_node(folder, key)) for key in wanted}
        before, tree = tree, ThemeTree({**tree.nodes, **nodes})
        counts = _assign(
            corpus, tree, before, engine, partial(progress, f"Assigning level {level}")
        )
        assigned |= {locate_assignments(encoded, tree) for encoded in corpus.partitions}
        if wanted == [""] and counts[REST] >= corpus.options.split_from:
            # Its themes stand beside the first ones: before any of these is drafted anew.
            wanted = [REST]
        elif level == corpus.options.most_levels:
            break
        else:
            last = tree.nodes if level == 1 else nodes
            keys = [theme.key for node in last.values() for theme in node.themes]
            wanted = [key for key in keys if counts[key] >= corpus.options.split_from]
            level += 1
    remove_others(corpus.partitions[0].assignments, assigned, ASSIGNMENTS_NAMES)
    return tree


def forget_exemplars(tree: ThemeTree, folder: AnyPath, held: Set[Exemplar]) -> ThemeTree:
    """The tree, and the kept drafts, without the words of rows that are there no more.

    Raises:
        FileRefused: if a file cannot be written.
    """
    nodes = {key: node.keep_exemplars(held) for key, node in tree.nodes.items()}
    for key, node in nodes.items():
        if node.themes != tree.nodes[key].themes:
            write_node(locate_node(folder, key), node)
    return ThemeTree(nodes)


def locate_node(folder: AnyPath, key: str) -> AnyPath:
    """Where the draft within a theme is kept."""
    return folder / f"{key or 'all'}.json"


def _draft_missing(
    corpus: Corpus,
    tree: ThemeTree,
    samples: Mapping[str, Sample],
    folder: AnyPath,
    engine: Engine,
    progress: Count,
) -> None:
    """Draft the themes within each theme that has a sample, and keep them."""
    stop_words = tree.stop_words if tree.nodes else None
    keys, done = list(samples), 0
    for at in range(0, len(keys), _AT_ONCE):
        sampled = gather_excerpts(
            corpus, {key: samples[key] for key in keys[at : at + _AT_ONCE]}, engine
        )
        draft = partial(
            draft_and_keep, folder=folder, stop_words=stop_words, first=tree.nodes.get("")
        )
        for _ in engine.map(draft, sampled.items()):
            done += 1
            progress(done, len(keys))


def draft_and_keep(
    item: tuple[str, SampledExcerpts],
    *,
    folder: AnyPath,
    stop_words: StopWords | None,
    first: ThemeNode | None,
) -> None:
    """Draft themes of a sample and write them where they are kept."""
    key, sampled = item
    node = draft_node(key, sampled, stop_words=stop_words, first=first)
    write_node(locate_node(folder, key), node)


def _assign(
    corpus: Corpus, tree: ThemeTree, before: ThemeTree, engine: Engine, progress: Count
) -> Counter[str]:
    """Assign all texts to the themes of a tree; how many rows each theme has as its finest."""
    counts: Counter[str] = Counter()
    assign = partial(assign_partition, tree=tree, before=before)
    for done, some in enumerate(engine.map(assign, corpus.partitions), start=1):
        counts += some
        progress(done, len(corpus.partitions))
    return counts
