"""The WSGI door; gunicorn serves it: plain threads suffice, because no page holds a request open."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playoff.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
