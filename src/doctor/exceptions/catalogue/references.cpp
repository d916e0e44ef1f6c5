// References between models: missing, or of a kind that Ommi cannot resolve.

#include "doctor/exceptions.hpp"

namespace doctor::exceptions::catalogue {
namespace {

constexpr Candidate no_reference[] = {
    {"REL001", "neither of the two models has a reference to the other",
     "the fields of both models; a chain of three models is not inferred",
     "add Annotated[int, ReferenceTo(User.id)] to the one that refers"},
    {"MOD007", "the reference is within Optional[…] or a union, or is the second one of its field",
     "annotations such as Optional[Annotated[int, ReferenceTo(…)]]",
     "put Annotated outside: Annotated[Optional[int], ReferenceTo(User.id)]"},
    {"MOD009", "the reference is inherited, and Ommi does not see fields of base classes",
     "whether the field stands in the model's own class body", "declare it in the model itself"},
    {"MOD015",
     "the model exists twice: reloaded, or imported under two names; references are kept by "
     "class",
     "how the module is imported, and classes of one name", "import it by one name only"},
    {"MOD004", "the target is a name that was never resolved", "forward references in quotes",
     "import the class where the program runs"},
};

constexpr Candidate reference_to_class[] = {
    {"MOD001", "ReferenceTo names a class, a lambda or None, where a field is due",
     "each ReferenceTo(…) of the model and of the models that lead to it",
     "write ReferenceTo(User.id)"},
};

constexpr Candidate association[] = {
    {"REL004", "the association model has no reference to the model of the lazy field",
     "the ReferenceTo of the model that AssociateUsing names", "add the missing reference"},
};

constexpr Candidate name_not_there[] = {
    {"MOD002",
     "a reference in quotes names a class that is not in the module which defines the model",
     "the texts in ReferenceTo(\"…\"), imports under TYPE_CHECKING, classes local to a function",
     "import the class where the program runs, and spell it as it is"},
    {"MOD004", "the target of a lazy field is written without quotes before it is defined",
     "annotations that name a class further down", "quote the whole annotation"},
    {"", "a name of the program itself that has nothing to do with models",
     "the last line of the traceback", "define or import it"},
};

constexpr Candidate no_field_named[] = {
    {"MOD002", "ReferenceTo(\"User\") names a class without a field",
     "the texts in ReferenceTo(\"…\")", "write ReferenceTo(\"User.id\")"},
};

constexpr Candidate no_such_field[] = {
    {"MOD002", "a reference names a field that the model does not have",
     "the texts in ReferenceTo(\"…\"), and ReferenceTo(User.…)", "spell the field as it is"},
    {"USE003", "a lazy field is asked of the class: only instances have it",
     "Model.field, where field is a lazy one", "ask an instance"},
    {"MOD009", "the field is one of a base class, which Ommi does not see", "the base classes",
     "declare it in the model itself"},
};

constexpr Pattern patterns[] = {
    {.name = "no-reference",
     .types = "RuntimeError",
     .messages = "No reference found between models {model} and {model}",
     .meaning = "Ommi knows of no reference in either direction",
     .versions = "0.1.9 and later",
     .example =
         "RuntimeError: No reference found between models <class "
         "'ommi.models.models.OmmiModel_Post'> and <class 'ommi.models.models.OmmiModel_User'>",
     .candidates = no_reference},
    {.name = "reference-to-class",
     .types = "TypeError",
     .messages = "Unexpected value for reference: {model}",
     .meaning =
         "a ReferenceTo that is no field; it breaks every load that needs its model's references",
     .versions = "0.1.9 and later",
     .example = "TypeError: Unexpected value for reference: <class "
                "'ommi.models.models.OmmiModel_User'>",
     .candidates = reference_to_class},
    {.name = "association-without-parent",
     .types = "TypeError",
     .messages = "'NoneType' object is not iterable",
     .meaning = "an association is asked for its references to the parent, and has none",
     .versions = "0.1.9 and later",
     .example = "TypeError: 'NoneType' object is not iterable",
     .candidates = association},
    {.name = "name-not-defined",
     .types = "NameError",
     .messages = "name '{model}' is not defined",
     .meaning = "a text in ReferenceTo, or an annotation, names what the module does not have",
     .versions = "0.1.9 and later",
     .example = "NameError: name 'User' is not defined",
     .candidates = name_not_there},
    {.name = "reference-without-field",
     .types = "AttributeError",
     .messages = "type object 'OmmiModel_{model}' has no attribute 'model'",
     .meaning = "a reference in quotes names a model and no field of it",
     .versions = "0.1.9 and later",
     .example = "AttributeError: type object 'OmmiModel_User' has no attribute 'model'",
     .candidates = no_field_named},
    {.name = "no-such-field",
     .types = "AttributeError",
     .messages = "type object 'OmmiModel_{model}' has no attribute '{field}'",
     .meaning = "a field is named that the model does not have",
     .versions = "0.1.9 and later",
     .example = "AttributeError: type object 'OmmiModel_User' has no attribute 'ident'",
     .candidates = no_such_field},
};

}  // namespace

extern constinit const Family references = {.title = "references", .patterns = patterns};

}  // namespace doctor::exceptions::catalogue
