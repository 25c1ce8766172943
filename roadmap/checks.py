"""Broken content stops `manage.py check` with file and line."""

from django.core.checks import Error, register

from roadmap import content


@register
def check_content(app_configs, **kwargs):
    return [
        Error(
            problem.message,
            hint="Correct the file and run the check again.",
            obj=f"roadmap/content/{problem.path}:{problem.line}",
            id="roadmap.E001",
        )
        for problem in content.problems()
    ]
