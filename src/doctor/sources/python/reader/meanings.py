"""What a name that should be a model's means where it stands."""


class MeaningReader:
    """Makes the facts about a name that should be a model's."""

    def __init__(self, program):
        self.program = program
        self.class_names = {}  # module -> names that may be meant by a misspelt one
        self.known = {}  # (what a name means, whether it stands in a string) -> the facts

    def name_record(self, node, view):
        """Facts about a name that should be a model's."""
        thing = self.program.of_expression(node, view)
        record = {"text": view.source.segment(node), "place": view.source.place(node)}
        record.update(self.meaning(thing, view))
        if thing.kind == "missing":
            if not isinstance(node, NAMES):
                record["where"] = "expression"
                record.pop("closest", None)
            elif record["where"] == "elsewhere":
                record["candidates"] = [found.dotted for found in
                                        self.program.classes.get(thing.name, ())[:MAX_CANDIDATES]]
        return record

    def meaning(self, thing, view):
        """What a name means; the same wherever it is written, unless it is missing."""
        if thing.kind == "missing":
            return self.missing(thing, view)
        known = self.known.get((thing, view.string))
        if known is None:
            known = self.known[thing, view.string] = self.found(thing, view)
        return known

    def missing(self, thing, view):
        record = {"where": thing.where}
        near = self.closest_model(thing.name, view.scope.module)
        if near:
            record["closest"] = near
        return record

    def found(self, thing, view):
        record = {"resolved": thing.name, "where": thing.where}
        if thing.kind == "external":
            record["where"] = "not-given" if thing.where in ("module", "later") else thing.where
        found = thing.class_
        if found is not None:
            record["is_class"] = True
            if thing.kind == "model":
                record["is_model"] = True
            record["definition"] = "%s:%d" % (found.module.path, found.node.lineno)
            if found.local:
                record["local_to_function"] = True
        if is_reached(thing, view):
            record["reached"] = True
        return record

    def closest_model(self, name, module):
        if module not in self.class_names:
            names = {found.name for found in module.classes}
            names.update(bound for bound in module.scope.names if bound in self.program.classes)
            self.class_names[module] = sorted(names)
        return closest(name.partition(".")[0], self.class_names[module])


def is_reached(thing, view):
    """Whether the name has this meaning when it is evaluated."""
    if view.string:
        return thing.where == "module" and thing.kind != "missing"
    return thing.where in ("module", "function", "class", "builtins") and thing.kind != "missing"
