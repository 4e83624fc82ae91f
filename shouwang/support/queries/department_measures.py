"""部门办理 (department measures): what waits for the answer of one's own department."""

from shouwang.core.actor import Actor

from ..models import Measure


def badge(actor: Actor) -> int:
    """Measures that came to the department and are not answered yet."""
    return Measure.objects.of_department(actor).filter(state="assigned").count()
