"""赔款到户 (dividing): a sum split to the fen, so that the parts are the whole again. Pure."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

FEN = Decimal("0.01")


def parts_of(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Each part by its weight, rounded down; the fen that are left go to the largest remainders,
    among equals to the first. The parts always add up to the total."""
    whole = sum(weights, Decimal(0))
    if total < 0 or whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be positive and the total not negative")
    exact = [total * weight / whole for weight in weights]
    parts = [one.quantize(FEN, ROUND_DOWN) for one in exact]
    left = int((total - sum(parts, Decimal(0))) / FEN)
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:left]:
        parts[at] += FEN
    return parts
