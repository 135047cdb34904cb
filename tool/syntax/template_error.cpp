#include "syntax/template_error.hpp"

#include "base/codes.hpp"

#include <array>

namespace birdhouse::syntax {

std::string_view name_of(TemplateErrorKind kind) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"template", "parse", "syntax", "value", "custom", "key", "other", "unsupported", "limit"});
    return kNames[static_cast<std::size_t>(kind)];
}

namespace {

const Code& code_of(const TemplateError& error) {
    switch (error.kind) {
    case TemplateErrorKind::Parse: return codes::T001;
    case TemplateErrorKind::Syntax: return codes::T002;
    case TemplateErrorKind::Unsupported: return codes::T004;
    case TemplateErrorKind::Limit: return codes::T005;
    case TemplateErrorKind::Template:
        // Refused while reading, before anything was computed: only those have words of our own.
        return error.plain.empty() ? codes::T009 : codes::T003;
    case TemplateErrorKind::Value: return error.message.find("variable name") == std::string::npos ? codes::T009 : codes::T006;
    default: return codes::T009;
    }
}

} // namespace

void report(const TemplateError& error, Diagnostics& diagnostics) {
    diagnostics.add(code_of(error), error.span, error.plain.empty() ? error.message : error.plain, error.help);
}

Failure raise(std::string_view exception, std::string message) {
    auto raised = std::make_unique<Raised>();
    raised->exception = exception;
    raised->message = std::move(message);
    return raised;
}

Failure refuse(std::string message) { return raise(kTemplateException, std::move(message)); }

Failure unsupported(std::string what) { return raise(kUnsupported, std::move(what) + " is not supported here"); }

Failure over_limit(std::string message) { return raise(kLimit, std::move(message)); }

} // namespace birdhouse::syntax
