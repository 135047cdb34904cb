// What the text of a template says about parameters without running it; shared by the extraction of
// parameters and the checks of names.
#pragma once

#include "syntax/expression.hpp"
#include "syntax/template.hpp"

#include <string>
#include <string_view>

namespace birdhouse::syntax {

// Functions whose first argument names a parameter: the types, and column(), defined() and the like.
bool is_type_function(std::string_view name);
bool takes_parameter_name(std::string_view name);
bool is_template_function(std::string_view name);
// The first argument of a call of such a function, when it is a list instead of a name; else null.
const Expression* list_for_name(const Expression& node);

// The value of a literal; a name gives its own text, `a + 'x'` gives `a`. None for what only running can
// tell.
Value static_value(const Expression& expression);

// When the service renders, it has put every `{{ x }}` into a call already: a name that stands there alone is
// an argument and no mention, and so does not decide about the type of `x`.
enum class BareNames { Found, Passed };
std::vector<TemplateParameter> extract_parameters(const Template& tree, BareNames bare_names);

// Fills in what rendering has to know of the mentions: see Template::lists.
void note_mentions(Template& tree);

// "Check the parameters A, B and C.": the names that some use leaves without a default.
std::string required_message(const Template& tree);

} // namespace birdhouse::syntax
