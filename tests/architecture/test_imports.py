import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "implicit")


def test_platform_is_still_the_standard_library():
    assert platform.python_version()
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_import_rules_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


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
assert "numpy" not in sys.modules  # 13 MiB that participants' pages do without
client.login(username="admin", password="x")
study = "/research/studies/s/"
for path in ("/research/", "/research/classifiers/", study, study + "report/", "/admin/", "/admin/evaluation/trial/"):
    assert client.get(path).status_code == 200, path
print(",".join(name for name in {HEAVY!r} if name in sys.modules))
"""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PLAYOFF_HOME": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
