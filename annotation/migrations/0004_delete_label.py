from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("annotation", "0003_labels_into_campaigns")]
    operations = [migrations.DeleteModel(name="Label")]
