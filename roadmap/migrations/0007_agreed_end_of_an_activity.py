from django.db import migrations, models


def agree_where_time_has_a_tolerance(apps, schema_editor):
    """Until now a tolerance of time was counted from the ends as they stood: those are what is agreed."""
    tolerances = apps.get_model("roadmap", "Tolerance").objects.filter(kind="time")
    pending = apps.get_model("roadmap", "Activity").objects.exclude(status="done").exclude(ends_on=None)
    pending.filter(project__in=tolerances.values("project")).update(agreed_on=models.F("ends_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("roadmap", "0006_a_project_is_deleted_with_its_tree"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="agreed_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="agreed end"),
        ),
        migrations.RunPython(agree_where_time_has_a_tolerance, migrations.RunPython.noop),
    ]
