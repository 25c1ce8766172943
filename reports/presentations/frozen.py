"""A deck as plain data and back again, so that it can wait in the queue and be found again by its content.

Pictures stand as their digest alone; their bytes are read when the file is made.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal

from reports.presentations import blocks, deck
from reports.presentations.blocks import Photo
from reports.presentations.deck import Deck

KIND = "_"
CLASSES = {
    name: found
    for module in (blocks, deck)
    for name, found in vars(module).items()
    if isinstance(found, type) and is_dataclass(found)
}


def as_data(value):
    """Return a deck, or a part of one, as JSON can hold it."""
    if is_dataclass(value):
        return {
            KIND: type(value).__name__,
            **{field.name: as_data(getattr(value, field.name)) for field in fields(value)},
        }
    if isinstance(value, tuple):
        return [as_data(item) for item in value]
    if isinstance(value, Decimal):
        return {KIND: "Decimal", "value": str(value)}
    if isinstance(value, datetime):
        return {KIND: "datetime", "value": value.isoformat()}
    return value


def revive(value):
    """Return what `as_data` was given."""
    if isinstance(value, list):
        return tuple(revive(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value.get(KIND)
    if kind == "Decimal":
        return Decimal(value["value"])
    if kind == "datetime":
        return datetime.fromisoformat(value["value"])
    inner = {name: revive(item) for name, item in value.items() if name != KIND}
    return CLASSES[kind](**inner) if kind else inner


def with_pictures(found: Deck, source) -> Deck:
    """Return the deck with an address for each picture; `source` gives it for a digest."""
    slides = tuple(
        replace(
            slide,
            blocks=tuple(
                replace(block, src=source(block.digest)) if isinstance(block, Photo) else block
                for block in slide.blocks
            ),
        )
        for slide in found.slides
    )
    return replace(found, slides=slides)
