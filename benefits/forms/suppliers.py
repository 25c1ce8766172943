"""Forms of the follow-up of suppliers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.forms.after import people_of_the_line
from benefits.models import Delivery, SupplierAgreement, SupplierMeeting
from innovasjon.forms import DateField, NoNationalId, NumberField, PersonField, form_helper
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User


class AgreementForm(MindsOthers, NoNationalId, forms.ModelForm):
    """Whom the agreement is with, about what, and who follows it up."""

    starts_on = DateField(label=_("Starts"), required=False)
    ends_on = DateField(label=_("Ends"), required=False)
    responsible = PersonField(
        label=_("Who follows it up?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )

    class Meta:
        model = SupplierAgreement
        fields = ["supplier", "subject", "reference", "starts_on", "ends_on", "responsible"]
        labels = {
            "supplier": _("Supplier"),
            "subject": _("What is the agreement about?"),
            "reference": _("Case reference"),
        }
        error_messages = {
            "supplier": {"required": _("Write who the supplier is.")},
            "subject": {"required": _("Write what the agreement is about.")},
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["responsible"].queryset = people_of_the_line(project)
        self.helper = form_helper()


class DeliveryForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What is promised, and what was measured."""

    promised = NumberField(
        label=_("Promised"),
        max_digits=16,
        decimal_places=3,
        error_messages={"required": _("Write a number, for example 348.")},
    )
    due_on = DateField(label=_("Due"), required=False)
    measured = NumberField(label=_("Measured"), max_digits=16, decimal_places=3, required=False)
    measured_on = DateField(label=_("Measured on"), required=False)

    class Meta:
        model = Delivery
        fields = [
            "what",
            "unit_label",
            "promised",
            "more_is_better",
            "due_on",
            "measured",
            "measured_on",
            "comment",
        ]
        labels = {
            "what": _("What is promised?"),
            "unit_label": _("Unit"),
            "more_is_better": _("More is better"),
            "comment": _("Comment"),
        }
        help_texts = {
            "unit_label": _("For example «minutes» or «per cent uptime»."),
            "more_is_better": _("Take the tick away when less is better, as with waiting time."),
        }
        widgets = {"comment": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"what": {"required": _("Write what is promised.")}}

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.agreement = agreement
        self.helper = form_helper()


class SupplierMeetingForm(MindsOthers, NoNationalId, forms.ModelForm):
    """A status meeting, and when the next one is."""

    on = DateField(label=_("When?"), error_messages={"required": _("Write which day the meeting is.")})
    next_on = DateField(label=_("Next meeting"), required=False)

    class Meta:
        model = SupplierMeeting
        fields = ["on", "notes", "next_on"]
        labels = {"notes": _("What was agreed?")}
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.agreement = agreement
        self.helper = form_helper()
