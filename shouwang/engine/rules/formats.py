"""值的写法: amount, ratio, int, date and code as rules.yaml writes them; half up, only here."""

from fractions import Fraction

from sqlglot import exp

from shouwang.engine.rules import sql
from shouwang.engine.rules.compiler import Compiler, Exact
from shouwang.engine.rules.model import Shown
from shouwang.engine.rules.sql import Sql

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
    wide = sql.cast(sql.call("ABS", num), "HUGEINT")
    if form == "ratio":
        wide = sql.binary(exp.Mul, wide, sql.number(10**digits))
    whole = wide if isinstance(den, int) and den == 1 else _half_up(wide, _tree(den))
    unit = sql.number(10**digits)
    quotient = sql.cast(exp.IntDiv(this=whole, expression=unit), "VARCHAR")
    rest = sql.cast(exp.Mod(this=sql.paren(whole), expression=unit), "VARCHAR")
    negative = sql.both(
        [sql.binary(exp.LT, num, sql.number(0)), sql.binary(exp.GT, whole, sql.number(0))]
    )
    sign = sql.case([(negative, sql.text("-"))], sql.text(""))
    padded = sql.call("LPAD", rest, sql.number(digits), sql.text("0"))
    return sql.joined(sign, quotient, sql.text("."), padded)


def _half_up(num: Sql, den: Sql) -> Sql:
    two = sql.number(2)
    top = sql.binary(exp.Add, sql.binary(exp.Mul, num, two), den)
    return sql.paren(exp.IntDiv(this=top, expression=sql.binary(exp.Mul, den, two)))


def _tree(value: Sql | int) -> Sql:
    return sql.number(value) if isinstance(value, int) else value
