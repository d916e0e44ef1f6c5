"""What is true of a relationship, by plain SQL that was written without looking at the program.

A lazy look-up is `SELECT … WHERE key = ?`: the searched column's collation decides, and its affinity is applied to
the bound value. In a query over two columns the unary plus takes both away from the other one, which gives the same.
"""

ACCEPTED = {
    "any": None,
    "boolean": ("integer",),
    "integer": ("integer",),
    "real": ("integer", "real"),
    "numeric": ("integer", "real"),
    "text": ("text",),
    "blob": ("blob",),
    "date": ("integer", "real", "text"),
    "datetime": ("integer", "real", "text"),
}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def column(alias, name):
    return f"{alias}.{quoted(name)}"


def matches(searched, searching, pairs):
    """`pairs` of (searching column, searched column)."""
    return " AND ".join(f"{column(searched, there)} = +{column(searching, here)}" for here, there in pairs)


def all_set(alias, names):
    return " AND ".join(f"{column(alias, name)} IS NOT NULL" for name in names)


def readable(alias, fields):
    """Rows of which every value is of its declared type. `fields` of (column, type)."""
    parts = []
    for name, declared in fields:
        kinds = ACCEPTED[declared]
        if kinds is not None:
            listed = ", ".join(f"'{kind}'" for kind in ("null", *kinds))
            parts.append(f"typeof({column(alias, name)}) IN ({listed})")
    return " AND ".join(parts) or "1"


def number(connection, sql):
    return connection.execute(sql).fetchone()[0]


def rows(connection, table):
    return number(connection, f"SELECT count(*) FROM {quoted(table)}")


def nulls(connection, table, pairs, only="1"):
    return number(connection, f"SELECT count(*) FROM {quoted(table)} o "
                              f"WHERE NOT ({all_set('o', [here for here, _ in pairs])}) AND {only}")


def dangling(connection, table, target, pairs, only="1"):
    return number(connection, f"SELECT count(*) FROM {quoted(table)} o "
                              f"WHERE {all_set('o', [here for here, _ in pairs])} AND {only} AND NOT EXISTS "
                              f"(SELECT 1 FROM {quoted(target)} t WHERE {matches('t', 'o', pairs)})")


def found(connection, table, target, pairs, only="1"):
    """Rows that all lazy loads together give."""
    return number(connection, f"SELECT count(*) FROM {quoted(table)} o JOIN {quoted(target)} t "
                              f"ON {matches('t', 'o', pairs)} WHERE {only}")


def owners_with(connection, table, target, pairs, only="1"):
    return number(connection, f"SELECT count(*) FROM {quoted(table)} o WHERE {only} AND EXISTS "
                              f"(SELECT 1 FROM {quoted(target)} t WHERE {matches('t', 'o', pairs)})")


def association(connection, via, owner, target, owner_pairs, target_pairs):
    """Counts over an association; pairs of (association's column, side's column)."""
    to_owner = f"EXISTS (SELECT 1 FROM {quoted(owner)} t WHERE {matches('t', 'v', owner_pairs)})"
    to_target = f"EXISTS (SELECT 1 FROM {quoted(target)} t WHERE {matches('t', 'v', target_pairs)})"
    whole_owner = all_set("v", [here for here, _ in owner_pairs])
    whole_target = all_set("v", [here for here, _ in target_pairs])
    both = ", ".join(column("v", here) for here, _ in owner_pairs + target_pairs)
    base = f"FROM {quoted(via)} v WHERE"
    return {
        "rows": rows(connection, via),
        "null_part": number(connection, f"SELECT count(*) {base} NOT ({whole_owner} AND {whole_target})"),
        "missing_owner": number(connection, f"SELECT count(*) {base} {whole_owner} AND NOT {to_owner}"),
        "missing_target": number(connection, f"SELECT count(*) {base} {whole_target} AND NOT {to_target}"),
        "faulty": number(connection, f"SELECT count(*) {base} NOT ({whole_owner} AND {whole_target}) "
                                     f"OR NOT {to_owner} OR NOT {to_target}"),
        "repeated": number(connection, f"SELECT count(*) FROM (SELECT 1 {base} {whole_owner} AND {whole_target} "
                                       f"GROUP BY {both} HAVING count(*) > 1)"),
        "surplus": number(connection, f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) n {base} {whole_owner} "
                                      f"AND {whole_target} GROUP BY {both} HAVING count(*) > 1)"),
        "linked": number(connection, f"SELECT count(*) {base} {to_owner} AND {to_target}"),
    }
