"""What dangling values are, which rows loop, and which columns mix classes: found without the program under test."""

import unicodedata

import plain_sql

BLANKS = {*range(0x21), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200E), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060,
          0x3000, 0xFEFF}
CAPITALS = {*range(0x41, 0x5B), *range(0xC0, 0xDF), *range(0x391, 0x3AA), *range(0x400, 0x430)} - {0xD7}


def form(value):
    """The text that is left of a value when blanks, Unicode form, letter case and leading zeros are put aside."""
    if isinstance(value, float):
        value = int(value) if value == int(value) else value
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str) or any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        return None
    letters = list(value)
    while letters and ord(letters[-1]) in BLANKS:
        letters.pop()
    while letters and ord(letters[0]) in BLANKS:
        letters.pop(0)
    text = unicodedata.normalize("NFD", "".join(letters))
    text = "".join(letter.lower() if ord(letter) in CAPITALS else letter for letter in text)
    if text and all(letter in "0123456789" for letter in text):
        text = text.lstrip("0") or "0"
    return text or None


def forms(row):
    parts = tuple(form(value) for value in row)
    return None if None in parts else parts


def stands_for_none(row):
    if len(row) != 1:
        return False
    value = row[0]
    if isinstance(value, (int, float)):
        return value in (0, -1)
    if isinstance(value, bytes):
        return value == bytes(16)
    return value in ("", "0", "-1") or (value.count("0") == 32 and not value.strip("0-{}"))


def danglings(connection, table, target, pairs):
    """(sentinels, near misses, missing): rows of each."""
    ours = ", ".join(plain_sql.column("o", here) for here, _ in pairs)
    theirs = ", ".join(plain_sql.column("t", there) for _, there in pairs)
    keys = {forms(row) for row in connection.execute(f"SELECT {theirs} FROM {plain_sql.quoted(target)} t")} - {None}
    counts = [0, 0, 0]
    for row in connection.execute(
            f"SELECT {ours} FROM {plain_sql.quoted(table)} o WHERE {plain_sql.all_set('o', [here for here, _ in pairs])}"
            f" AND NOT EXISTS (SELECT 1 FROM {plain_sql.quoted(target)} t WHERE {plain_sql.matches('t', 'o', pairs)})"):
        counts[0 if stands_for_none(row) else 1 if forms(row) in keys else 2] += 1
    return tuple(counts)


def loops(connection, table, pairs):
    """How many loops a table that refers to itself has; 0 where it is a relationship that goes both ways."""
    named = ", ".join(plain_sql.column("o", there) for _, there in pairs)
    leads = ", ".join(plain_sql.column("t", there) for _, there in pairs)
    width = len(pairs)
    following = {row[:width]: row[width:] for row in connection.execute(
        f"SELECT {named}, {leads} FROM {plain_sql.quoted(table)} o JOIN {plain_sql.quoted(table)} t "
        f"ON {plain_sql.matches('t', 'o', pairs)}")}
    seen, lengths = set(), []
    for start in following:
        walk, here = {}, start
        while here in following and here not in seen:
            seen.add(here)
            walk[here] = len(walk)
            here = following[here]
        if here in walk:
            lengths.append(len(walk) - walk[here])
    linked = plain_sql.number(connection, f"SELECT count(*) FROM {plain_sql.quoted(table)} o "
                                          f"WHERE {plain_sql.all_set('o', [here for here, _ in pairs])}")
    both_ways = len(lengths) > 1 and set(lengths) == {2} and sum(lengths) * 2 >= linked
    return 0 if both_ways else len(lengths)


def rarer(connection, table, name, declared):
    """Values of a column that are of another class than most, of those that its type allows."""
    classes = {"integer": "number", "real": "number", "text": "text", "blob": "blob"}
    allowed = plain_sql.ACCEPTED[declared]
    counts = {}
    for kind, rows in connection.execute(f"SELECT typeof({plain_sql.quoted(name)}), count(*) "
                                         f"FROM {plain_sql.quoted(table)} GROUP BY 1"):
        if kind in classes and (allowed is None or kind in allowed):
            counts[classes[kind]] = counts.get(classes[kind], 0) + rows
    return sum(counts.values()) - max(counts.values(), default=0)


def without_key(connection, table, columns):
    return plain_sql.number(connection, f"SELECT count(*) FROM {plain_sql.quoted(table)} o "
                                        f"WHERE NOT ({plain_sql.all_set('o', columns)})")
