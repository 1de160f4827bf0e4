"""Writes decimals.txt: sums, differences, products and quotients by Python's exact arithmetic.

    python3 make_decimals.py > decimals.txt
Lines: OPERATION A B [SCALE] RESULT. A quotient is rounded half to even at SCALE digits, then loses trailing zeros down to
the digits that A has more than B behind the point.
"""
import random
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 3000


def number(chance):
    digits = "".join(chance.choice("0123456789") for _ in range(chance.choice([1, 2, 5, 9, 10, 18, 19, 27, 40, 90])))
    if chance.random() < 0.2:
        digits = chance.choice(["9", "0", "1"]) * len(digits)
    if chance.random() < 0.2:
        digits = "1" + "0" * (len(digits) - 1)
    scale = chance.choice([0, 0, 1, 2, 5, 9, 20])
    return Decimal((chance.randrange(2), tuple(int(d) for d in digits), -scale))


def text(value):
    shown = format(value, "f")
    return shown.lstrip("-") if value == 0 else shown


def quotient(a, b, scale):
    rounded = round(Fraction(a) / Fraction(b) * 10**scale)
    ideal = max(0, b.as_tuple().exponent - a.as_tuple().exponent)
    digits, places = abs(rounded), scale
    while places > ideal and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Decimal((int(rounded < 0), tuple(int(d) for d in str(digits)), -places))


def main():
    chance = random.Random(7)
    for _ in range(150):
        a, b = number(chance), number(chance)
        print("add", text(a), text(b), text(a + b))
        print("subtract", text(a), text(b), text(a - b))
        print("multiply", text(a), text(b), text(a * b))
        scale = chance.choice([0, 1, 2, 8, 20, 50])
        if b != 0:
            print("divide", text(a), text(b), scale, text(quotient(a, b, scale)))


main()
