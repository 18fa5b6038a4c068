"""What a force calls itself and looks like."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image as Pixels
from wagtail.images import get_image_model
from wagtail.models import Site

from people.force import force
from people.kept import forget
from people.models import ForceSettings
from people.models.force import FORCE_CACHE_KEY, LOGO_SIZE, contrast_with_white
from tests import factories
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#10264d", 14.9), ("#1d4f9c", 7.9), ("#b34a08", 5.4)]
)
def test_contrast_is_measured_as_the_guidelines_define_it(colour, ratio):
    assert round(contrast_with_white(colour), 1) == ratio


def test_a_dark_brand_colour_is_taken():
    ForceSettings(site=Site.objects.get(), brand_colour="#10264d").full_clean()


@pytest.mark.parametrize(("colour", "ratio"), [("#3b82f6", "3.7"), ("#767676", "4.5"), ("#FFDD00", "1.3")])
def test_a_brand_colour_too_pale_is_refused_with_the_measured_ratio(colour, ratio):
    with pytest.raises(ValidationError, match=f"contrast of {ratio} to 1 on white; at least 7 to 1"):
        ForceSettings(site=Site.objects.get(), brand_colour=colour).full_clean()


def test_what_is_no_colour_is_refused_once():
    with pytest.raises(ValidationError) as refused:
        ForceSettings(site=Site.objects.get(), brand_colour="navy").full_clean()
    assert refused.value.message_dict == {
        "brand_colour": ["Write the colour as # and six digits, for example #10264d."]
    }


def test_the_settings_screen_refuses_it_and_keeps_what_was_typed(signed_in):
    client = signed_in(factories.person("Admin", "system-admin"))
    site = Site.objects.get()
    address = f"/admin/settings/people/forcesettings/{site.pk}/"
    answer = client.post(
        address,
        {
            "force_name": "Vale Police",
            "service_name": "Learning",
            "brand_colour": "#ffcc00",
            "signatory_name": "T. Demo",
            "signatory_title": "Head",
            "contact_email": "learning@force.example",
            "cpd_year_starts_month": "4",
        },
    )
    content = answer.content.decode()
    assert "contrast of 1.5 to 1" in content
    assert 'value="Vale Police"' in content


def test_the_admin_wears_the_brand_colour(signed_in):
    ForceSettings.objects.update_or_create(site=Site.objects.get(), defaults={"brand_colour": "#004225"})
    client = signed_in(factories.person("Admin", "system-admin"))
    assert "/admin/brand.css" in client.get("/admin/").content.decode()
    rules = client.get("/admin/brand.css").content.decode()
    assert "--w-color-primary-hue: 153.6" in rules
    assert "--w-color-primary-lightness: 12.9%" in rules


def as_typed(**changes):
    """What the settings screen sends: the standard settings with some of them changed."""
    standard = ForceSettings()
    fields = [field for field in ForceSettings._meta.concrete_fields if not (field.primary_key or field.is_relation)]
    return {field.name: getattr(standard, field.name) for field in fields} | changes


def written(queries):
    return [sql for sql in queries.statements if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def a_logo():
    pixels = io.BytesIO()
    Pixels.new("RGB", (800, 400), "#10264d").save(pixels, "PNG")
    return get_image_model().objects.create(title="Crest", file=ContentFile(pixels.getvalue(), name="crest.png"))


def test_reading_where_nothing_was_ever_set_gives_the_standard_force_and_writes_nothing(client):
    assert not ForceSettings.objects.exists()
    with counted_queries() as queries:
        assert client.get("/help/").status_code == 200
    assert not written(queries)
    assert force().force_name == "Example Police Service"
    assert not ForceSettings.objects.exists()


def test_opening_the_settings_screen_writes_nothing_and_saving_it_writes_the_row(signed_in):
    client = signed_in(factories.person("Admin", "system-admin"))
    address = f"/admin/settings/people/forcesettings/{Site.objects.get().pk}/"
    client.get(address)  # the gate before the admin has put the groups right
    with counted_queries() as queries:
        page = client.get(address)
    assert 'value="Example Police Service"' in page.content.decode()
    assert not written(queries)

    client.post(address, as_typed(force_name="Vale Police"))
    client.post(address, as_typed(force_name="Vale Police", service_name="Learning and proof"))
    assert ForceSettings.objects.get().service_name == "Learning and proof"
    assert force().force_name == "Vale Police"


def test_a_logo_is_made_small_when_it_is_set_and_reading_it_writes_nothing():
    logo = a_logo()
    ForceSettings(site=Site.objects.get(), logo=logo).save()
    with counted_queries() as queries:
        shown = force()
    assert (shown.logo_width, shown.logo_height) == (160, 80)
    assert not written(queries)

    # Wagtail throws the small copy away when the picture is replaced; the picture itself stands in until the next save.
    logo.renditions.filter(filter_spec=LOGO_SIZE).delete()
    forget(FORCE_CACHE_KEY)
    with counted_queries() as queries:
        assert force().logo_file == logo.file.name
    assert not written(queries)


def test_there_are_no_settings_without_a_site():
    with pytest.raises(ForceSettings.DoesNotExist):
        ForceSettings.for_site(None)
