"""Small questions about syntax trees."""


def dotted_text(node):
    """`a.b.c` of a dotted name, or None."""
    parts = []
    while type(node) is ast.Attribute:
        parts.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def subscript_items(node):
    inner = node.slice
    if INDEX is not None and type(inner) is INDEX:
        inner = inner.value
    return list(inner.elts) if type(inner) is ast.Tuple else [inner]


def union_members(node):
    """The members of `a | b | c`, without recursion."""
    members = []
    while type(node) is ast.BinOp and type(node.op) is ast.BitOr:
        members.append(node.right)
        node = node.left
    members.append(node)
    return members[::-1]


def argument_named(call, name):
    for item in call.keywords if call is not None else ():
        if item.arg == name:
            return item.value
    return None


def first_argument(call):
    if call is None:
        return None
    if call.args:
        return call.args[0]
    return call.keywords[0].value if call.keywords else None


def is_true(node):
    return type(node) is ast.Constant and node.value is True


def is_false(node):
    return type(node) is ast.Constant and node.value is False


def is_none(node):
    return type(node) is ast.Constant and node.value is None


def literal(node):
    return node.value if type(node) is ast.Constant and isinstance(node.value, (str, int, float, bool)) else None


def is_annotation(node):
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)) or \
        type(node) is ast.Constant and type(node.value) is str


def annotated_names(body, conditional):
    """The annotated names of a class body, those under `if` and the like too."""
    for node in body:
        kind = type(node)
        if kind is ast.AnnAssign:
            if type(node.target) is ast.Name and node.simple:
                yield node, conditional
        elif kind is ast.If:
            only_checked, never_checked = type_checking_test(node.test)
            if not only_checked:
                yield from annotated_names(node.body, True)
            if not never_checked:
                yield from annotated_names(node.orelse, True)
        elif kind is ast.Try:
            for part in (node.body, node.orelse, node.finalbody):
                yield from annotated_names(part, True)
        elif kind is ast.With:
            yield from annotated_names(node.body, True)


def type_checking_test(test):
    """(the body is for type checkers only, the `else` is)"""
    if type(test) is ast.Name and test.id == "TYPE_CHECKING" or \
            type(test) is ast.Attribute and test.attr == "TYPE_CHECKING":
        return True, False
    if type(test) is ast.Constant and not isinstance(test.value, str):
        return not test.value, bool(test.value)
    if type(test) is ast.UnaryOp and type(test.op) is ast.Not:
        body, other = type_checking_test(test.operand)
        return other, body
    return False, False


def has_inner_statements(text):
    """Whether a function may hold classes, imports, collections or models."""
    if "ollection(" in text or "ommi_model(" in text:
        return True
    for word in ("class ", "import "):
        position = text.find(word)
        while position >= 0:
            before = text[text.rfind("\n", 0, position) + 1:position]
            if before[:1] in " \t" and before or ":" in before or ";" in before:
                return True
            position = text.find(word, position + 1)
    return False
