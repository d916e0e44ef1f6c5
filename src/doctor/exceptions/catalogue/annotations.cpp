// Annotations of models: what Ommi cannot read, or reads as something else.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate inner_quotes[] = {
    {"MOD003", "the target of the lazy field has quotes inside of the brackets",
     "annotations such as LazyLoadTheRelated[\"User\"]", "quote the whole annotation"},
};

constexpr Candidate not_in_module[] = {
    {"MOD004", "the target's name is not in the module when an instance is made",
     "imports under TYPE_CHECKING, classes local to a function, the order of imports",
     "import the class where the program runs"},
};

constexpr Candidate quoted_reference[] = {
    {"MOD002", "a quoted annotation refers to a field of a class that is defined later",
     "annotations such as \"Annotated[int, ReferenceTo(Later.id)]\"",
     "write Annotated[int, ReferenceTo(\"Later.id\")]"},
    {"MOD007", "metadata in a quoted Annotated is lost", "annotations in quotes",
     "take the quotes away"},
};

constexpr Candidate no_model[] = {
    {"MOD012", "the target is no model, or is wrapped in Optional or list",
     "@ommi_model above the target's class; LazyLoadTheRelated[Optional[User]]",
     "decorate the class, and name it alone"},
};

constexpr Candidate no_key[] = {
    {"MOD014", "no field is marked with Key, and the guess fails at a type that is no class",
     "fields of Optional[…], `X | None`, list[…] in a model without Key", "mark the key with Key"},
};

constexpr Candidate no_fields[] = {
    {"MOD009", "all fields are those of a base class, which Ommi does not see", "the base classes",
     "declare the fields in the model itself"},
    {"", "the class has no annotated names", "the class body", "annotate its fields"},
};

constexpr Candidate same_name[] = {
    {"", "two fields, or two StoreAs, differ by case only or not at all",
     "the names in the message", "give one of them another StoreAs"},
};

constexpr Candidate default_order[] = {
    {"", "a field without a default follows one that has one: the rule of dataclasses",
     "the order of the fields", "move it up, or give lazy fields `= None`"},
};

constexpr Candidate awaited_none[] = {
    {"MOD005", "the annotation is no lazy field to Ommi: the attribute holds its default",
     "Optional[LazyLoad…], LazyLoad… | None, Annotated[LazyLoad…, …]", "write the lazy type alone"},
    {"", "the instance was made with field=None by name, which stays None",
     "calls of the class that name lazy fields", "leave lazy fields out"},
};

constexpr Candidate not_registered[] = {
    {"", "the module is not in sys.modules while its body runs",
     "code that loads the module with exec_module()",
     "put it into sys.modules before exec_module()"},
};

constexpr Pattern patterns[] = {
    {.name = "inner-quotes",
     .types = "AttributeError",
     .messages = "'ForwardRef' object has no attribute '__ommi__'",
     .meaning = "the target of a lazy field is a text that nobody resolves",
     .versions = "0.1.9 and later; until 0.1.8 inner quotes worked",
     .example = "AttributeError: 'ForwardRef' object has no attribute '__ommi__'",
     .candidates = inner_quotes},
    {.name = "inner-quotes-in-association",
     .types = "TypeError",
     .messages = "Unexpected node type: ForwardRef('{model}')",
     .meaning = "the target of a lazy field with an association is a text that nobody resolves",
     .versions = "0.1.9 and later",
     .example = "TypeError: Unexpected node type: ForwardRef('Tag')",
     .candidates = inner_quotes},
    {.name = "forward-name-not-found",
     .types = "AttributeError",
     .messages = "type object 'ForwardReferenceTo_{model}' has no attribute '__ommi__'",
     .meaning = "the target's name was not in the module when the instance was made",
     .versions = "0.1.9 and later",
     .example = "AttributeError: type object 'ForwardReferenceTo_Post' has no attribute '__ommi__'",
     .candidates = not_in_module},
    {.name = "field-of-forward-name",
     .types = "AttributeError",
     .messages = "'ForwardReferenceTo_{model}' has no attribute '{field}'",
     .meaning = "an annotation asks a field of a class that is not there yet",
     .versions = "0.1.9 and later",
     .example = "AttributeError: type object 'ForwardReferenceTo_Later' has no attribute 'id'",
     .candidates = quoted_reference},
    {.name = "target-is-no-model",
     .types = "AttributeError",
     .messages =
         "object has no attribute '__ommi__'\ntype object '{model}' has no attribute '__ommi__'",
     .meaning = "the target of a lazy field is no Ommi model",
     .versions = "0.1.9 and later",
     .example = "AttributeError: type object 'User' has no attribute '__ommi__'",
     .candidates = no_model},
    {.name = "key-cannot-be-guessed",
     .types = "TypeError",
     .messages = "issubclass() arg 1 must be a class",
     .meaning = "Ommi looks for a key among the types of the fields and meets one that is no class",
     .versions = "0.1.9 and later",
     .example = "TypeError: issubclass() arg 1 must be a class",
     .candidates = no_key},
    {.name = "no-fields",
     .types = "Exception",
     .messages = "No fields defined on {model}",
     .meaning = "the model has no columns",
     .versions = "0.1.9 and later",
     .example = "Exception: No fields defined on <class 'ommi.models.models.OmmiModel_Empty'>",
     .candidates = no_fields},
    {.name = "same-column-twice",
     .types = "ValueError",
     .messages = "Duplicate field name found\nDuplicate StoreAs value found",
     .meaning = "two fields would be one column",
     .versions = "0.1.9 and later",
     .example = "ValueError: Duplicate StoreAs value found: 'name'",
     .candidates = same_name},
    {.name = "field-order",
     .types = "TypeError",
     .messages = "non-default argument '{field}' follows default argument",
     .meaning = "the class itself cannot be defined",
     .versions = "all",
     .example = "TypeError: non-default argument 'author' follows default argument 'title'",
     .candidates = default_order},
    {.name = "none-awaited",
     .types = "TypeError",
     .messages = "object NoneType can't be used in 'await' expression",
     .meaning = "the attribute is None, not a lazy field",
     .versions = "all",
     .example = "TypeError: object NoneType can't be used in 'await' expression",
     .candidates = awaited_none},
    {.name = "module-not-registered",
     .types = "AttributeError",
     .messages = "'NoneType' object has no attribute '__dict__'",
     .meaning = "the module that defines the class cannot be found by its name",
     .versions = "0.1.9 and later",
     .example = "AttributeError: 'NoneType' object has no attribute '__dict__'",
     .candidates = not_registered},
};

}  // namespace

extern constinit const Family annotations = {.title = "annotations", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
