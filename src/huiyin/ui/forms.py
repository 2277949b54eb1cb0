"""How forms are set: our own markup for the whole form and for each field. Settings: FORM_RENDERER."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Error summary with links first, then each field as label, help, error, widget."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
