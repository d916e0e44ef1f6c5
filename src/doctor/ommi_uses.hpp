#pragma once

/// \file
/// What the rules about the use of Ommi share: places that are one finding, and how it is put.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/python_facts.hpp"
#include "doctor/rule.hpp"

namespace doctor {

/// Places at which the same is done, in the order of the sources.
using Uses = std::vector<const python::Use*>;

/// The uses of these kinds that `wanted` takes, those with the same `key` together.
[[nodiscard]] std::vector<Uses> grouped_uses(
    const Evidence& evidence, std::initializer_list<std::string_view> kinds,
    const std::function<bool(const python::Use&)>& wanted,
    const std::function<std::string(const python::Use&)>& key);

/// Whether some of the sources does that.
[[nodiscard]] bool is_done(const Evidence& evidence,
                           const std::function<bool(const python::Use&)>& wanted);

/// A finding about what is done at these places: the first is its place, the others are notes. It
/// is about the lazy field, or the model, that the uses name.
Finding& add_use(Findings& findings, const Evidence& evidence, const Uses& uses,
                 std::string message);

/// A remedy in words.
[[nodiscard]] Remedy by_hand(std::string title);

/// The name of a class without its module.
[[nodiscard]] std::string_view last_name(std::string_view dotted) noexcept;

}  // namespace doctor
