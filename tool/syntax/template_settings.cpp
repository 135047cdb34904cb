// Functions that tell the service something beside the SQL: settings, secrets, errors on purpose.
#include "base/text.hpp"
#include "syntax/template_functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace birdhouse::syntax {

namespace {

// A comment with its line end: text after the call on the same line is not commented out.
Outcome<Value> comment(Evaluator& evaluator, const std::string& content) {
    return evaluator.text("-- " + content + "\n", TextKind::Raw);
}

Outcome<Value> max_threads(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x"}, 1));
    const Value& threads = *bound[0];
    const auto text = text_of(threads);
    const auto number = text ? read_integer(trim(*text)) : integer_of(threads);
    if (const auto* fraction = threads.as<FloatValue>();
        fraction != nullptr && std::fabs(fraction->number) < 1e15) {
        evaluator.output().settings.insert_or_assign(
            "max_threads", make_integer(static_cast<std::int64_t>(std::trunc(fraction->number))));
        return comment(evaluator, "max_threads " + str_of(threads));
    }
    if (!number) {
        return comment(evaluator, "max_threads: wrong argument " + str_of(threads));
    }
    evaluator.output().settings.insert_or_assign("max_threads", make_integer(*number));
    return comment(evaluator, "max_threads " + integer_text(*number));
}

Outcome<Value> cache_ttl(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"ttl_expression"}, 1));
    constexpr auto kKnown = std::to_array<std::string_view>({"5s", "1m", "5m", "30m", "1h"});
    const std::string ttl = str_of(*bound[0]);
    if (std::find(kKnown.begin(), kKnown.end(), ttl) == kKnown.end()) {
        return refuse("Invalid TTL cache expression, valid expressions are ('5s', '1m', '5m', '30m', '1h')");
    }
    evaluator.output().settings.insert_or_assign("cache_ttl", make_text(ttl));
    return comment(evaluator, "cache_ttl " + ttl);
}

Outcome<Value> activate(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"feature"}, 1));
    const std::string feature = str_of(*bound[0]);
    if (feature != "analyzer" && feature != "parallel_replicas") {
        return refuse("'" + feature + "' is not a valid 'activate' argument");
    }
    evaluator.output().settings.insert_or_assign("activate", make_text(feature));
    return comment(evaluator, "activate " + feature);
}

// The service looks for the argument inside of the word, so that any part of it passes.
Outcome<Value> disable(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"feature"}, 1));
    if (!text_of(*bound[0])) {
        return raise("TypeError", "'in <string>' requires string as left operand, not " +
                                      std::string(type_name(*bound[0])));
    }
    const std::string feature(*text_of(*bound[0]));
    if (std::string_view("analyzer").find(feature) == std::string_view::npos) {
        return refuse("'" + feature + "' is not a valid 'disable' argument");
    }
    evaluator.output().settings.insert_or_assign("disable", make_text(feature));
    return comment(evaluator, "disable " + feature);
}

Outcome<Value> backend_hint(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"hint"}, 1));
    const Value& hint = *bound[0];
    evaluator.output().settings.insert_or_assign("backend_hint",
                                                 is_true(hint) ? make_text(str_of(hint)) : Value{});
    return comment(evaluator, "backend_hint " + str_of(hint));
}

// A secret never becomes text here: the query names it and the caller binds its value.
Outcome<Value> tb_secret(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default"}, 1));
    const std::string name = str_of(*bound[0]);
    const auto& known = evaluator.input().secrets;
    const bool exists = std::find(known.begin(), known.end(), name) != known.end();
    const Value fallback = value_or_none(bound[1]);
    if (!exists && !fallback.is_none()) {
        return text_of(fallback) ? evaluator.text(std::string(*text_of(fallback))) : fallback;
    }
    if (!exists && !(evaluator.test_mode() && text_of(*bound[0]))) {
        return refuse("Cannot access secret '" + name +
                      "'. Check the secret exists in the Workspace and the token has the required scope.");
    }
    auto& used = evaluator.output().secrets;
    if (std::find(used.begin(), used.end(), name) == used.end()) {
        used.push_back(name);
    }
    return evaluator.text("{" + escape_identifier(name) + ": String}", TextKind::Symbol);
}

// In test mode the service goes on, whatever it was given, with this literal text where the message would be.
constexpr const char* kTestModeError = "-- {x} \n";

Outcome<Value> error(Evaluator& evaluator, const Arguments& given) {
    if (evaluator.test_mode()) {
        return evaluator.text(kTestModeError, TextKind::Symbol);
    }
    TRY_ASSIGN(const Bound bound, bind(given, {"message"}, 1));
    return raise("ValueError", str_of(*bound[0]));
}

Outcome<Value> custom_error(Evaluator& evaluator, const Arguments& given) {
    if (evaluator.test_mode()) {
        return evaluator.text(kTestModeError, TextKind::Symbol);
    }
    TRY_ASSIGN(const Bound bound, bind(given, {"error", "code"}, 1));
    auto raised = raise(kCustomException, str_of(*bound[0]));
    raised->custom = *bound[0];
    const auto code = bound[1] ? integer_of(*bound[1]) : std::nullopt;
    raised->custom_code = code && code->is_small() ? code->small : 400;
    return raised;
}

} // namespace

std::span<const FunctionEntry> setting_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"max_threads", max_threads},
        {"cache_ttl", cache_ttl},
        {"activate", activate},
        {"disable", disable},
        {"backend_hint", backend_hint},
        {"tb_secret", tb_secret},
        {"tb_var", tb_secret},
        {"error", error},
        {"custom_error", custom_error},
    });
    return kEntries;
}

} // namespace birdhouse::syntax
