"""选项 (choices) of the localities room."""

from django.db import models


class GridRole(models.TextChoices):
    KEEPER = "keeper", "网格员"
    INFORMANT = "informant", "信息员"
