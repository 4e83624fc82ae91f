"""值的写法: amount, ratio, int, date and code as rules.yaml writes them; half up, only here."""

from fractions import Fraction

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.compiler import Compiler, Exact
from shouwang.engine.rules.model import Shown
from shouwang.engine.rules.sql import Sql

LARGE = 10**17
DIGITS = {"amount": 2, "ratio": 4}


def shown_sql(shown: Shown, compiler: Compiler) -> Sql:
    """The text of a shown value as SQL."""
    node = shown.expression
    if shown.format == "code":
        return sql.cast(compiler.sql(node), "VARCHAR")
    if shown.format == "date":
        return sql.cast(compiler.sql(node), "VARCHAR")
    constant = compiler.constant(node)
    if isinstance(constant, Fraction):
        return sql.text(exact_text(constant, shown.format))
    return _number(compiler.exact(node), shown.format)


def exact_text(value: Fraction, form: str) -> str:
    """The same for a value known beforehand; amounts are in fen."""
    digits = DIGITS.get(form, 0)
    scaled = value if form == "amount" else value * 10**digits
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def _number(value: Exact, form: str) -> Sql:
    num, den = _tree(value.num), value.den
    if form == "int":
        return sql.cast(
            sql.cast(sql.call("ROUND", num), "BIGINT") if value.decimal else num, "VARCHAR"
        )
    digits = DIGITS[form]
    whole = num
    if form == "ratio":
        whole = sql.binary(exp.Mul, sql.cast(num, "HUGEINT"), sql.number(10**digits))
    if not (isinstance(den, int) and den == 1):
        whole = _half_up(whole, _tree(den))
    unit = sql.cast(sql.text(f"0.{'1'.rjust(digits, '0')}"), f"DECIMAL({digits + 1},{digits})")
    return sql.cast(sql.binary(exp.Mul, sql.cast(whole, "DECIMAL(33,0)"), unit), "VARCHAR")


def _half_up(num: Sql, den: Sql) -> Sql:
    """Division cuts towards zero; half a denominator more, with the sign, rounds half up. In
    64 bits where numbers are of this world, in 128 where they are not."""
    usual = sql.both(
        [
            sql.between(num, sql.number(-LARGE), sql.number(LARGE)),
            sql.binary(exp.LT, den, sql.number(LARGE)),
        ]
    )
    return sql.case([(usual, _divided(num, den, "BIGINT"))], _divided(num, den, "HUGEINT"))


def _divided(num: Sql, den: Sql, kind: str) -> Sql:
    two, wide, part = sql.number(2), sql.cast(num, kind), sql.cast(den, kind)
    half = sql.case([(sql.binary(exp.LT, num, sql.number(0)), exp.Neg(this=part))], part)
    top = sql.binary(exp.Add, sql.binary(exp.Mul, wide, two), half)
    return sql.paren(exp.IntDiv(this=top, expression=sql.binary(exp.Mul, part, two)))


def _tree(value: Sql | int) -> Sql:
    return sql.number(value) if isinstance(value, int) else value
