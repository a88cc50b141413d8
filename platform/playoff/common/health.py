"""Is the process alive, and can it serve? For load balancers, compose and the demo."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def livez(request: HttpRequest) -> HttpResponse:
    """Touches nothing: a broken database must not restart the web process."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its tables are those of this code."""
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if behind:
        return HttpResponse("migrations are missing\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
