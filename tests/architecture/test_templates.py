"""Templates keep the strict content policy, find what they include, and translate what they say."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Template
from django.template.base import Lexer, TokenType
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [
    ROOT / "platform" / "playoff" / "templates",
    *(ROOT / app / "templates" for app in ("annotation", "evaluation", "recsys")),
]
TEMPLATES = sorted((folder, path) for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*.html"))
NAMES = [str(path.relative_to(folder)) for folder, path in TEMPLATES]
STYLES = sorted(
    path
    for app in ("platform/playoff", "annotation", "evaluation", "recsys")
    for path in (ROOT / app / "static").rglob("*.css")
)
SCRIPTS = sorted(
    path
    for app in ("platform/playoff", "annotation", "evaluation", "recsys")
    for path in (ROOT / app / "static").rglob("*.js")
    if path.parent.name != "vendor"
)
# A download that must stand alone carries its styles with it; no policy is served with a file.
STANDALONE = {"evaluation/report_standalone.html"}

FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\s(data-)?hx-on",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline style": r"<style\b",
    "a data: address": r"""["'(]data:""",
    "a javascript: address": r"javascript:",
    "something from another site": r"""\s(src|href|action)\s*=\s*["'](https?:)?//""",
    "HTMX that evaluates": r"""hx-vals\s*=\s*["']js:|hx-vars|hx-trigger\s*=\s*["'][^"']*\[""",
}


def without_tags(source: str) -> str:
    """The markup alone: a template tag inside an HTML tag may hold `>` or quotes."""
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_template_keeps_the_content_policy(name: str, what: str) -> None:
    if name in STANDALONE and what == "an inline style":
        return
    source = without_tags(source_of(name))
    found = re.search(FORBIDDEN[what], source, re.IGNORECASE)
    assert found is None, f"{name} has {what}: {found.group(0)!r}"


def test_the_rules_find_what_they_forbid() -> None:
    examples = {
        "a style attribute": '<p class="a" style="color: red">',
        "an event attribute": "<body onload='go()'>",
        "hx-on": "<p hx-on:click='go()'>",
        "an inline script": "<script>go()</script>",
        "an inline style": "<style>p {}</style>",
        "a data: address": '<img src="data:image/png;base64,">',
        "a javascript: address": '<a href="javascript:go()">',
        "something from another site": '<link href="https://fonts.example/a.css">',
        "HTMX that evaluates": "<p hx-vals='js:{a: b}'>",
    }
    assert examples.keys() == FORBIDDEN.keys()
    for what, example in examples.items():
        assert re.search(FORBIDDEN[what], example, re.IGNORECASE), what


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    assert isinstance(get_template(name).template, Template)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_template_includes_exists(name: str) -> None:
    for included in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", source_of(name)):
        get_template(included)
    for static in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", source_of(name)):
        assert finders.find(static), f"{name} asks for the static file {static}, which does not exist."


@pytest.mark.parametrize("name", [name for name in NAMES if Path(name).name.startswith("_")])
def test_partial_is_used(name: str) -> None:
    users = [other for other in NAMES if other != name and f'"{name}"' in source_of(other).replace("'", '"')]
    views = [path for app in ("platform", "annotation", "evaluation", "recsys") for path in (ROOT / app).rglob("*.py")]
    assert users or any(f'"{name}"' in path.read_text() for path in views), f"Nothing includes or renders {name}."


@pytest.mark.parametrize("name", NAMES)
def test_post_form_has_a_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", source_of(name), re.DOTALL):
        if re.search(r"""method=["']post["']""", form):
            assert "{% csrf_token %}" in form, f"{name} has a POST form without csrf_token."


@pytest.mark.parametrize("name", NAMES)
def test_visible_words_are_translated(name: str) -> None:
    text = "".join(
        " " if token.token_type != TokenType.TEXT else token.contents
        for token in Lexer(
            re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", " ", source_of(name), flags=re.DOTALL)
        ).tokenize()
    )
    visible = re.sub(r"<(script|style|code|kbd|title)\b.*?</\1>|<!--.*?-->", " ", text, flags=re.DOTALL | re.IGNORECASE)
    visible = re.sub(r"<[^>]*>", " ", visible)
    words = set(re.findall(r"[^\W\d_]{2,}", visible)) - {"Playoff", "English", "Русский", "EN", "RU"}
    assert not words, f"{name} says {sorted(words)} without translating it."


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    outside = [line for line in rules.splitlines() if not line.strip().startswith("--")]
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", "\n".join(outside), re.IGNORECASE)
    assert not re.findall(r"url\(|@import", "\n".join(outside))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", rules))
    assert used <= tokens("light").keys(), f"{path.name} uses undefined {sorted(used - tokens('light').keys())}."


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_evaluates_nothing_and_writes_no_markup(path: Path) -> None:
    assert not re.findall(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write",
        path.read_text().replace('"innerHTML show:none"', ""),
    )


def test_both_dark_themes_are_one() -> None:
    assert tokens("dark") == tokens("system-dark")
    assert tokens("dark").keys() <= tokens("light").keys()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *(
            (front, back, 4.5)
            for front in ("--ink", "--ink-soft", "--accent-ink")
            for back in ("--paper", "--surface", "--sunk")
        ),
        *((front, "--accent-wash", 4.5) for front in ("--ink", "--ink-soft", "--accent-ink")),
        ("--on-ink", "--ink", 4.5),
        ("--good", "--good-wash", 4.5),
        ("--ink", "--good-wash", 4.5),
        ("--bad", "--bad-wash", 4.5),
        ("--bad", "--paper", 4.5),
        ("--bad", "--surface", 4.5),
        ("--line-strong", "--paper", 3.0),
        ("--line-strong", "--surface", 3.0),
        ("--accent", "--surface", 3.0),
    ],
)
def test_contrast_is_enough(theme: str, front: str, back: str, least: float) -> None:
    colours = {**tokens("light"), **tokens(theme)}
    lighter, darker = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


@cache
def source_of(name: str) -> str:
    return next((folder / name).read_text() for folder in FOLDERS if (folder / name).exists())


@cache
def tokens(theme: str) -> dict[str, str]:
    source = (ROOT / "platform" / "playoff" / "static" / "css" / "tokens.css").read_text()
    selector = {
        "light": r":root",
        "dark": r':root\[data-theme="dark"\]',
        "system-dark": r':root:not\(\[data-theme="light"\]\)',
    }[theme]
    block = re.search(rf"^\s*{selector} {{(.*?)}}", source, re.DOTALL | re.MULTILINE)
    assert block is not None
    return dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", block.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
