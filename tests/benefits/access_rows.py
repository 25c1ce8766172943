"""Rows of the access matrix for what comes after the project, and what their addresses can name."""

from datetime import timedelta

from django.utils import timezone

from benefits.models import MapNode, SupplierAgreement
from innovasjon import tokens
from innovasjon.access import Permission
from innovasjon.models import FrozenDocument
from reports.plan_acceptance import plan_document
from tests.conftest import TODAY, checked_sheet

OPEN, NEVER, MEASURE = "open", "never", "measure"  # as in tests/test_access
VIEW, EDIT, DECIDE = Permission.VIEW, Permission.EDIT, Permission.DECIDE

ROWS = {
    "benefits:link": (["a-wrong-secret"], NEVER, NEVER),  # what opens a right one: tests/benefits/test_links
    "benefits:link_check": (["a-wrong-secret"], NEVER, NEVER),
    "benefits:link_later": (["a-wrong-secret"], NEVER, NEVER),
    "benefits:link_not_me": (["a-wrong-secret"], NEVER, NEVER),
    "benefits:link_renew": (["a-wrong-secret"], NEVER, OPEN),  # says the same to everybody
    "benefits:hand_over": (["slug", "benefit"], MEASURE, MEASURE),
    "benefits:measuring_links": (["slug", "benefit"], MEASURE, MEASURE),
    "benefits:revoke_link": (["slug", "benefit", "token"], NEVER, MEASURE),
    "benefits:meeting_sheet": (["slug"], VIEW, NEVER),
    "benefits:plan": (["slug"], VIEW, NEVER),
    "benefits:edit_plan": (["slug"], EDIT, EDIT),
    "benefits:map": (["slug"], VIEW, NEVER),
    "benefits:new_node": (["slug"], EDIT, EDIT),
    "benefits:node": (["slug", "node"], EDIT, EDIT),
    "benefits:move_node": (["slug", "node"], NEVER, EDIT),
    "benefits:delete_node": (["slug", "node"], EDIT, EDIT),
    "benefits:suppliers": (["slug"], VIEW, NEVER),
    "benefits:new_supplier": (["slug"], MEASURE, MEASURE),
    "benefits:supplier": (["slug", "agreement"], VIEW, NEVER),
    "benefits:edit_supplier": (["slug", "agreement"], MEASURE, MEASURE),
    "benefits:delete_supplier": (["slug", "agreement"], MEASURE, MEASURE),
    "benefits:new_delivery": (["slug", "agreement"], MEASURE, MEASURE),
    "benefits:delivery": (["slug", "agreement", "delivery"], MEASURE, MEASURE),
    "benefits:delete_delivery": (["slug", "agreement", "delivery"], MEASURE, MEASURE),
    "benefits:new_supplier_meeting": (["slug", "agreement"], MEASURE, MEASURE),
    "benefits:supplier_meeting": (["slug", "agreement", "status_meeting"], MEASURE, MEASURE),
    "benefits:sheets": (["slug"], VIEW, NEVER),
    "benefits:amount_sheet": (["slug", "csv"], VIEW, NEVER),
    "benefits:indicator_sheet": (["slug", "csv"], VIEW, NEVER),
    "benefits:measurement_sheet": (["slug", "csv"], VIEW, NEVER),
    "reports:benefit_plan_pdf": (["slug"], VIEW, NEVER),
    "reports:accept_plan": (["slug"], DECIDE, DECIDE),
    "reports:accepted_plan_pdf": (["slug", "acceptance"], VIEW, NEVER),
    "reports:benefit_map_pdf": (["slug"], VIEW, NEVER),
    "reports:meeting_sheet_pdf": (["slug"], VIEW, NEVER),
}
IMPORTED = {"benefits": "benefits", "changes": "benefits:changes", "analysis": "benefits:analysis"}
IMPORTED |= {"indicators": "benefits:indicators", "measurements": "benefits:measurements"}
for _kind, _namespace in IMPORTED.items():
    ROWS |= {
        f"{_namespace}:import_file": (["slug"], EDIT, EDIT),
        f"{_namespace}:import_template": (["slug"], EDIT, NEVER),
        f"{_namespace}:import_columns": (["slug", f"import_{_kind}"], EDIT, EDIT),
        f"{_namespace}:import_review": (["slug", f"import_{_kind}"], EDIT, EDIT),
        f"{_namespace}:import_faults": (["slug", f"import_{_kind}"], EDIT, NEVER),
        f"{_namespace}:import_done": (["slug", f"import_{_kind}"], EDIT, NEVER),
        f"{_namespace}:import_undo": (["slug", f"import_{_kind}"], EDIT, EDIT),
        f"{_namespace}:import_progress": (["slug", f"import_{_kind}"], EDIT, NEVER),
    }


def furnish_after(project, indicator, owner):
    """What comes after the project: a link, a map, an agreement, an accepted plan, imports."""
    agreement = SupplierAgreement.objects.create(project=project, supplier="Dosett AS", subject="Dispensere")
    document = FrozenDocument.freeze(
        b"%PDF-1.7 plan",
        municipality=project.municipality,
        media_type="application/pdf",
        title="Plan",
        language="nb",
        data=plan_document(project, now=timezone.now()),
        by=owner,
        now=timezone.now(),
    )
    tokens.make(
        purpose="measurement",
        user=owner,
        target_id=indicator.pk,
        label=TODAY.isoformat(),
        expires_at=timezone.now() + timedelta(days=9),
    )
    imports = {f"import_{kind}": checked_sheet(project, kind, owner).pk for kind in IMPORTED}
    return imports | {
        "token": owner.tokens.get(purpose="measurement", target_id=indicator.pk).pk,
        "node": MapNode.objects.create(project=project, column=5, text="Færre turer").pk,
        "agreement": agreement.pk,
        "delivery": agreement.deliveries.create(what="Oppetid", promised=99).pk,
        "status_meeting": agreement.meetings.create(on=TODAY, by=owner).pk,
        "acceptance": project.plan_acceptances.create(
            by=owner, acting_as="prosjekteier", at=timezone.now(), document=document
        ).pk,
    }
