"""How far it goes: what 1 million to 10 billion passages need, from measured unit costs.

    python -m bench.scaling              prints the table of docs/scaling.md from the recorded costs
    python -m bench.scaling --measure    measures them on this machine and records them

A model on paper: everything but the unit costs is an assumption, named below.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

UNITS = Path(__file__).with_name("scaling-units.json")
SIZES = (1_000_000, 10_000_000, 100_000_000, 10_000_000_000)

# Assumptions.
NODE_GB = 64  # memory of one server node; half of it is for vectors
FOLDER_GB, FOLDER_MS = 8, 250  # what one process may take for an index folder, and for one scan
HNSW_GB = 8_000  # more vectors than that are left on disk, with four-bit codes in memory
CORE_HOUR, GB_HOUR, DISK_GB_MONTH = 0.04, 0.005, 0.08  # dollars, about a large cloud's list prices
QUESTIONS_A_SECOND = 1_000  # that the fixed costs are shared by
BUILD_CORES = 64
GRAPH_BYTES = 2 * 16 * 4  # links of one vector, M = 16


@dataclass(frozen=True, slots=True)
class Units:
    """Unit costs; times are processor time of all threads together."""

    measured: str
    dimensions: int
    question_ms: float  # the model, for one question
    rank_ms: float  # repair, fetching, exact scores and confidence
    scan_ns: float  # four-bit codes, a passage
    graph_ms: float  # an HNSW search of `graph_vectors`, ef = 200
    graph_vectors: int
    passages_a_second: float  # embedded
    folder_bytes: float  # of the index folder, a passage
    server_bytes: float  # of the rows on a server, a passage
    fetched_bytes: float  # from a server, a candidate


@dataclass(frozen=True, slots=True)
class Plan:
    """What one size needs."""

    passages: int
    where: str
    nodes: int
    memory_gb: float
    disk_gb: float
    search_ms: float
    cores: float
    dollars: float
    build_days: float
    collisions: float


def plan(passages: int, units: Units) -> Plan:
    """The cheapest arrangement that holds so many passages and answers 1,000 questions a second."""
    codes_gb = passages * units.dimensions / 4 / 1e9
    scan_ms = passages * units.scan_ns / 1e6
    graph_gb = passages * (units.dimensions * 4 + GRAPH_BYTES) / 1e9
    depth = math.log(passages) / math.log(units.graph_vectors)
    if codes_gb <= FOLDER_GB and scan_ms <= FOLDER_MS:
        where, nodes, memory, search = "folder", 1, codes_gb, scan_ms
        disk = passages * units.folder_bytes / 1e9
    else:
        large = graph_gb > HNSW_GB
        memory = codes_gb if large else graph_gb
        where = "server, DISKANN" if large else "server, HNSW"
        nodes = math.ceil(memory / (NODE_GB / 2))
        per_node = math.log(passages / nodes) / math.log(passages) * depth
        search = units.graph_ms * per_node * nodes  # every node looks at its own share
        disk = passages * (units.server_bytes + (graph_gb * 1e9 / passages)) / 1e9
    cores = QUESTIONS_A_SECOND * (units.question_ms + units.rank_ms + search) / 1_000
    hourly = cores * CORE_HOUR + memory * GB_HOUR + disk * DISK_GB_MONTH / 730
    return Plan(
        passages=passages,
        where=where,
        nodes=nodes,
        memory_gb=memory,
        disk_gb=disk,
        search_ms=search,
        cores=cores,
        dollars=hourly / (QUESTIONS_A_SECOND * 3_600) * 1e6,
        build_days=passages / units.passages_a_second / BUILD_CORES / 86_400,
        collisions=passages**2 / 2**65,
    )


def printed(units: Units) -> str:
    """The table, as it stands in docs/scaling.md."""
    rows = [
        "| passages | index | nodes | vectors in memory | on disk | search, CPU of all nodes "
        "| cores for 1,000 questions/s | $ for a million questions | embedding on 64 cores "
        "| equal keys expected |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        p = plan(size, units)
        rows.append(
            f"| {p.passages:,} | {p.where} | {p.nodes:,} | {p.memory_gb:,.1f} GB "
            f"| {p.disk_gb:,.0f} GB | {p.search_ms:,.1f} ms | {p.cores:,.0f} | {p.dollars:,.2f} "
            f"| {p.build_days:,.1f} days | {p.collisions:.1g} |"
        )
    return "\n".join(rows)


def recorded() -> Units:
    """The unit costs that were measured last."""
    return Units(**json.loads(UNITS.read_text(encoding="utf-8")))


def measure() -> Units:
    """Measures the unit costs over the shipped seeds and made-up vectors, in about a minute."""
    import tempfile

    import faiss

    from bot import live
    from bot.settings import Settings
    from index.lexical import term_hashes
    from index.milvus.packing import packed, passage_field
    from index.prepare import prepared_again
    from index.questions_file import read_questions

    root = Path(__file__).parent.parent
    faiss.omp_set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="danis-scaling-") as place:
        settings = Settings(
            _env_file=None,
            seeds_dir=root / "seeds",
            index_dir=Path(place),
            index_uri="",
            remembered_questions=0,
        )
        live.build_index(settings)
        index = live.open_store(settings).open()
        answerer = live.open_answerer(settings)
        embedder = answerer._embedder
        cases = read_questions(root / "questions" / "seeds.jsonl").cases[:100]
        questions = [case.question for case in cases]
        whole = _ms(lambda text: answerer.find(text, k=10), questions)
        model = _ms(embedder.query, questions)
        texts = [p.text for contents in index.contents() for p in contents.passages]
        bulk = live.open_embedder(settings)
        bulk.passages(texts[:8])
        started = time.process_time()
        bulk.passages(texts)
        embedded = len(texts) / (time.process_time() - started)
        fetched, server = [], []
        for contents in index.contents():
            document = prepared_again(contents.document, contents.passages)
            for place_, passage in enumerate(document.passages):
                terms = passage.terms()
                field = sum(map(len, packed(contents.vectors[place_], term_hashes(set(terms)))))
                record = "".join(passage_field(contents.passages[place_]))
                fetched.append(field)
                server.append(field + len(record.encode()) + 8 * len(set(terms)))
        dimensions = index.manifest.model.dimensions
        folder = sum(p.stat().st_size for p in Path(place).rglob("*") if p.is_file())
        passages = len(index)
        index.close()
    chance = np.random.default_rng(1)
    count = 60_000
    vectors = chance.standard_normal((count, dimensions), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = list(vectors[:200])
    codes = faiss.IndexPQFastScan(dimensions, dimensions // 2, 4, faiss.METRIC_INNER_PRODUCT)
    codes.train(vectors[:16_384])
    codes.add(vectors)
    scan = _ms(lambda one: codes.search(one[None], 700), asked)
    graph = faiss.IndexHNSWSQ(
        dimensions, faiss.ScalarQuantizer.QT_8bit, 16, faiss.METRIC_INNER_PRODUCT
    )
    graph.hnsw.efConstruction = 80
    graph.train(vectors)
    faiss.omp_set_num_threads(2)
    graph.add(vectors)
    faiss.omp_set_num_threads(1)
    graph.hnsw.efSearch = 200
    search = _ms(lambda one: graph.search(one[None], 100), asked)
    return Units(
        measured=time.strftime("%Y-%m-%d"),
        dimensions=dimensions,
        question_ms=round(model, 2),
        rank_ms=round(whole - model, 2),
        scan_ns=round(scan * 1e6 / count, 2),
        graph_ms=round(search, 2),
        graph_vectors=count,
        passages_a_second=round(embedded, 1),
        folder_bytes=round(folder / passages),
        server_bytes=round(statistics.mean(server) + 4 * dimensions),
        fetched_bytes=round(statistics.mean(fetched)),
    )


def _ms(work, inputs) -> float:  # type: ignore[no-untyped-def]
    """The median processor time for one input, in milliseconds."""
    for one in inputs[:10]:
        work(one)
    times = []
    for one in inputs:
        started = time.process_time()
        work(one)
        times.append(time.process_time() - started)
    return statistics.median(times) * 1_000


def main(arguments: list[str]) -> None:
    """Prints the table; measures before, where asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=__doc__)
    parser.add_argument("--measure", action="store_true")
    if parser.parse_args(arguments).measure:
        UNITS.write_text(json.dumps(asdict(measure()), indent=2) + "\n", encoding="utf-8")
    print(printed(recorded()))


if __name__ == "__main__":
    main(sys.argv[1:])
