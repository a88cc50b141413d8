import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "implicit")
# Each takes 4 to 30 MiB of a process, and one that only waits does without all of them.
NOT_WHILE_IDLE = (*HEAVY, "numpy", "scipy", "numba", "pyarrow", "faiss", "onnxruntime", "psycopg", "prompt_toolkit")


def test_platform_is_still_the_standard_library():
    assert platform.python_version()
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_import_rules_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run(program: str, home: Path, **extra: str) -> str:
    """What a program said, in a process of its own on SQLite."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PLAYOFF_HOME": str(home),
        **extra,
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_web_process_never_imports_torch(tmp_path):
    """Load what gunicorn loads, serve pages of every kind, then look at what came in."""
    program = f"""
import sys
from playoff.wsgi import application
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
from django.test import Client
from evaluation.models import Study
Study.objects.create(slug="s", title="S", consent="c", status="open")
get_user_model().objects.create_superuser("admin", password="x")
client = Client(SERVER_NAME="localhost")
for path in ("/", "/studies/s/", "/accounts/login/", "/api/v1/schema/", "/readyz"):
    client.get(path)
client.post("/studies/s/", {{"platform_id": "p", "consent": "on"}})
assert client.get("/studies/s/ask/").status_code == 200
answer = client.post("/api/v1/studies/s/participants/", {{"platform_id": "q", "consent": True}}, "application/json")
assert answer.status_code == 201, answer.content
print(",".join(name for name in {NOT_WHILE_IDLE!r} if name in sys.modules), end="")
client.login(username="admin", password="x")
study = "/research/studies/s/"
from recsys.models import Dataset, OfflineRun, SystemVersion
from recsys.core.registry import RECOMMENDERS
dataset = Dataset.objects.create(name="d", version="1")
for slug in RECOMMENDERS:
    SystemVersion.objects.create(system=slug, fingerprint=slug, dataset=dataset, artifact=slug, parameters={{"k1": 2}})
line = {{"system": "bm25", "fingerprint": "bm25", "ms_per_query": None}}
OfflineRun.objects.create(pk=1, split="test", seed=0, result={{"queries": 1, "systems": [line]}})
systems = [f"/research/systems/{{slug}}/" for slug in RECOMMENDERS]
pages = ["/research/", "/research/classifiers/", study, study + "report/", "/admin/", "/admin/evaluation/trial/"]
pages += ["/research/systems/", *systems, "/research/tryouts/", "/research/offline-runs/1/", "/api/v1/systems/"]
asked = client.post("/research/tryouts/", {{"query": "rain", "version": SystemVersion.objects.first().pk, "k": 5}})
for path in [*pages, asked["Location"], asked["Location"] + "state/"]:
    assert client.get(path).status_code == 200, path
print(",".join(name for name in {HEAVY!r} if name in sys.modules))
"""
    assert run(program, tmp_path) == ""


def test_an_idle_worker_is_light(tmp_path):
    """Start the worker of the demo; once it waits for work, look at what came in."""
    program = f"""
import os, sys
from celery.signals import worker_ready
@worker_ready.connect
def look(**_):
    found = [name for name in {(*NOT_WHILE_IDLE, "rest_framework.fields", "celery.bin")!r} if name in sys.modules]
    os.write(1, ",".join(["ready", *found]).encode())
    os._exit(0)
from playoff.common.solo_worker import main
main(["ERROR"])
"""
    assert run(program, tmp_path, BEAT_THREAD="1").splitlines()[-1] == "ready"
