"""A plan from a spreadsheet: its activities, what each waits for, and who takes part."""

from collections import Counter

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from innovasjon.audit import as_stored
from roadmap import planning
from roadmap.importing import Importer, rewrite
from roadmap.models import Activity, Dependency, ImportRow, Project, TeamShare
from roadmap.plan_links import Pointers
from roadmap.plan_resources import ActivitySheet

TakingPart = Activity.participants.through


class ActivityImporter(Importer):
    """Rows with the same name are the same activity. Without a phase a new one comes into the current."""

    kind = "activities"
    namespace = "roadmap:plan"
    tab = "plan"
    list_name = "roadmap:plan"
    file_title = gettext_lazy("Plan")
    model = Activity
    open_fields = ("name", "phase", "kind", "starts_on", "ends_on", "status", "unit")
    pointing = ("predecessors", "participants")

    def sheet(self, project):
        return ActivitySheet(project)

    def counted(self, n):
        return ngettext("%(n)s activity", "%(n)s activities", n) % {"n": n}

    def add(self, project, rows, *, today, by):
        stored = project.activities.values_list("phase").annotate(last=Max("position")).order_by()
        last = Counter(dict(stored))
        rows = [own(values) for values in rows]
        added = []
        for values in rows:
            activity = Activity(project=project, **{"phase": project.phase} | values)
            activity.tidy()
            last[activity.phase] += 1
            activity.position = last[activity.phase]
            added.append(activity)
        Activity.objects.bulk_create(added)
        return [
            (activity.pk, {"after": {name: getattr(activity, name) for name in values}})
            for activity, values in zip(added, rows, strict=True)
        ]

    def update(self, project, rows, *, today, by):
        """What differs. A sheet with one date only moves the other one along when it must."""
        stored = project.activities.in_bulk([pk for pk, _values in rows])
        traces = [rewrite(stored[pk], tidied(stored[pk], own(values))) for pk, values in rows]
        names = {name for trace in traces if trace for name in trace["after"]}
        if names:
            for activity in stored.values():
                activity.tidy()
            Activity.objects.bulk_update(stored.values(), sorted(names | {"unit_key"}))
        return traces

    def check_together(self, project, rows):
        """A cell points at one activity, no circle closes, and a person's share is the same everywhere."""
        pointers = Pointers(rows, project.activities.in_order().values_list("pk", "name"))
        leads_to = stored_ways(project, rows, pointers, unsettled=True)
        _nodes, faulty = check_ways(rows, pointers, leads_to)
        errors = {number: {"predecessors": error} for number, error in faulty.items()}
        people = self.sheet(project).people
        people.read_ahead(row.texts.get("participants", "") for row in rows)
        shares = {share.user_id: share.percent for share in project.shares.all()}
        for row in rows:
            try:
                check_shares(row, people, shares)
            except ValueError as error:
                errors.setdefault(row.number, {})["participants"] = str(error)
        return errors

    def connect(self, sheet_import, rows, *, by):
        """Let the rows wait for each other, and the people take part."""
        project = sheet_import.project
        Project.objects.select_for_update().get(pk=project.pk)
        ways, left_out = self.ways(sheet_import, rows)
        people = self.sheet(project).people
        parts = {
            row.number: people.clean(text)
            for row in rows
            if (text := row.texts.get("participants", "").strip())
        }
        before = links_of(project)
        after = {
            row.target_id: {
                **({"predecessors": ways[row.number]} if row.number in ways else {}),
                **({"participants": [pk for pk, _p in parts[row.number]]} if row.number in parts else {}),
            }
            for row in rows
        }
        write_links({pk: before.get(pk, NO_LINKS) | links for pk, links in after.items()}, before)
        asked = ask_for_time(project, rows, parts, by=by)
        traces = {}
        for row in rows:
            was = before.get(row.target_id, NO_LINKS)
            new = {name: pks for name, pks in after[row.target_id].items() if pks != was[name]}
            old = {name: was[name] for name in new}
            if made := asked.get(row.number):
                new, old = new | {"shares": made}, old | {"shares": []}
            if new:
                traces[row.number] = {"before": old, "after": new}
        return traces, left_out

    def ways(self, sheet_import, rows) -> tuple[dict[int, list[int]], int]:
        """Return number of row → ids of what it waits for, and how many links cannot be written."""
        project = sheet_import.project
        written = {row.number: row for row in rows}
        every = [written.get(row.number, row) for row in sheet_import.rows.order_by("number")]
        new = [row.target_id for row in rows if row.target_id != row.twin_id]
        there = project.activities.exclude(pk__in=new).in_order().values_list("pk", "name")
        pointers = Pointers(every, there)
        id_of = {row.number: row.target_id or row.twin_id for row in every}
        told = [row for row in rows if row.texts.get("predecessors", "").strip()]
        nodes_of, faulty = check_ways(told, pointers, stored_ways(project, every, pointers))
        found, left_out = {}, len(faulty)  # a circle with one that is skipped, or changed in the meantime
        for number, nodes in nodes_of.items():
            pks = [-node if node < 0 else id_of[node] for node in nodes]
            found[number] = sorted({pk for pk in pks if pk})
            left_out += sum(not pk for pk in pks)
        return found, left_out

    def undo(self, project, rows):
        """Take back what nobody has changed since, links too; a person's time only while it is asked for."""
        stored = project.activities.select_for_update().in_bulk([pk for pk, _trace in rows])
        pointed_at = {p for _pk, trace in rows for p in trace["after"].get("predecessors", ())}
        there = set(project.activities.filter(pk__in=pointed_at).values_list("pk", flat=True))
        now = links_of(project, stored)
        left, links, asked, kept = [], {}, [], 0
        for pk, trace in rows:
            if pk not in stored:
                continue
            fields, linked = parted(trace["after"])
            row, is_now = stored[pk], now.get(pk, NO_LINKS)
            was = {n: [p for p in pks if n != "predecessors" or p in there] for n, pks in linked.items()}
            same_links = all(is_now[n] == pks for n, pks in was.items() if n in NO_LINKS)
            if not same_links or any(as_stored(getattr(row, n)) != v for n, v in fields.items()):
                kept += 1
                continue
            asked += linked.get("shares", [])
            old_fields, old_links = parted(trace.get("before", {}))
            links[pk] = is_now | {n: pks for n, pks in old_links.items() if n in NO_LINKS}
            left.append((pk, {"after": fields} | ({"before": old_fields} if "before" in trace else {})))
        write_links(links, now)
        TeamShare.objects.filter(project=project, pk__in=asked, status="asked", role="").delete()
        return kept + super().undo(project, left)


NO_LINKS = {"predecessors": [], "participants": []}


def own(values: dict) -> dict:
    """Return what stands in the activity itself."""
    return {n: v for n, v in values.items() if n not in ("number", "predecessors", "participants")}


def parted(trace: dict) -> tuple[dict, dict]:
    """Return a trace's fields and its links."""
    links = {n: v for n, v in trace.items() if n in ("predecessors", "participants", "shares")}
    return {n: v for n, v in trace.items() if n not in links}, links


def links_of(project, pks=None) -> dict[int, dict[str, list[int]]]:
    """Return activity → what it waits for and who takes part, for those with any. Two queries.

    pks: of these activities only.
    """
    found: dict[int, dict[str, list[int]]] = {}
    ways = Dependency.objects.filter(after__project=project).order_by("before")
    people = TakingPart.objects.filter(activity__project=project).order_by("user")
    if pks is not None:
        ways, people = ways.filter(after__in=pks), people.filter(activity__in=pks)
    for name, pairs in (
        ("predecessors", ways.values_list("after", "before")),
        ("participants", people.values_list("activity", "user")),
    ):
        for pk, other in pairs:
            found.setdefault(pk, {n: [] for n in NO_LINKS})[name].append(other)
    return found


def write_links(links: dict[int, dict[str, list[int]]], before) -> None:
    """Let activities wait for, and people take part in, exactly what is given, where it differs."""
    wanted = {p for new in links.values() for p in new["predecessors"]}
    there = set(Activity.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    ways, parts = (
        {pk for pk, new in links.items() if new[name] != before.get(pk, NO_LINKS)[name]} for name in NO_LINKS
    )
    Dependency.objects.filter(after__in=ways).delete()
    Dependency.objects.bulk_create(
        Dependency(before_id=p, after_id=pk) for pk in ways for p in links[pk]["predecessors"] if p in there
    )
    TakingPart.objects.filter(activity__in=parts).delete()
    TakingPart.objects.bulk_create(
        TakingPart(activity_id=pk, user_id=p) for pk in parts for p in links[pk]["participants"]
    )


def stored_ways(project, rows, pointers: Pointers, *, unsettled=False) -> dict[int, set[int]]:
    """Return node → those that wait for it now, as far as the sheet does not say otherwise.

    unsettled: nobody has chosen yet what to do with activities that are there, so the sheet decides.
    """
    told = {
        row.number
        for row in rows
        if row.texts.get("predecessors", "").strip() and (unsettled or row.choice == ImportRow.Choice.UPDATE)
    }
    leads_to: dict[int, set[int]] = {}
    ways = Dependency.objects.filter(after__project=project).values_list("before", "after")
    for before, after in ways:
        before, after = (pointers.node_of.get(pk, -pk) for pk in (before, after))
        if after not in told:
            leads_to.setdefault(before, set()).add(after)
    return leads_to


def check_ways(rows, pointers: Pointers, leads_to) -> tuple[dict[int, list[int]], dict[int, str]]:
    """Return number of row → nodes it points at, and number of row → what is wrong with its cell.

    A circle is wrong in the row that closes it, when rows are taken one after another. leads_to: the ways
    there are beside the rows', as `planning.find_circle` takes them.
    """
    found: dict[int, list[int]] = {}
    errors: dict[int, str] = {}
    every = {node: set(follow) for node, follow in leads_to.items()}
    for row in rows:
        try:
            found[row.number] = pointers.read(row.texts.get("predecessors", ""))
        except ValueError as error:
            errors[row.number] = str(error)
        for node in found.get(row.number, ()):
            every.setdefault(node, set()).add(row.number)
    doubtful = planning.on_circles(every)
    taken = {node: leads_to.get(node, set()) & doubtful for node in doubtful}
    waiting = {node for follow in taken.values() for node in follow}
    for number in [number for number in found if number in doubtful]:
        nodes = doubtful.intersection(found[number])
        can_close = number in nodes or not nodes.isdisjoint(waiting)
        if can_close and (chain := planning.find_circle(taken, number, nodes)):
            errors[number] = planning.circle_message(pointers.chain(chain))
            del found[number]
            continue
        for node in nodes:
            taken[node].add(number)
        if nodes:
            waiting.add(number)
    return found, errors


def check_shares(row, people, shares: dict[int, int]) -> None:
    """Note new shares of time. Raises ValueError when a person has another one in the team."""
    for pk, percent in people.clean(row.texts.get("participants", "")):
        if percent and shares.setdefault(pk, percent) != percent:
            raise ValueError(
                _("%(name)s has %(percent)s %% in the team. Write the same, or change it there.")
                % {"name": dict(people.person.pairs)[pk], "percent": shares[pk]}
            )


def ask_for_time(project, rows, parts, *, by) -> dict[int, list[int]]:
    """Ask for the time of people who have none in the team yet; return number of row → ids of it."""
    known = set(project.shares.values_list("user", flat=True))
    made: dict[int, list[int]] = {}
    for row in rows:
        for user, percent in parts.get(row.number, ()):
            if percent and user not in known:
                known.add(user)
                share = planning.ask_for_time(project=project, user_id=user, percent=percent, by=by)
                made.setdefault(row.number, []).append(share.pk)
    return made


def tidied(activity: Activity, values: dict) -> dict:
    """Return a row's values as the activity would have them after it is saved."""
    whole = Activity(**{name: getattr(activity, name) for name in ("kind", "starts_on", "ends_on", "unit")})
    for name in values:
        setattr(whole, name, values[name])
    if whole.starts_on and whole.ends_on and whole.ends_on < whole.starts_on:
        if "ends_on" in values:
            whole.starts_on = whole.ends_on
        else:
            whole.ends_on = whole.starts_on
    whole.tidy()
    return values | {name: getattr(whole, name) for name in ("starts_on", "ends_on", "unit")}
