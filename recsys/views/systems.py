"""Pages about systems and their versions, for researchers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from playoff.accounts.roles import role_required
from recsys.selectors.offline_runs import offline_runs
from recsys.selectors.systems import card_of, dataset_sizes, system_row, system_rows
from recsys.version_uses import version_uses
from recsys.views.try_box import box

FIGURES = ("hits@10", "ndcg@10")
SHOWN_RUNS = 5


@role_required("researcher")
@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    rows = system_rows()
    versions = [row.version for system in rows for row in system.versions]
    context = box(request, versions) | {
        "systems": rows,
        "figures": FIGURES,
        "runs": offline_runs(limit=SHOWN_RUNS),
        "measured": any(row.runs for system in rows for row in system.versions),
    }
    return render(request, "recsys/systems.html", context)


@role_required("researcher")
@require_GET
def system(request: HttpRequest, slug: str) -> HttpResponse:
    row = system_row(slug)
    if row is None:
        raise Http404
    sizes = dataset_sizes([each.version.dataset_id for each in row.versions])
    uses = version_uses([each.version.pk for each in row.versions])
    lines = [(each.version, line) for each in row.versions for line in each.runs]
    context = {
        "system": row,
        "versions": [
            {
                "row": each,
                "sizes": sizes[each.version.dataset_id],
                "card": card_of(each.version),
                "uses": uses[each.version.pk],
            }
            for each in row.versions
        ],
        "lines": lines,
        "figures": list(dict.fromkeys(name for _, line in lines for name in line.figures)),
    }
    return render(request, "recsys/system.html", context)
