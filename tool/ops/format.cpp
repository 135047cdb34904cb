#include "ops/format.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/datafile_formatter_proof.hpp"
#include "codec/datafile_project.hpp"
#include "codec/definitions.hpp"
#include "ops/format_files.hpp"
#include "ops/format_sql.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

// What is not known otherwise is read by the rules of Forward first.
syntax::Dialect project_dialect(const fs::path& folder) {
    SourceMap sources;
    Diagnostics reported_elsewhere;
    Result<std::string> text = read_file(folder / "birdhouse.yaml");
    if (!text) {
        return syntax::Dialect::Forward;
    }
    const SourceId source = sources.add("birdhouse.yaml", std::move(text).value());
    const auto config = codec::read_config(source, sources, reported_elsewhere);
    return config ? codec::dialect_of(*config) : syntax::Dialect::Forward;
}

class Formatter {
public:
    Formatter(const FormatRequest& request, Session& session, SourceMap& sources, Diagnostics& diagnostics)
        : request_(request), sources_(sources), diagnostics_(diagnostics),
          dialect_(project_dialect(session.folder)), sql_(session.targets) {
        report_.mode = request.mode;
    }

    Result<void> add(std::string name, std::string text, syntax::DatafileKind kind) {
        const SourceId source = sources_.add(name, text);
        const auto file = codec::parse_for_formatting(source, sources_, kind, dialect_, diagnostics_);
        if (!file) {
            ++report_.left_alone;
            return {};
        }
        codec::FormattedSql sql;
        if (request_.sql) {
            TRY_ASSIGN(sql, sql_.format(*file, sources_, diagnostics_, report_.notices));
        }
        std::string after = format_datafile(*file, sources_, request_.style, sql);
        const codec::SqlMay sql_may = sql.empty() ? codec::SqlMay::Stay : codec::SqlMay::Change;
        if (const auto difference = find_difference(*file, after, sources_, sql_may)) {
            return Error{ExitCode::Bug,
                         "the canonical form of " + backquoted(name) +
                             " would not say what the file says: " + *difference,
                         "nothing was written; please report this with the file"};
        }
        report_.files.push_back({std::move(name), std::move(text), std::move(after)});
        return {};
    }

    FormatReport& report() { return report_; }

private:
    const FormatRequest& request_;
    SourceMap& sources_;
    Diagnostics& diagnostics_;
    syntax::Dialect dialect_;
    SqlFormatter sql_;
    FormatReport report_;
};

} // namespace

std::size_t FormatReport::changed() const {
    return static_cast<std::size_t>(std::ranges::count_if(files, &FormattedFile::changed));
}

Result<FormatReport> format_files(const FormatRequest& request, Session& session, SourceMap& sources,
                                  Diagnostics& diagnostics) {
    TRY_ASSIGN(const std::vector<FoundDatafile> found, find_datafiles(request.paths, session.folder));
    Formatter formatter(request, session, sources, diagnostics);
    FormatReport& report = formatter.report();
    std::vector<fs::path> places; // of report.files
    for (const FoundDatafile& file : found) {
        TRY_ASSIGN(std::string text, read_file(file.path));
        if (text.starts_with(codec::kGeneratedMark)) {
            if (file.named) {
                report.generated.push_back(file.shown);
            }
            continue;
        }
        TRY(formatter.add(file.shown, std::move(text), file.kind));
        places.resize(report.files.size(), file.path);
    }
    if (request.mode == FormatMode::Write) {
        std::vector<FileText> to_write;
        for (std::size_t i = 0; i < places.size(); ++i) {
            to_write.push_back({places[i], report.files[i].after});
        }
        TRY(write_all_if_changed(to_write));
    }
    return std::move(report);
}

Result<FormatReport> format_text(const FormatRequest& request, syntax::DatafileKind kind, std::string name,
                                 std::string text, Session& session, SourceMap& sources,
                                 Diagnostics& diagnostics) {
    Formatter formatter(request, session, sources, diagnostics);
    TRY(formatter.add(std::move(name), std::move(text), kind));
    return std::move(formatter.report());
}

} // namespace birdhouse::ops
