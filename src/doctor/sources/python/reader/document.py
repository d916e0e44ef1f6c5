"""The document: one run from files to records."""


class Reader:
    """One run: reads the files, then makes the document."""

    def __init__(self):
        self.problems = []
        self.modules = []

    def run(self, arguments, roots):
        files = Files(arguments, roots, self.problems)
        names = ModuleNames(files.roots)
        for path in sorted(files.paths):
            self.read_file(path, names.name(path, files.paths[path]))
        self.program = Program(self.modules)
        self.fields = FieldReader(self.program)
        models = self.find_models()
        return {
            "schema_version": SCHEMA_VERSION,
            "python": "%d.%d.%d" % sys.version_info[:3],
            "files": [self.file(module) for module in self.modules],
            "models": self.models(models),
            "collections": self.collections(),
            "duplicates": self.duplicates(models),
            "cycles": self.cycles(),
            "type_checking_names": self.type_checking_names(),
            "imports_not_given": self.imports_not_given(),
            "uses": self.uses(models),
            "problems": sorted(self.problems, key=place_order),
        }

    def read_file(self, path, names):
        try:
            with open(path, "rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                raise Unreadable("too-large", "the limit is %d bytes" % MAX_FILE_BYTES)
            text, encoding = decoded(data)
            tree = parsed(text)
            module = Module(path, text, encoding, names)
            module.body = tree.body
            Collector(module).body(tree.body, module.scope)
            self.modules.append(module)
        except Unreadable as trouble:
            self.problems.append({"file": path, **trouble.record})
        except OSError as error:
            self.problem(path, "unreadable", error.strerror or str(error))
        except (RecursionError, MemoryError):
            self.problem(path, "too-deep", "nested too deeply, or too large, to be read")

    def problem(self, path, kind, message, line=0):
        self.problems.append({"file": path, "line": line, "column": 0, "kind": kind, "message": message})

    def find_models(self):
        find_decorated(self.program)
        models = [found.model for module in self.modules for found in module.classes if found.model]
        models += find_function_models(self.program)
        models.sort(key=lambda model: (model.class_.module.path, model.class_.node.lineno, model.bound_as or ""))
        kept = []
        for model in models:
            found = model.class_
            try:
                model.fields = self.fields.fields_of(found)
                kept.append(model)
            except (RecursionError, MemoryError):
                self.problem(found.module.path, "too-deep", "the class %s is nested too deeply" % found.qualname,
                             found.node.lineno)
        for model in kept:
            for name, field in model.fields.items():
                lazy = field.get("lazy")
                if lazy and lazy.get("seen_by_ommi"):
                    model.lazy[name] = (lazy["kind"], self.fields.targets.get((model.class_, name)))
        return kept

    def models(self, models):
        reader = ModelReader(self.program, self.fields)
        return [reader.read(model) for model in models]

    def file(self, module):
        return clean({"path": module.path, "module": module.name, "package": module.is_package,
                      "encoding": module.encoding, "future_annotations": module.future,
                      "lines": len(module.lines) - (not module.lines[-1])})

    def collections(self):
        records = []
        for module in self.modules:
            if "ollection" not in module.text:
                continue
            for scope in [module.scope, *module.scopes.values()]:
                for bindings in (scope.names or {}).values():
                    records += filter(None, map(self.collection, bindings))
        return sorted(records, key=place_order)

    def collection(self, binding):
        if binding.kind != "assign" or type(binding.value) is not ast.Call:
            return None
        scope, module = binding.scope, binding.scope.module
        role = self.program.role(self.program.of_expression(binding.value.func, View(scope, module)))
        if role not in ("ModelCollection", "get_global_collection"):
            return None
        return clean({"name": binding.name, "resolved": module.name + "." + scope.inside(binding.name),
                      "kind": "new" if role == "ModelCollection" else "global", "file": module.path,
                      **module.located(binding.node)})

    # Duplicates, circles, names that exist only for type checkers.

    def duplicates(self, models):
        records = []
        by_place, by_name = {}, {}
        for model in models:
            found = model.class_
            by_place.setdefault(found.dotted, []).append(model)
            by_name.setdefault(found.name, []).append(model)
        for name, same in by_place.items():
            if len(same) > 1:
                records.append({"kind": "redefined", "name": name, "places": [self.model_place(m) for m in same]})
        for name, same in by_name.items():
            if len({model.class_.module.path for model in same}) > 1:
                records.append({"kind": "same-name", "name": name, "places": [self.model_place(m) for m in same]})
        records += self.modules_with_two_names()
        return sorted(records, key=lambda record: (record["kind"], record["name"]))

    def model_place(self, model):
        found = model.class_
        return {"file": found.module.path, "line": found.node.lineno, "module": found.module.name}

    def modules_with_two_names(self):
        used = {}
        for module in self.modules:
            for target, name, node, _, guarded in module.imports:
                given = self.program.module(target, module)
                if given is not None and not guarded:
                    spelled = target
                    used.setdefault(given, {}).setdefault(spelled, (module.path, node.lineno))
        return [{"kind": "module-two-names", "name": given.name, "file": given.path,
                 "places": [{"as": spelled, "file": place[0], "line": place[1]}
                            for spelled, place in sorted(spellings.items())]}
                for given, spellings in used.items() if len(spellings) > 1]

    def edges(self, module):
        """module -> place, for every import between the files that runs when the module is imported."""
        found = {}
        for target, name, node, scope, guarded in module.imports:
            if guarded or scope.kind == "function":
                continue
            given = name and self.program.module(target + "." + name, module) or self.program.module(target, module)
            if given is not None and given is not module:
                found.setdefault(given, node)
        return found

    def cycles(self):
        edges = {module: self.edges(module) for module in self.modules}
        records = []
        for group in strongly_connected(edges):
            if len(group) > 1:
                inside = set(group)
                imports = [{"file": module.path, "line": node.lineno, "from": module.name, "to": target.name}
                           for module in group for target, node in edges[module].items() if target in inside]
                records.append({"modules": sorted(module.name for module in group),
                                "imports": sorted(imports, key=place_order)})
        return sorted(records, key=lambda record: record["modules"])

    def type_checking_names(self):
        records = []
        for module in self.modules:
            if "TYPE_CHECKING" not in module.text and "if " not in module.text:
                continue
            for bindings in module.scope.names.values():
                for binding in bindings:
                    if binding.guarded:
                        records.append(clean({
                            "file": module.path, **module.located(binding.node), "name": binding.name,
                            "resolved": self.program.of_binding(binding).name,
                            "also_at_run_time": any(not other.guarded for other in bindings)}))
        return sorted(records, key=place_order)

    def imports_not_given(self):
        """Imports of modules beside the given files which were not given themselves."""
        records = []
        for module in self.modules:
            for target, name, node, _, _ in module.imports:
                if self.program.by_name.get(target) or name and self.program.by_name.get(target + "." + name):
                    continue
                if target.partition(".")[0] in self.program.tops or getattr(node, "level", 0):
                    records.append(clean({"file": module.path, "line": node.lineno, "module": target, "name": name,
                                          "path": self.beside(module, target)}))
        return sorted(records, key=place_order)

    def beside(self, module, target):
        folder = os.path.dirname(module.path)
        for _ in range(module.name.count(".") + (1 if module.is_package else 0)):
            folder = os.path.dirname(folder)
        base = os.path.join(folder, *target.split("."))
        for path in (base + ".py", os.path.join(base, "__init__.py")):
            if os.path.isfile(path):
                return path
        return None

    def uses(self, models):
        lazy_names = {}
        for model in models:
            for name in model.lazy:
                lazy_names.setdefault(name, set()).add(model.class_.dotted)
        uses = []
        reader = UseReader(self.program, lazy_names, uses)
        for module in self.modules:
            self.imports_of_ommi(module, uses)
            reader.read(module)
        return sorted(uses, key=place_order)

    def imports_of_ommi(self, module, uses):
        for target, name, node, scope, _ in module.imports:
            if target.partition(".")[0] != "ommi" or name is None or name == "*" or target in self.program.by_name:
                continue
            record = {"file": module.path, **module.located(node), "source": module.lines[node.lineno - 1],
                      "name": name, "module": target, "scope": scope.qualname}
            if name in OLD_NAMES:
                uses.append(clean({"kind": "old-name", **record}))
            elif name in PLACES and target not in PLACES[name]:
                uses.append(clean({"kind": "wrong-import", **record, "known_in": list(PLACES[name])}))


def place_order(record):
    return (record.get("file", ""), record.get("line", 0), record.get("column", 0), record.get("kind", ""),
            record.get("name", "") or "")


def strongly_connected(edges):
    """The groups of modules that import each other in a circle (Tarjan's algorithm, without recursion)."""
    index, low, on_stack, stack, groups = {}, {}, set(), [], []
    for start in edges:
        if start in index:
            continue
        work = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    groups.append(stack[cut:])
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return groups
