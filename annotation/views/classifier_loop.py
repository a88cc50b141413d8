"""The lead's page that closes the loop: labels become gold, gold a classifier, and that picks what comes next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotation import classifier_page as page
from annotation.classifier.spec import Spec
from annotation.selectors.classifier_comparison import Loop, Step, loop_of
from annotation.selectors.classifiers import lives
from annotation.selectors.gold import next_name, state_of
from annotation.services.classifier_runs import check_taxonomy, queue_run, spec_of
from annotation.services.gold import make_gold
from annotation.views.campaigns import campaign_of, person_of
from playoff.accounts.roles import role_required


@role_required("lead")
@require_GET
def campaign_classifier(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    loop = loop_of(campaign)
    context = {
        "campaign": campaign,
        "tab": "classifier",
        "loop": loop,
        "figures": page.figure_rows(loop.newest) if loop.newest else [],
        "source": page.source_words(loop.newest) if loop.newest else "",
        "steps": [_step(step) for step in loop.steps],
        "active": [
            {"run": run, "live": how, "badge": page.BADGES.get(run.state, "")}
            for run, how in zip(loop.active, lives(loop.active), strict=True)
        ],
        "name": next_name(campaign),
        "model": _next_spec(loop).model,
    }
    return render(request, "annotation/campaign_classifier.html", context)


@role_required("lead")
@require_POST
def campaign_train(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a gold version of the labels as they stand, and train on it what was trained last."""
    campaign = campaign_of(slug)
    check_taxonomy(campaign.taxonomy, campaign.title)
    gold = make_gold(campaign=campaign, name=next_name(campaign), by=person_of(request))
    if state_of(gold) != "ready":
        messages.success(
            request, _("A worker is making the version “%(name)s”; train on it once it is made.") % {"name": gold.name}
        )
        return redirect("annotation:gold_version", slug, gold.name)
    queue_run(gold=gold, spec=_next_spec(loop_of(campaign)), by=person_of(request))
    messages.success(
        request, _("The version “%(name)s” is made, and the training waits for a worker.") % {"name": gold.name}
    )
    return redirect("annotation:campaign_classifier", slug)


def _next_spec(loop: Loop) -> Spec:
    return Spec(model="tfidf") if loop.newest is None else spec_of(loop.newest)


def _step(step: Step) -> dict[str, Any]:
    found = step.compared.comparison if step.compared else None
    return {
        "step": step,
        "macro_f1": step.run.metrics.get("categories", {}).get("macro_f1"),
        "difference": found.macro_f1 if found else None,
        "words": page.verdict_words(found.macro_f1.verdict) if found else "",
        "why": page.why_words(step.compared) if step.compared else "",
    }
