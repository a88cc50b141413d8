"""Time the what-if, the live page and the report of a large study as a researcher's browser sees them.

    python benchmarks/research_pages.py [--judgments 100000] [--systems 20] [--people 5000] [--database URL]

A study in a database of its own: SQLite in a folder that is thrown away, or an empty PostgreSQL database that is named.
Wall seconds of a request through all of Django, in this process, the median of five; beside them the obvious way to a
table of the judgments, one object for each of them.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SLUG, RUNS, BATCH = "large", 5, 5_000
WHAT_IF = f"/research/studies/{SLUG}/what-if/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judgments", type=int, default=100_000)
    parser.add_argument("--systems", type=int, default=20)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        set_up(home, options.database)
        make_study(options.judgments, options.systems, options.people)
        print(f"{options.judgments} judgments of {options.people} people, {options.systems} systems; seconds")
        for name, seconds in measure().items():
            print(f"  {name:58}{seconds:8.3f}", flush=True)


def set_up(home: str, database: str) -> None:
    os.environ |= {"PLAYOFF_HOME": home, "SECRET_KEY": "benchmark", "ENV_FILE": str(Path(home) / "none")}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "playoff.settings", "LOG_LEVEL": "WARNING", "DATABASE_URL": database}
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def make_study(judgments: int, systems: int, people: int) -> None:
    import numpy as np
    from django.utils import timezone

    from evaluation.models import Participant, Study, StudySystem
    from recsys.models import Dataset, SystemVersion

    study = Study.objects.create(slug=SLUG, title="Large", consent="Yes.", status="open", opened_at=timezone.now())
    dataset = Dataset.objects.create(name="none", version="1")
    for number in range(systems):
        name = f"s{number:02}"
        version = SystemVersion.objects.create(system=name, fingerprint=f"{number:064}", dataset=dataset, artifact=name)
        StudySystem.objects.create(study=study, version=version, name=name)
    Participant.objects.bulk_create(
        [Participant(study=study, platform_id=f"p{n}", language="en", consent_sha256="0" * 64) for n in range(people)],
        batch_size=BATCH,
    )
    rng = np.random.default_rng(1)
    for at in range(0, judgments, BATCH):
        judge(study, min(BATCH, judgments - at), rng)


def judge(study: Any, number: int, rng: Any) -> None:
    """So many judgments more, by anybody of anything, with the times of now."""
    from django.utils import timezone

    from annotation.public import CATEGORIES
    from evaluation.models import Judgment, Side, Trial

    systems = list(study.systems.order_by("pk").values_list("pk", flat=True))
    people = list(study.participants.order_by("pk").values_list("pk", flat=True))
    now, done = timezone.now(), Trial.objects.filter(study=study).count()
    trials = Trial.objects.bulk_create(
        Trial(
            study=study, participant_id=int(rng.choice(people)), number=done + n, idempotency_key=uuid.uuid4().hex,
            query=f"music for number {(done + n) % 70_000}", query_language=("en", "ru")[n % 2], state="judged",
            category=CATEGORIES[int(rng.integers(19))].slug, alpha=0.5, sampler="benchmark", pair_probability=1.0,
            side_probability=0.5, created_at=now, deadline=now, visible_from=now, expires_at=now + timedelta(days=1),
        )
        for n in range(number)
    )  # fmt: skip
    pairs = [rng.choice(len(systems), 2, replace=False) for _ in trials]
    Side.objects.bulk_create(
        Side(trial=trial, name=name, system_id=systems[at], state="ready", tracks=["t"], playlist=[{}],
             model_seconds=0.1, finished_at=now)
        for trial, pair in zip(trials, pairs, strict=True)
        for name, at in zip("ab", pair.tolist(), strict=True)
    )  # fmt: skip
    Judgment.objects.bulk_create(
        Judgment(trial=trial, choice="equivalent" if rng.random() < 0.15 else "ab"[int(rng.random() * 40 < 20 + a - b)])
        for trial, (a, b) in zip(trials, pairs, strict=True)
    )


def measure() -> dict[str, float]:
    import numpy as np
    from django.contrib.auth import get_user_model
    from django.test import Client

    from evaluation.models import Study
    from evaluation.selectors.judgments import judgment_table
    from evaluation.services.exports import judgment_records
    from evaluation.stats.tables import JudgmentTable

    study = Study.objects.get(slug=SLUG)
    client = Client(raise_request_exception=True, headers={"Host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("researcher", password="benchmark"))

    def page(address: str) -> Callable[[], object]:
        def load() -> None:
            answer = client.get(address, secure=True)
            assert answer.status_code == 200, (address, answer.status_code)

        return load

    rng = np.random.default_rng(2)
    found = {"what-if, the first page of the process": seconds(page(WHAT_IF), 1)}
    found["what-if, nothing changed"] = seconds(page(WHAT_IF))
    for name, query in {
        "what-if, without one participant": "participant=17",
        "what-if, another K": "k=16",
        "what-if, ties as half": "model=ties-half",
    }.items():
        found[name] = seconds(page(f"{WHAT_IF}?{query}"))
    found["what-if, one judgment later"] = seconds(page(WHAT_IF), before=lambda: judge(study, 1, rng))
    found["live page"] = seconds(page(f"/research/studies/{SLUG}/live/"))
    found["overview"] = seconds(page(f"/research/studies/{SLUG}/"))
    found["report"] = seconds(page(f"/research/studies/{SLUG}/report/"), 1)
    found["the table of all judgments, from the database"] = seconds(lambda: judgment_table(study))
    found["the same by one object for each judgment"] = seconds(lambda: JudgmentTable.of(judgment_records(study)), 1)
    return found


def seconds(work: Callable[[], object], runs: int = RUNS, *, before: Callable[[], object] | None = None) -> float:
    spent = []
    for _ in range(runs):
        if before:
            before()
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
