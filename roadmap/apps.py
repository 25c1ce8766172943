from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """The second floor: the journey from a problem to a new practice."""

    name = "roadmap"

    def ready(self):
        from roadmap import checks  # noqa: F401  registers itself
        from roadmap.contribution import RoadmapContribution
        from roadmap.contributions import CONTRIBUTIONS
        from roadmap.story import StoryContribution

        CONTRIBUTIONS.add(RoadmapContribution())
        CONTRIBUTIONS.add(StoryContribution())
