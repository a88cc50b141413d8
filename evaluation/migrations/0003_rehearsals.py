from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_query_types")]

    operations = [
        migrations.AddField(
            model_name="study",
            name="rehearsal",
            field=models.BooleanField(
                default=False, editable=False, help_text="Judged by simulated participants; nobody said any of it."
            ),
        ),
    ]
