"""The duties a force posts people to and the authorities they carry, as starting data; a force edits them in the admin."""

from django.db import migrations

# (code, title, duty, what it allows after 'may')
DUTIES = (
    ("operational-officer", "Operational officer", "post", "be posted to public-facing duty"),
    ("response-officer", "Response officer", "post", "be posted to response"),
    ("neighbourhood-officer", "Neighbourhood officer", "post", "be posted to a neighbourhood team"),
    ("custody-officer", "Custody officer", "post", "be posted to custody"),
    ("control-room", "Control room operator", "post", "be posted to the control room"),
    ("detective", "Detective", "post", "be allocated serious and complex cases"),
    ("senior-investigating-officer", "Senior investigating officer", "post", "lead a major investigation"),
    ("child-abuse-investigator", "Child abuse investigator", "post", "be allocated child abuse cases"),
    ("tutor-constable", "Tutor constable", "authority", "tutor recruits"),
    ("taser-officer", "Taser officer", "authority", "carry Taser"),
    ("firearms-officer", "Authorised firearms officer", "authority", "carry firearms"),
    ("public-order-3", "Public order officer, level 3", "authority", "deploy on public order serials"),
    ("public-order-2", "Public order officer, level 2", "authority", "deploy with a support unit"),
    ("public-order-1", "Public order officer, level 1", "authority", "deploy with the level 1 unit"),
    ("public-order-commander", "Public order commander", "authority", "command public order operations"),
    ("method-of-entry", "Method of entry officer", "authority", "use method of entry equipment"),
    ("standard-driver", "Standard driver", "authority", "drive police vehicles"),
    ("response-driver", "Response driver", "authority", "drive on response"),
    ("pursuit-driver", "Pursuit driver", "authority", "take part in pursuits"),
    ("safety-instructor", "Safety training instructor", "authority", "deliver safety training"),
)


def add(apps, schema_editor):
    role = apps.get_model("people", "Role")
    for code, title, duty, may in DUTIES:
        role.objects.get_or_create(code=code, defaults={"title": title, "duty": duty, "may": may})


def remove(apps, schema_editor):
    apps.get_model("people", "Role").objects.filter(code__in=[duty[0] for duty in DUTIES]).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0005_availability_and_duties")]

    operations = [migrations.RunPython(add, remove)]
