"""A CPD statement is a certificate: asked for, signed and kept like every other. What was printed without a signature is made no more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0039_imported_records_are_put_right")]

    operations = [migrations.DeleteModel(name="Statement")]
