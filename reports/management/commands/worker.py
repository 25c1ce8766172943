"""The worker: takes documents and mails off the queue in the database, one at a time."""

from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from reports.pdf import warm_up


class Command(DatabaseWorker):
    """django-tasks' own worker, without the pages and forms that a check of the whole program loads."""

    help = "Make documents and send mails that wait in the queue. Run as many as you like."
    requires_system_checks = []

    def handle(self, **options):
        warm_up()
        super().handle(**options)
