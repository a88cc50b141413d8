import subprocess
import sys

import annotation.public


def test_exports_what_it_names():
    for name in annotation.public.__all__:
        assert hasattr(annotation.public, name), name


def test_imports_neither_django_nor_a_learning_library():
    code = (
        "import sys, annotation.public\n"
        "print([name for name in ('django', 'celery', 'sklearn', 'torch', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_classifying_needs_no_learning_library(artifact):
    code = (
        "import sys\nfrom pathlib import Path\nfrom annotation.public import load_classifier\n"
        "load_classifier(Path(sys.argv[1])).classify(['for running'])\n"
        "print([name for name in ('django', 'sklearn', 'torch', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(artifact)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
