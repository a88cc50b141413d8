import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def start(artifact):
    def start(model: Path = artifact) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "classify", "--model", str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": "", "SECRET_KEY": "x", "PYTHONUTF8": "1"},
        )

    return start


@pytest.fixture
def classify(start):
    def classify(content: bytes, **options: Path) -> tuple[int, list[dict], str]:
        process = start(**options)
        out, err = process.communicate(content, timeout=60)
        return process.returncode, [json.loads(line) for line in out.decode().splitlines()], err.decode()

    return classify


def test_answers_line_by_line(classify, trained):
    texts = ["for running", "", "День Победы", "🎧 a\tb"]
    code, rows, err = classify("\ufefffor running\r\n\nДень Победы\n🎧 a\tb".encode())
    assert (code, err) == (0, "")
    for row, text, expected in zip(rows, texts, trained[0].classify(texts), strict=True):
        assert row == {
            "text": text,
            "category": expected.category,
            "categories": expected.probabilities,
            "alpha": expected.alpha,
        }


def test_answers_before_the_next_question(start):
    process = start()
    for text in ("for running", "jazz"):
        process.stdin.write(f"{text}\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["text"] == text
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_nothing_in_nothing_out(classify):
    assert classify(b"") == (0, [], "")


def test_names_the_line_that_is_not_utf8(classify):
    code, rows, err = classify(b"fine\nab\xff\nfine\n")
    assert (code, len(rows)) == (2, 1)
    assert err.count("\n") == 1
    assert "Standard input, line 2 is not UTF-8 at byte 3; save it as UTF-8." in err


def test_refuses_an_endless_line(classify):
    code, rows, err = classify(b"x" * (1 << 20) + b"yz\n")
    assert (code, rows) == (2, [])
    assert "line 1 is longer than 1048576 bytes" in err


def test_refuses_a_folder_without_a_classifier(classify, tmp_path):
    code, rows, err = classify(b"x\n", model=tmp_path / "nowhere")
    assert (code, rows, err.count("\n")) == (2, [], 1)
    assert "there is no whole classifier here" in err


def test_refuses_an_altered_classifier(classify, artifact):
    (artifact / "weights.npz").write_bytes(b"")
    code, _, err = classify(b"x\n")
    assert (code, err.count("\n")) == (2, 1)
    assert "weights.npz: this file was altered after training" in err


def test_is_quiet_when_the_reader_leaves(start):
    process = start()
    process.stdin.write(b"for running\n")
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    try:
        process.stdin.write(b"for running\n" * 10_000)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it has left already
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
