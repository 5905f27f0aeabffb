"""The WSGI entry that the server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.project.settings")
application = get_wsgi_application()

# What is loaded now stays for good. Were it looked through for garbage again and again, one request in ten would wait a
# third longer; and a page makes many small objects that go by themselves.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
