#include "ops/generation_templates.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

// A definition names files of the templates folder only.
bool stays_inside(const fs::path& name) {
    const fs::path normal = name.lexically_normal();
    return !name.empty() && name.is_relative() && !normal.empty() && *normal.begin() != "..";
}

} // namespace

Result<const GenerationTemplate*> GenerationTemplates::find(const std::string& named,
                                                            std::string_view standard_name,
                                                            std::string_view standard_text, Span origin) {
    const std::string name = named.empty() ? std::string(standard_name) : named;
    if (const auto known = loaded_.find(name); known != loaded_.end()) {
        return &known->second;
    }
    std::error_code ignored;
    const fs::path file = folder_ / "templates" / name;
    if (stays_inside(name) && fs::is_regular_file(file, ignored)) {
        TRY_ASSIGN(std::string text, read_file(file));
        return &add(name, "templates/" + name, std::move(text), false);
    }
    if (named.empty() || named == standard_name) {
        return &add(name, "(standard) " + name, std::string(standard_text), true);
    }
    report_missing(named, origin);
    return static_cast<const GenerationTemplate*>(nullptr);
}

const GenerationTemplate& GenerationTemplates::add(const std::string& name, std::string path,
                                                   std::string text, bool standard) {
    const SourceId source = sources_.add(std::move(path), std::move(text));
    GenerationTemplate loaded;
    loaded.standard = standard;
    loaded.tree = syntax::parse_template(sources_, sources_.whole(source),
                                         syntax::TemplateDialect::Generation, diagnostics_);
    return loaded_.emplace(name, std::move(loaded)).first->second;
}

void GenerationTemplates::report_missing(const std::string& named, Span origin) {
    std::vector<std::string> names;
    if (const auto files = list_files(folder_ / "templates", ""); files.ok()) {
        for (const fs::path& file : *files) {
            names.push_back(file.lexically_relative(folder_ / "templates").generic_string());
        }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const auto near = nearest(named, candidates);
    diagnostics_.add(codes::F202, origin, "there is no template " + backquoted("templates/" + named),
                     near ? "did you mean " + backquoted(*near) + "?"
                          : "write the file, or delete `template:` for the standard form");
}

} // namespace birdhouse::ops
