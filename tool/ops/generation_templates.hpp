// The templates of one run: a project's own where it has them, else the standard ones. Each is parsed once.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "syntax/template.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace birdhouse::ops {

struct GenerationTemplate {
    std::optional<syntax::Template> tree; // nothing when it does not parse: reported, once
    bool standard = false;                // built in: what it makes must read back as the definition
};

class GenerationTemplates {
public:
    // Template texts join `sources`, so that problems in them have places.
    GenerationTemplates(std::filesystem::path folder, SourceMap& sources, Diagnostics& diagnostics)
        : folder_(std::move(folder)), sources_(sources), diagnostics_(diagnostics) {}

    // `named` is the definition's `template:`, or empty. Null when there is no such template; reported at
    // `origin`.
    Result<const GenerationTemplate*> find(const std::string& named, std::string_view standard_name,
                                           std::string_view standard_text, Span origin);

private:
    const GenerationTemplate& add(const std::string& name, std::string path, std::string text, bool standard);
    void report_missing(const std::string& named, Span origin);

    std::filesystem::path folder_; // the project's
    SourceMap& sources_;
    Diagnostics& diagnostics_;
    std::map<std::string, GenerationTemplate, std::less<>> loaded_; // by file name
};

} // namespace birdhouse::ops
