"""Load a map of 20,000 sectors and search paths in it, side by side with other ways to do it.

Run: PYTHONPATH=src python bench/paths.py [sectors]
"""

from __future__ import annotations

import sys
from collections import deque
from random import Random
from time import perf_counter

import anyio

from wingmate import Fact
from wingmate.stores import MemoryStore
from wingmate.tw2002.atlas import Atlas

SEARCHES = 300


def galaxy(size, random):
    """Two to six warps each; a sixth of them one way, as in the game."""
    warps = {n: set() for n in range(1, size + 1)}
    order = list(warps)
    random.shuffle(order)
    for here, there in zip(order, order[1:] + order[:1], strict=True):
        warps[here].add(there)
    for here in order:
        for _ in range(random.randrange(1, 4)):
            there = random.randrange(1, size + 1)
            if there != here and len(warps[here]) < 6:
                warps[here].add(there)
                if random.random() < 5 / 6 and len(warps[there]) < 6:
                    warps[there].add(here)
    return {here: sorted(there) for here, there in warps.items()}


async def stored(warps):
    store, random = MemoryStore(), Random(1)
    codes = ("BBS", "BSB", "SBB", "SSB", "SBS", "BSS", None, None, None, None, None, None)
    for here, there in warps.items():
        await store.learn(
            Fact(f"sector/{here}", {"warps": there, "port": random.choice(codes)}, 1.0, "bench")
        )
    return store


def naive(warps, start, goal):
    came, queue = {start: start}, deque([start])
    while queue:
        here = queue.popleft()
        if here == goal:
            break
        for there in warps.get(here, ()):
            if there not in came:
                came[there] = here
                queue.append(there)
    path = [goal]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def timed(search, tasks):
    times, hops = [], 0
    for start, goal in tasks:
        begin = perf_counter()
        path = search(start, goal)
        times.append(perf_counter() - begin)
        hops += len(path)
    times.sort()
    return times[len(times) // 2] * 1e3, times[int(len(times) * 0.95)] * 1e3, times[-1] * 1e3, hops


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    random = Random(7)
    warps = galaxy(size, random)
    store = anyio.run(stored, warps)
    begin = perf_counter()
    atlas = anyio.run(Atlas.load, store)
    load = perf_counter() - begin
    begin = perf_counter()
    again = anyio.run(lambda: atlas.refresh(store, every=0.0))
    print(f"{size} sectors, {sum(map(len, warps.values()))} warps, {len(atlas.ports)} ports")
    print(f"  load                 {load * 1e3:8.1f} ms")
    print(f"  refresh, {again} news     {(perf_counter() - begin) * 1e3:8.1f} ms")
    begin = perf_counter()
    pairs = atlas.pairs()
    print(f"  rank {len(pairs)} port pairs {(perf_counter() - begin) * 1e3:8.1f} ms")
    tasks = [(random.randrange(1, size + 1), random.randrange(1, size + 1)) for _ in range(SEARCHES)]
    rows = {"atlas (two-sided)": atlas.path, "plain dict search": lambda a, b: naive(warps, a, b)}
    try:
        import networkx as nx
    except ImportError:
        print("  (networkx is not installed: its row is left out)")
    else:
        graph = nx.DiGraph([(here, there) for here, ways in warps.items() for there in ways])
        rows["networkx"] = lambda a, b: nx.bidirectional_shortest_path(graph, a, b)
    print(f"  {'a path':<20} {'median':>9} {'95 %':>9} {'worst':>9}   ms, {SEARCHES} searches")
    lengths = set()
    for name, search in rows.items():
        median, late, worst, hops = timed(search, tasks)
        lengths.add(hops)
        print(f"  {name:<20} {median:9.3f} {late:9.3f} {worst:9.3f}")
    begin = perf_counter()
    for start, _goal in tasks[:50]:
        atlas.nearest(start, lambda n: n == -1)
    print(f"  whole map (nearest)  {(perf_counter() - begin) / 50 * 1e3:9.3f}")
    if len(lengths) > 1:
        sys.exit("the searches disagree about the shortest paths")


if __name__ == "__main__":
    main()
