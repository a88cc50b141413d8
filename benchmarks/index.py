"""Search among many track vectors: ours, exact and by IVF, against FAISS's exact index, in the same run.

    python benchmarks/index.py [--sizes 50000 200000] [--dimensions 384] [--queries 100] [--folder DIR] [--json PATH]

Each way runs in a process of its own with one thread: processor milliseconds of a single query (median) and of one in
a batch of 32; recall of the exact best 500 on queries that the index was not tuned with; memory of its own and mapped
file pages that it touched (which the system may drop); files; seconds to build. The ratio is FAISS's exact index over
the way in the row. `--sizes 50000 1000000` and then `--sizes 10000000 --dimensions 128` are the whole of it: they
need 10 GiB of disk in `--folder`, 8 GiB of memory and half an hour of a processor.

The vectors are synthetic. They have what was measured on the sample's tracks as all-MiniLM-L6-v2 reads them: a common
direction of length 0.85, a spectrum that falls with the power 0.8 of the rank, and clusters (some hundred tracks
each, of very different sizes) that make up 0.4 of the rest. A query is half a track, half noise of that spectrum.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recsys.index.search import VectorSearch

K, BATCH, TUNING = 500, 32, 200
COMMON, CLUSTERED, FALL = 0.85, 0.4, 0.8
CHUNK = 65_536
BUDGET_S = 8.0  # for the single queries of a way, and for its batches: of the slow ways fewer are asked
WAYS = ("exact", "faiss flat", "ivf")


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write_vectors(folder: Path, size: int, dimensions: int, queries: int) -> None:
    """Write `vectors.npy`, queries to tune with and queries to measure with."""
    rng = np.random.default_rng(size)
    spread = (np.arange(1, dimensions + 1) ** (-FALL / 2)).astype(np.float32)
    turn = np.linalg.qr(rng.normal(size=(dimensions, dimensions)))[0].astype(np.float32)
    common = turn[-1] * np.float32(COMMON)
    rest = np.float32(np.sqrt(1 - COMMON**2))

    near, far = (np.float32(np.sqrt(share)) for share in (CLUSTERED, 1 - CLUSTERED))

    def noise(rows: int) -> np.ndarray:
        return unit(rng.standard_normal((rows, dimensions), dtype=np.float32) * spread)

    clusters = max(16, size // 500)
    middles = noise(clusters)
    shares = rng.lognormal(sigma=1.0, size=clusters)
    shares /= shares.sum()
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(size, dimensions))
    for start in range(0, size, CHUNK):
        rows = min(CHUNK, size - start)
        chosen = middles[rng.choice(clusters, rows, p=shares)]
        own = unit(near * chosen + far * noise(rows))
        vectors[start : start + rows] = unit(common + rest * own.astype(np.float32) @ turn)
    vectors.flush()
    for name, count in (("tuning", TUNING), ("queries", queries)):
        near = unit(vectors[np.sort(rng.choice(size, count, replace=False))] - common)
        np.save(folder / f"{name}.npy", unit(near + noise(count) @ turn).astype(np.float32))


def load(way: str, folder: Path) -> Callable[[np.ndarray], list[np.ndarray]]:
    """Return a function from queries to the rows of their best 500."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    if way == "faiss flat":
        import faiss

        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(vectors.shape[1])
        for start in range(0, len(vectors), CHUNK):
            flat.add(np.ascontiguousarray(vectors[start : start + CHUNK]))
        return lambda queries: list(flat.search(queries, K)[1])
    search = VectorSearch.load(folder / way, vectors, catalogue="benchmark")
    return lambda queries: [top.rows for top in search.top(queries, K)]


def build(way: str, folder: Path) -> dict:
    """Build an index and save it."""
    vectors, tuning = np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "tuning.npy")
    started = time.process_time()
    if way == "exact":
        search = VectorSearch.exact(vectors)
    else:
        search = VectorSearch.indexed(vectors, tuning, asked="synthetic queries", seed=0)
    place = folder / way
    place.mkdir()
    search.save(place, catalogue="benchmark")
    about = {"build_s": time.process_time() - started, "built_rss_mb": memory()["own_mb"]}
    about["index_mb"] = sum(path.stat().st_size for path in place.iterdir()) / 2**20
    if search.measured is not None:
        about |= {"nlist": search.measured.nlist, "nprobe": search.measured.nprobe, "tuned": search.measured.recall}
        about["exact_after_all"] = search.ivf is None
    return about


def ask(way: str, folder: Path) -> dict:
    started = time.process_time()
    find = load(way, folder)
    loaded = time.process_time() - started
    queries = np.load(folder / "queries.npy")
    find(queries[:1])
    single: list[float] = []
    for query in queries:
        started = time.process_time()
        find(query[None])
        single.append((time.process_time() - started) * 1e3)
        if sum(single) > BUDGET_S * 1e3:
            break
    found: list[np.ndarray] = []
    started = time.process_time()
    while len(found) < len(queries) and (not found or time.process_time() - started < BUDGET_S):
        found += find(queries[len(found) : len(found) + BATCH])
    batched = (time.process_time() - started) / len(found) * 1e3
    np.save(folder / f"{way}.found.npy", np.array(found))
    return {"load_s": loaded, "single_ms": statistics.median(single), "batch_ms": batched, **memory()}


def memory() -> dict[str, float]:
    """Return the megabytes of this process: its own, and pages of mapped files."""
    lines = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").is_file() else []
    values = {
        name: float(rest.split()[0]) / 1024
        for name, _, rest in (line.partition(":") for line in lines)
        if "Rss" in name
    }
    return {"own_mb": values.get("RssAnon", float("nan")), "mapped_mb": values.get("RssFile", float("nan"))}


def in_a_process(deed: str, way: str, folder: Path) -> dict:
    command = [sys.executable, __file__, "--deed", deed, "--way", way, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(size: int, dimensions: int, queries: int, folder: Path) -> list[dict]:
    write_vectors(folder, size, dimensions, queries)
    rows = []
    for way in WAYS:
        row = {"size": size, "dimensions": dimensions, "way": way}
        if way != "faiss flat":
            row |= in_a_process("build", way, folder)
        row |= in_a_process("ask", way, folder)
        truth, found = (np.load(folder / f"{name}.found.npy") for name in ("exact", way))
        row["recall"] = float(np.mean([np.isin(one, other).mean() for one, other in zip(truth, found, strict=False)]))
        rows.append(row)
    flat = rows[WAYS.index("faiss flat")]
    for row in rows:
        row |= {f"{name}_ratio": flat[f"{name}_ms"] / row[f"{name}_ms"] for name in ("single", "batch")}
    return rows


def show(rows: list[dict]) -> None:
    print(
        "| vectors | way | recall | 1 ms | of 32 ms | 1: ratio | 32: ratio | own MB | mapped MB | index MB | build s |"
    )
    print("|---|---|" + "---:|" * 9)
    for row in rows:
        way = row["way"]
        if "nlist" in row:
            way += f" {row['nprobe']}/{row['nlist']}" + (" (exact after all)" if row["exact_after_all"] else "")
        print(
            f"| {row['size']:,} x {row['dimensions']} | {way} | {row['recall']:.4f} | {row['single_ms']:.2f} |"
            f" {row['batch_ms']:.2f} | {row['single_ratio']:.1f} | {row['batch_ratio']:.1f} | {row['own_mb']:.0f} |"
            f" {row['mapped_mb']:.0f} | {row.get('index_mb', 0):.0f} | {row.get('build_s', row['load_s']):.1f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 200_000])
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--queries", type=int, default=100, help="to measure with (default 100)")
    parser.add_argument("--folder", type=Path, help="where the vectors are written for the time being")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--deed", choices=["build", "ask"], help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.deed:
        print(json.dumps({"build": build, "ask": ask}[options.deed](options.way, options.folder)))
        return
    rows = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            rows += measure(size, options.dimensions, options.queries, Path(folder))
    show(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
