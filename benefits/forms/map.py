"""Forms of the benefit map: boxes in six columns, and what leads to what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.models import MapNode
from innovasjon.forms import NoNationalId, form_helper
from innovasjon.meanwhile import MindsOthers


class NodeForm(MindsOthers, NoNationalId, forms.ModelForm):
    """One box, and the boxes it leads to."""

    leads_to = forms.ModelMultipleChoiceField(
        label=_("What does it lead to?"),
        queryset=MapNode.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = MapNode
        fields = ["text", "column", "benefit", "leads_to"]
        labels = {
            "text": _("Text"),
            "column": _("Column"),
            "benefit": _("Which benefit of the project is it?"),
        }
        error_messages = {
            "text": {"required": _("Write what stands in the box.")},
            "column": {"required": _("Choose a column.")},
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["column"].choices = [("", _("Choose a column")), *MapNode.Column.choices]
        self.fields["benefit"].queryset = project.benefits.in_order()
        self.fields["benefit"].empty_label = _("None")
        others = project.map_nodes.exclude(pk=self.instance.pk).order_by("column", "position", "pk")
        self.fields["leads_to"].queryset = others
        if self.instance.pk:
            self.fields["leads_to"].initial = list(self.instance.leads_to.values_list("effect", flat=True))
        if not others.exists():
            del self.fields["leads_to"]
        self.helper = form_helper()

    def clean(self):
        """A cause stands to the left of its effect, or beside it in the same column."""
        cleaned = super().clean()
        column = cleaned.get("column")
        wrong = [n for n in cleaned.get("leads_to") or [] if column and n.column < column]
        if wrong:
            self.add_error(
                "leads_to",
                _("«%(text)s» stands to the left. Arrows go to the right.") % {"text": wrong[0].text},
            )
        return cleaned
