// Realistic events for datasources/llm_events.yaml, the same for the same seed: dates with milliseconds,
// prompts in several scripts with escapes, arrays, nested objects, and a share of rows that are wrong.
//   generate BYTES SEED BAD_SHARE > events.ndjson
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

// xorshift64*: the same numbers on every machine, which <random>'s distributions do not promise.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
    std::uint64_t below(std::uint64_t end) {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return ((state_ * 0x2545F4914F6CDD1DU) >> 33U) % end;
    }
    bool one_in(std::uint64_t end) { return below(end) == 0; }
    template <class List>
    std::string_view pick(const List& list) {
        return list[below(list.size())];
    }

private:
    std::uint64_t state_;
};

using Words = std::string_view;
constexpr auto kModels =
    std::to_array<Words>({"gpt-4.1-nano", "gpt-5-mini", "claude-sonnet", "mistral-small-3.2", "deepseek",
                          "gemini-2.5-flash-lite", "qwen-coder"});
constexpr auto kProviders = std::to_array<Words>({"azure", "bedrock", "vertex", "scaleway", "cloudflare"});
constexpr auto kTags = std::to_array<Words>({"chat", "tools", "json_mode", "cached", "beta", "long context"});
constexpr auto kRegions = std::to_array<Words>({"\"eu-west-1\"", "\"us-east-2\"", "null", "\"ap-south-1\""});
constexpr auto kPhrases = std::to_array<Words>(
    {"write a short story about a lighthouse keeper",
     "translate this to German:", "explain why the sky is blue",
     "\\nUser: ", "summarise the text below in three points", "une recette de crème brûlée, s'il vous plaît",
     "напиши стихотворение о зиме", "\\\"quoted\\\" and \\\\ escaped", "日本語で自己紹介を書いてください",
     "make it shorter and friendlier", "\\u00fcber \\ud83d\\ude80 launch",
     "fix this code: if (a < b) { return; }", "¿cuál es la capital de Mongolia?",
     "\\t- item one\\n\\t- item two", "as a JSON object with keys name and age"});

void append_number(std::string& out, std::uint64_t value, int width = 0) {
    const std::string digits = std::to_string(value);
    out.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(digits.size()))), '0');
    out += digits;
}

void append_hex(std::string& out, Chance& chance, int digits) {
    for (int i = 0; i < digits; ++i) {
        out += "0123456789abcdef"[chance.below(16)];
    }
}

// `2026-03-07T09:12:03.411Z`
void append_time(std::string& out, std::uint64_t milliseconds) {
    const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(milliseconds)};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const auto of_day = static_cast<std::uint64_t>((moment - day).count());
    append_number(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    out += '-';
    append_number(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_number(out, static_cast<unsigned>(date.day()), 2);
    out += 'T';
    append_number(out, of_day / 3'600'000, 2);
    out += ':';
    append_number(out, of_day / 60'000 % 60, 2);
    out += ':';
    append_number(out, of_day / 1000 % 60, 2);
    out += '.';
    append_number(out, of_day % 1000, 3);
    out += 'Z';
}

// The ways in which rows go wrong, as producers get them wrong.
enum class Fault {
    None,
    Missing,
    Null,
    TooLarge,
    Fraction,
    Text,
    BadTime,
    NotAllowed,
    Element,
    Unknown,
    Broken
};
constexpr std::uint64_t kFaults = 10;

class Generator {
public:
    Generator(std::uint64_t seed, double bad_share)
        : chance_(seed), bad_in_million_(static_cast<std::uint64_t>(bad_share * 1e6)) {}

    void append_row(std::string& out) {
        fault_ = chance_.below(1'000'000) < bad_in_million_ ? static_cast<Fault>(1 + chance_.below(kFaults))
                                                            : Fault::None;
        clock_ += 1 + chance_.below(40);
        const std::uint64_t duration = 80 + chance_.below(1U << (4 + chance_.below(13)));
        const std::size_t begin = out.size();
        out += "{\"id\":\"req_";
        append_hex(out, chance_, 12);
        out += chance_.below(8) == 0 ? "\",\"event_type\":\"image_generation\""
                                     : "\",\"event_type\":\"text_generation\"";
        out += ",\"start_time\":\"";
        append_time(out, clock_);
        out += fault_ == Fault::BadTime ? " \"" : "\"";
        out += ",\"end_time\":\"";
        append_time(out, clock_ + duration);
        append_identity(out);
        append_outcome(out, duration);
        append_usage(out);
        append_arrays(out);
        append_request(out);
        if (fault_ == Fault::Broken) {
            out.resize(begin + (out.size() - begin) * (1 + chance_.below(9)) / 10);
            cut_to_character(out);
        }
        out += '\n';
    }

private:
    void append_identity(std::string& out) {
        if (fault_ != Fault::Missing) {
            out += "\",\"message_id\":\"";
            append_hex(out, chance_, 8);
            out += "-";
            append_hex(out, chance_, 4);
            out += "-4";
            append_hex(out, chance_, 3);
            out += "-a";
            append_hex(out, chance_, 3);
            out += "-";
            append_hex(out, chance_, 12);
        }
        out += fault_ == Fault::Null ? "\",\"model\":null"
                                     : "\",\"model\":\"" + std::string(chance_.pick(kModels)) + '"';
        out += ",\"provider\":\"";
        out += chance_.pick(kProviders);
    }

    void append_outcome(std::string& out, std::uint64_t duration) {
        out += fault_ == Fault::Text ? "\",\"duration_ms\":\"" : "\",\"duration_ms\":";
        append_number(out, duration);
        out += fault_ == Fault::Fraction ? ".25" : fault_ == Fault::Text ? "\"" : "";
        out += ",\"cost_usd\":0.";
        append_number(out, chance_.below(100'000'000), 10);
        const bool failed = chance_.one_in(20);
        out += fault_ == Fault::NotAllowed ? ",\"status\":\"timeout\""
               : failed                    ? ",\"status\":\"error\""
                                           : ",\"status\":\"success\"";
        out += fault_ == Fault::TooLarge ? ",\"http_status\":70000"
               : failed                  ? ",\"http_status\":429"
                                         : ",\"http_status\":200";
    }

    void append_usage(std::string& out) {
        const std::uint64_t prompt = chance_.below(9000);
        const std::uint64_t completion = chance_.below(2000);
        out += ",\"response\":{\"usage\":{\"prompt_tokens\":";
        append_number(out, prompt);
        out += ",\"completion_tokens\":";
        append_number(out, completion);
        out += ",\"total_tokens\":";
        append_number(out, prompt + completion);
        out += "}},\"metadata\":{\"environment\":\"production\",\"region\":";
        out += chance_.pick(kRegions);
        out += chance_.one_in(3) ? "},\"stream\":true" : "},\"stream\":false";
    }

    void append_arrays(std::string& out) {
        out += ",\"tags\":[";
        for (std::uint64_t i = chance_.below(4); i > 0; --i) {
            out += '"';
            out += chance_.pick(kTags);
            out += i == 1 ? "\"" : "\",";
        }
        out += fault_ == Fault::Element ? "],\"scores\":[\"high\"," : "],\"scores\":[";
        for (std::uint64_t i = 1 + chance_.below(3); i > 0; --i) {
            out += "0.";
            append_number(out, 1 + chance_.below(9999));
            out += i == 1 ? "" : ",";
        }
        out += ']';
    }

    void append_request(std::string& out) {
        out += ",\"user_id\":\"gh_";
        append_number(out, chance_.below(90'000));
        out += fault_ == Fault::Unknown ? "\",\"user_name\":\"a name\",\"referrer\":\"https://"
                                        : "\",\"referrer\":\"https://";
        append_hex(out, chance_, 6);
        out += ".example/app\",\"prompt\":\"";
        for (std::uint64_t i = 1 + chance_.below(4); i > 0; --i) {
            out += chance_.pick(kPhrases);
            out += i == 1 ? "" : " ";
        }
        out += "\"}";
    }

    // A broken row is cut, not made of broken characters.
    static void cut_to_character(std::string& out) {
        while ((static_cast<unsigned char>(out.back()) & 0x80U) != 0) {
            out.pop_back();
        }
    }

    Chance chance_;
    std::uint64_t bad_in_million_;
    std::uint64_t clock_ = 1'772'000'000'000;
    Fault fault_ = Fault::None;
};

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: generate BYTES SEED BAD_SHARE\n", stderr);
        return 2;
    }
    const std::uint64_t bytes = std::strtoull(arguments[1], nullptr, 10);
    Generator generator(std::strtoull(arguments[2], nullptr, 10), std::strtod(arguments[3], nullptr));
    constexpr std::size_t kBlock = std::size_t{1} << 20U;
    std::string block;
    for (std::uint64_t written = 0; written < bytes; written += block.size()) {
        block.clear();
        while (block.size() < kBlock) {
            generator.append_row(block);
        }
        if (std::fwrite(block.data(), 1, block.size(), stdout) != block.size()) {
            std::fputs("generate: the output cannot be written\n", stderr);
            return 1;
        }
    }
    return 0;
}
