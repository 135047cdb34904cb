// Rendering with the failure as it was raised: generation templates say more about it than queries do.
#pragma once

#include "syntax/template.hpp"
#include "syntax/template_error.hpp"

#include <optional>

namespace birdhouse::syntax {

struct RenderFailure {
    TemplateError error;
    Failure raised; // null when rendering did not begin
};

std::optional<RenderFailure> render_into(const Template& tree, const RenderInput& input, Rendered& out);

} // namespace birdhouse::syntax
