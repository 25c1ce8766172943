from django.apps import AppConfig


class InnovasjonConfig(AppConfig):
    """The ground floor: who we are and what we did."""

    name = "innovasjon"
    verbose_name = "Innovasjon"
