#!/bin/sh
# Every process of Playoff, by name: web, worker, gpu-worker, beat, demo-worker, migrate. docker-compose.yml, the demo and
# the tests all start them here, so that what is tested is what runs.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
export PYTHONPATH="$root:$root/platform${PYTHONPATH:+:$PYTHONPATH}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
quiet="--loglevel ${LOG_LEVEL:-INFO} --without-gossip --without-mingle"

case "${1:-}" in
web)
    exec gunicorn playoff.wsgi:application --bind "${BIND:-0.0.0.0:8000}" --worker-class gthread \
        --workers "${WEB_WORKERS:-2}" --threads "${WEB_THREADS:-8}" --timeout 60 --graceful-timeout 10 --keep-alive 5
    ;;
worker)
    # shellcheck disable=SC2086
    exec celery -A playoff worker --hostname "default-$$@%h" --queues default --concurrency "${WORKER_CONCURRENCY:-1}" $quiet
    ;;
gpu-worker)
    # One child per device: the parent answers the broker, the child may die. It takes work once its models are loaded.
    export WARM_MODELS=1
    # shellcheck disable=SC2086
    exec celery -A playoff worker --hostname "gpu-$$@%h" --queues gpu --concurrency "${GPU_CONCURRENCY:-1}" \
        --prefetch-multiplier 1 $quiet
    ;;
beat)
    exec celery -A playoff beat --loglevel "${LOG_LEVEL:-INFO}"
    ;;
demo-worker)
    # The whole worker in one process, kept alive by a supervisor. Not a pool: on a broker without an event loop its
    # children share one lock, and a child that is killed while idle takes the lock with it.
    export WARM_MODELS=1 BEAT_THREAD=1
    exec python -m playoff.common.supervise --heartbeat "${PLAYOFF_HOME:-$root/var}/worker-heartbeat" \
        python -m playoff.common.solo_worker "${LOG_LEVEL:-INFO}"
    ;;
solo-worker)
    # The same without a supervisor and without models until somebody enrols in a study: `manage.py demo` keeps it alive.
    export BEAT_THREAD=1
    exec python -m playoff.common.solo_worker "${LOG_LEVEL:-INFO}"
    ;;
migrate)
    python manage.py migrate --no-input
    exec python manage.py collectstatic --no-input --verbosity 0
    ;;
manage)
    shift
    exec python manage.py "$@"
    ;;
*)
    echo "usage: entrypoint.sh web|worker|gpu-worker|beat|demo-worker|solo-worker|migrate|manage …" >&2
    exit 2
    ;;
esac
