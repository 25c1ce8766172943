"""What the roof keeps of its own, one module per subject."""

from reports.models.presentations import Audience, Presentation, Role, Slide

__all__ = ["Audience", "Presentation", "Role", "Slide"]
