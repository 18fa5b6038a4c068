from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TrainingSiteConfig(AppConfig):
    name = "training_site"
    verbose_name = "Training site"

    def ready(self) -> None:
        # Every app's tasks.py lists what runs in the background; importing it registers the doers, with Celery or without.
        autodiscover_modules("tasks")
