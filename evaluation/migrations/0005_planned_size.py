import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0004_looks_at_open_studies'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='planned_judgments',
            field=models.PositiveIntegerField(blank=True, help_text='How many judgments it shall have before it closes; fixed before it opens.', null=True, validators=[django.core.validators.MinValueValidator(1)]),
        ),
        migrations.AddField(
            model_name='study',
            name='planned_participants',
            field=models.PositiveIntegerField(blank=True, help_text='How many shall judge before the study closes; fixed before it opens.', null=True, validators=[django.core.validators.MinValueValidator(1)]),
        ),
    ]
