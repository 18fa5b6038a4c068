"""The version in use cites too, though a newer draft may not: whoever looks for a section has to find it."""

from django.db import migrations


def cite_what_is_in_use(apps, schema_editor):
    QuestionVersion = apps.get_model("assessments", "QuestionVersion")
    Citation = apps.get_model("assessments", "Citation")
    rows = QuestionVersion.objects.filter(state="approved").values_list("question", "references")
    cited = {(question, code) for question, references in rows.iterator() for code in references}
    Citation.objects.bulk_create(
        [Citation(question_id=question, code=code) for question, code in sorted(cited)],
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0020_room_candidates")]

    operations = [migrations.RunPython(cite_what_is_in_use, migrations.RunPython.noop)]
