"""The fields and the form pack: forgiving dates, errors at the field, nothing typed is lost."""

from datetime import date, timedelta

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from innovasjon.forms import DateField, NumberField, form_helper, read_date
from innovasjon.templatetags.innovasjon import error_list

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.12", date(2026, 12, 3)),
        ("3.12.", date(2026, 12, 3)),
        ("3.12.26", date(2026, 12, 3)),
        ("03122026", date(2026, 12, 3)),
        ("031226", date(2026, 12, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("3. 12. 2026", date(2026, 12, 3)),
        ("15.1", date(2027, 1, 15)),  # the year that is nearest
        ("1.10", date(2026, 10, 1)),
    ],
)
def test_date_is_read_in_the_ways_people_write_it(text, expected):
    assert read_date(text, today=TODAY) == expected


@pytest.mark.parametrize(
    ("text", "why"), [("18/12", "form"), ("i morgen", "form"), ("31.02.2026", "missing"), ("0.1", "missing")]
)
def test_what_is_no_date_is_refused_with_why(text, why):
    with pytest.raises(ValueError, match=why):
        read_date(text, today=TODAY)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_date_survives_being_shown_and_read_again(day):
    assert read_date(day.strftime("%d.%m.%Y"), today=TODAY) == day
    assert read_date(day.isoformat(), today=TODAY) == day


@given(st.integers(-180, 180))
def test_date_without_a_year_is_the_one_around_today(days):
    day = TODAY + timedelta(days=days)
    assert read_date(f"{day.day}.{day.month}", today=TODAY) == day


@given(st.integers(0, 364))
def test_due_date_without_a_year_is_the_next_one(days):
    day = TODAY + timedelta(days=days)
    assert read_date(f"{day.day}.{day.month}", today=TODAY, ahead=True) == day


class AllFields(forms.Form):
    name = forms.CharField(label="Navn", help_text="Hele navnet.")
    note = forms.CharField(label="Notat", widget=forms.Textarea, required=False)
    phase = forms.ChoiceField(label="Fase", choices=[("1", "Forankring"), ("2", "Innsikt")])
    outcome = forms.ChoiceField(
        label="Utfall", choices=[("go", "Videre"), ("stop", "Stopp")], widget=forms.RadioSelect
    )
    groups = forms.MultipleChoiceField(
        label="Grupper", choices=[("a", "Ansatte"), ("b", "Brukere")], widget=forms.CheckboxSelectMultiple
    )
    day = DateField(label="Dato")
    count = forms.IntegerField(label="Antall", min_value=0)
    ok = forms.BooleanField(label="Enig")
    picture = forms.FileField(label="Bilde", required=False)


def drawn(form, **context):
    template = Template("{% load crispy_forms_tags %}{% crispy form %}")
    with translation.override("nb"):
        return template.render(Context({"form": form, **context}))


def with_helper(form):
    form.helper = form_helper()
    return form


def test_fields_have_labels_help_and_the_word_optional():
    html = drawn(with_helper(AllFields()))
    for name in ("name", "note", "phase", "day", "count", "ok", "picture"):
        assert f'for="id_{name}"' in html
    assert html.count("(valgfritt)") == 2
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert "<legend" in html
    assert 'type="file"' in html
    assert 'inputmode="numeric"' in html
    assert "Du må rette" not in html


def test_errors_stand_at_the_field_and_in_a_summary_that_leads_there():
    html = drawn(with_helper(AllFields({"name": "Kari", "day": "31.02.2026", "count": "-1", "outcome": ""})))
    assert "Du må rette seks ting" in html
    assert 'href="#id_day"' in html
    assert 'href="#id_outcome_0"' in html
    assert 'id="id_day_error"' in html
    assert html.count('aria-invalid="true"') >= 4
    assert "data-error-summary" in html
    for typed in ('value="Kari"', 'value="31.02.2026"', 'value="-1"'):
        assert typed in html


def test_one_error_is_one_thing():
    class One(forms.Form):
        name = forms.CharField(label="Navn")

    assert "Du må rette én ting" in drawn(with_helper(One({})))


def test_radio_cards_show_help_and_what_closes_a_choice():
    form = with_helper(AllFields(initial={"outcome": "stop"}))
    form.fields["outcome"].widget.choice_help = {"stop": "Prosjektet avsluttes."}
    form.fields["outcome"].widget.disabled_choices = {"go": "Noe hindrer det."}
    html = drawn(form)
    assert "Prosjektet avsluttes." in html
    assert "Noe hindrer det." in html
    assert html.count(" disabled") == 1
    assert html.count(" checked") == 1


def test_whole_form_with_buttons_carries_no_style_of_another_pack():
    form = AllFields()
    form.helper = FormHelper()
    form.helper.add_input(Submit("save", "Lagre"))
    html = drawn(form)
    assert '<button class="ds-button" type="submit" name="save"' in html
    assert "btn" not in html
    assert "form-control" not in html
    assert 'enctype="multipart/form-data"' in html


def test_formset_and_its_table_draw_every_row():
    rows = forms.formset_factory(AllFields, extra=2)()
    helper = form_helper()
    for template in ("designsystemet/whole_uni_formset.html", "designsystemet/table_inline_formset.html"):
        helper.template = template
        html = Template("{% load crispy_forms_tags %}{% crispy rows helper %}").render(
            Context({"rows": rows, "helper": helper})
        )
        assert 'name="form-TOTAL_FORMS"' in html
        assert 'name="form-0-name"' in html
        assert 'name="form-1-name"' in html


def test_date_field_reads_todays_year():
    year = timezone.localdate().year
    assert DateField().clean("1.1.30") == date(2030, 1, 1)
    assert abs(DateField().clean("1.7").year - year) <= 1


def test_summary_names_the_field_of_a_text_that_names_none():
    class Two(forms.Form):
        hours = NumberField(label="Timer", min_value=0, max_digits=4)
        first = DateField(label="Første dag")
        last = DateField(label="Siste dag")
        name = forms.CharField(label="Navn", error_messages={"required": "Skriv navnet."})

    with translation.override("nb"):
        form = Two({"hours": "-1", "first": "x", "last": "y"})
        texts = [problem["text"] for problem in error_list(form)]
        assert texts[0].startswith("Timer: ")
        assert [text.split(":")[0] for text in texts[1:3]] == ["Første dag", "Siste dag"]
        assert texts[3] == "Skriv navnet."
        digits = error_list(Two({"hours": "12345", "first": "3.12", "last": "4.12", "name": "A"}))
        assert digits[0]["text"] == "Timer: Skriv tallet med høyst 4 sifre."
