#include "syntax/template_error.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <array>

namespace birdhouse::syntax {

std::string_view name_of(TemplateErrorKind kind) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"template", "parse", "syntax", "value", "custom", "key", "other", "unsupported", "limit"});
    return kNames[static_cast<std::size_t>(kind)];
}

namespace {

const Code& code_of(const TemplateError& error) {
    if (error.code != nullptr) {
        return *error.code;
    }
    switch (error.kind) {
    case TemplateErrorKind::Parse:
        return codes::T001;
    case TemplateErrorKind::Syntax:
        return codes::T002;
    case TemplateErrorKind::Unsupported:
        return codes::T004;
    case TemplateErrorKind::Limit:
        return codes::T005;
    default:
        return codes::T009;
    }
}

// The service's message without its opening words, which say nothing here, and in lower case.
std::string shortened(std::string message) {
    constexpr std::string_view kOpening = "Template Syntax Error: ";
    if (!message.starts_with(kOpening)) {
        return message;
    }
    message.erase(0, kOpening.size());
    if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') {
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    }
    return message;
}

} // namespace

void report(const TemplateError& error, Diagnostics& diagnostics) {
    diagnostics.add(code_of(error), error.span,
                    printable(error.plain.empty() ? shortened(error.message) : error.plain), error.help);
}

Failure raise(std::string_view exception, std::string message) {
    auto raised = std::make_unique<Raised>();
    raised->exception = exception;
    raised->message = std::move(message);
    return raised;
}

Failure refuse(std::string message) { return raise(kTemplateException, std::move(message)); }

Failure unsupported(std::string what) {
    return raise(kUnsupported, std::move(what) + " is not supported here");
}

Failure unhashable(const Value& key) {
    if (text_of(key)) {
        return over_limit("a key is longer than 64 KiB");
    }
    return raise("TypeError", "unhashable type: '" + std::string(type_name(key)) + "'");
}

Failure over_limit(std::string message) { return raise(kLimit, std::move(message)); }

} // namespace birdhouse::syntax
