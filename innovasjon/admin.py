"""People and municipalities, kept by the site's operator. Everything done here is in the audit trail."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, ReadOnlyPasswordHashField
from django.contrib.auth.models import Group
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from innovasjon import presentation_templates, shields
from innovasjon.audit import differences, record
from innovasjon.models import AuditEvent, Membership, Municipality, User

admin.site.unregister(Group)


class RecordedAdmin(admin.ModelAdmin):
    """Writes what the operator saves and deletes to the audit trail."""

    SECRET = {"password", "last_login"}
    name = ""  # the noun of the verbs

    def municipality_of(self, instance):
        return None

    def _record(self, request, verb, instance, changes=None):
        record(
            f"{self.name}.{verb}",
            instance,
            by=request.user,
            municipality=self.municipality_of(instance),
            changes=changes,
        )

    def save_model(self, request, instance, form, change):
        before = model_to_dict(type(instance).objects.get(pk=instance.pk)) if change else {}
        super().save_model(request, instance, form, change)
        after = {k: v for k, v in model_to_dict(instance).items() if k not in self.SECRET}
        before = {name: before.get(name) for name in after}
        self._record(request, "changed" if change else "added", instance, differences(before, after))

    def delete_model(self, request, instance):
        self._record(request, "deleted", instance)
        super().delete_model(request, instance)

    def delete_queryset(self, request, queryset):
        for instance in queryset:
            self.delete_model(request, instance)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ["municipality"]


class MunicipalityForm(forms.ModelForm):
    picture = forms.FileField(
        label=_("shield"),
        required=False,
        help_text=_("PNG, JPEG or WebP. It is made smaller and stored as PNG."),
    )
    accessibility_statement = forms.URLField(
        label=_("accessibility statement"), required=False, assume_scheme="https"
    )
    remove_picture = forms.BooleanField(label=_("remove the shield"), required=False)
    slides = forms.FileField(
        label=_("presentation template"),
        required=False,
        help_text=_("PowerPoint (.pptx). Its slides are removed; masters, fonts and colours are kept."),
    )
    remove_slides = forms.BooleanField(label=_("remove the presentation template"), required=False)

    class Meta:
        model = Municipality
        fields = [
            "number",
            "name",
            "organisation_number",
            "colour",
            "access_contact",
            "accessibility_statement",
        ]

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        return shields.store(upload) if upload else ""

    def clean_slides(self):
        upload = self.cleaned_data["slides"]
        return presentation_templates.store(upload) if upload else ""

    def save(self, commit=True):
        if self.cleaned_data["remove_slides"]:
            self.instance.presentation_template = ""
        self.instance.presentation_template = (
            self.cleaned_data["slides"] or self.instance.presentation_template
        )
        if self.cleaned_data["remove_picture"]:
            self.instance.shield = ""
        self.instance.shield = self.cleaned_data["picture"] or self.instance.shield
        return super().save(commit)


@admin.register(Municipality)
class MunicipalityAdmin(RecordedAdmin):
    name = "municipality"
    form = MunicipalityForm
    list_display = ["name", "number", "colour"]
    search_fields = ["name", "number"]
    ordering = ["name"]

    def municipality_of(self, instance):
        return instance


class NewUserForm(forms.ModelForm):
    """A new person gets a password by the link under «Glemt passordet?», so none is set here."""

    class Meta:
        model = User
        fields = ["email", "name", "position", "is_staff"]

    def save(self, commit=True):
        user = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class UserForm(forms.ModelForm):
    password = ReadOnlyPasswordHashField(label=_("password"))

    class Meta:
        model = User
        fields = ["email", "name", "position", "is_active", "is_staff", "is_superuser", "password"]


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):
    name = "user"
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["name", "email", "position", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "memberships__municipality"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "position", "password"]}),
        (_("Access to the site itself"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "position", "is_staff"]})]

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for membership in formset.new_objects:
            self._record_role(request, "membership.added", membership)
        for membership, _fields in formset.changed_objects:
            self._record_role(request, "membership.changed", membership)
        for membership in formset.deleted_objects:
            self._record_role(request, "membership.removed", membership)

    def _record_role(self, request, verb, membership):
        record(
            verb, membership.user, by=request.user, municipality=membership.municipality, role=membership.role
        )


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """The trail, to read. Nothing here can be added, changed or deleted."""

    list_display = ["at", "verb", "target_label", "project_name", "actor_name"]
    list_filter = ["verb"]
    search_fields = ["target_label", "project_name", "actor_name"]
    ordering = ["-id"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
