"""The Celery application of the grown-up mode; the embedded default runs the same rows in ``manage.py sweep``."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from people.loaded import set_loaded_aside

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "training_site.settings")

app = Celery("training_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "people.work.sweep_once", "schedule": 2.0, "options": {"expires": 10}},
    "overdue": {"task": "assessments.attempts.sweep_overdue", "schedule": 60.0, "options": {"expires": 50}},
    "analyses": {
        "task": "assessments.analysis.weak_questions.ask_for_analyses",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "daily": {"task": "cpd_records.daily.ask_daily", "schedule": 60.0, "options": {"expires": 50}},
    "silence": {
        "task": "cpd_records.watching.silence.look_for_silence",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "seal": {
        "task": "cpd_records.ledger.sealing.seal_now",
        "schedule": 1.0,
        "options": {"queue": "seal", "expires": 5},
    },
}
app.conf.task_routes = {"cpd_records.ledger.sealing.*": {"queue": "seal"}}


@worker_process_init.connect
def _begin(**_: Any) -> None:
    set_loaded_aside()
