// Three runs of git: which commit, which files, their contents.
#include "ops/git_tree.hpp"

#include "base/process.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

// git finds the repository from the folder alone: a GIT_DIR that a hook has set would lead elsewhere.
std::vector<std::string> environment_for_git(const Environment& environment) {
    std::vector<std::string> variables = {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"};
    for (const std::string_view name : {"PATH", "HOME", "XDG_CONFIG_HOME"}) {
        if (const std::optional<std::string> value = environment.get(name)) {
            variables.push_back(std::string(name) + "=" + *value);
        }
    }
    return variables;
}

class Git {
public:
    Git(const fs::path& folder, const Environment& environment)
        : folder_(folder), environment_(environment_for_git(environment)) {}

    Result<ProgramOutput> run(std::vector<std::string> arguments, std::string input = {}) const {
        Program program;
        program.arguments = {"git", "-C", folder_.string()};
        std::move(arguments.begin(), arguments.end(), std::back_inserter(program.arguments));
        program.environment = environment_;
        program.input = std::move(input);
        return run_program(program);
    }

private:
    const fs::path& folder_;
    std::vector<std::string> environment_;
};

// Of what git said the line that gives the reason.
std::string reason(const ProgramOutput& output) {
    constexpr std::string_view kFatal = "fatal: ";
    const std::vector<std::string_view> lines = split(trim(output.err), '\n');
    const auto fatal = std::find_if(lines.begin(), lines.end(),
                                    [&](std::string_view line) { return line.starts_with(kFatal); });
    return printable(fatal == lines.end() ? lines.back() : fatal->substr(kFatal.size()));
}

Result<void> check_repository(const Git& git, const fs::path& folder) {
    TRY_ASSIGN(const ProgramOutput inside, git.run({"rev-parse", "--is-inside-work-tree"}));
    if (inside.exit_code == 0 && trim(inside.out) == "true") {
        return {};
    }
    if (inside.exit_code == 0 || inside.err.find("not a git repository") != std::string::npos) {
        return Error{ExitCode::Usage, backquoted(folder.string()) + " is in no git repository",
                     "compare two folders with --from DIR and --to DIR"};
    }
    return Error{ExitCode::Failed,
                 "git refuses to read " + backquoted(folder.string()) + ": " + reason(inside), ""};
}

Result<std::string> find_commit(const Git& git, const std::string& revision) {
    TRY_ASSIGN(const ProgramOutput found,
               git.run({"rev-parse", "--verify", "--quiet", revision + "^{commit}"}));
    const std::string commit(trim(found.out));
    if (found.exit_code != 0 || commit.empty()) {
        return Error{ExitCode::Usage, "the repository has no revision " + backquoted(printable(revision)),
                     "name a commit, a branch or a tag: `git branch --all` and `git tag` list them"};
    }
    return commit;
}

// A tree made by hand may name anything; what is read here may be written to a folder.
bool is_safe_path(std::string_view path) {
    const std::vector<std::string_view> parts = split(path, '/');
    return std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos;
    });
}

bool is_wanted(const TreeEntry& entry) {
    const bool is_file =
        entry.type == "blob" && entry.mode.starts_with("100"); // links and submodules are not
    return is_file && is_safe_path(entry.path) && is_project_file(entry.path);
}

Error unreadable(std::string_view what) {
    return {ExitCode::Failed, "git " + std::string(what) + " printed something that does not read", ""};
}

Error failed(std::string_view what, const ProgramOutput& output) {
    return {ExitCode::Failed, "git " + std::string(what) + " failed: " + reason(output), ""};
}

Result<std::vector<TreeEntry>> list_tree(const Git& git, const std::string& commit) {
    TRY_ASSIGN(const ProgramOutput listed, git.run({"ls-tree", "-r", "-z", commit}));
    if (listed.exit_code != 0) {
        return failed("ls-tree", listed);
    }
    std::optional<std::vector<TreeEntry>> entries = parse_tree_listing(listed.out);
    if (!entries) {
        return unreadable("ls-tree");
    }
    std::erase_if(*entries, [](const TreeEntry& entry) { return !is_wanted(entry); });
    return *std::move(entries);
}

Result<std::vector<TreeFile>> read_objects(const Git& git, const std::vector<TreeEntry>& entries) {
    std::string wanted;
    for (const TreeEntry& entry : entries) {
        wanted += entry.object + "\n";
    }
    TRY_ASSIGN(const ProgramOutput batch, git.run({"cat-file", "--batch"}, std::move(wanted)));
    if (batch.exit_code != 0) {
        return failed("cat-file", batch);
    }
    std::optional<std::vector<std::string>> contents = parse_object_batch(batch.out, entries.size());
    if (!contents) {
        return unreadable("cat-file");
    }
    std::vector<TreeFile> files;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        files.push_back({entries[i].path, std::move((*contents)[i])});
    }
    return files;
}

} // namespace

Result<GitTree> read_git_tree(const fs::path& folder, const std::string& revision,
                              const Environment& environment) {
    if (revision.empty() || revision.starts_with('-')) {
        return Error{ExitCode::Usage, backquoted(printable(revision)) + " is no revision",
                     "a revision is a commit, a branch or a tag, and never begins with `-`"};
    }
    const Git git(folder, environment);
    TRY(check_repository(git, folder));
    TRY_ASSIGN(std::string commit, find_commit(git, revision));
    TRY_ASSIGN(const std::vector<TreeEntry> entries, list_tree(git, commit));
    TRY_ASSIGN(std::vector<TreeFile> files, read_objects(git, entries));
    return GitTree{std::move(commit), std::move(files)};
}

bool is_project_file(std::string_view path) {
    static constexpr std::array<std::string_view, 4> kDatafiles = {".datasource", ".pipe", ".connection",
                                                                   ".incl"};
    static constexpr std::array<std::string_view, 5> kFolders = {"datasources/", "pipes/", "connections/",
                                                                 "migrations/", "templates/"};
    const auto ends = [&](std::string_view suffix) { return path.ends_with(suffix); };
    const auto begins = [&](std::string_view folder) { return path.starts_with(folder); };
    return path == "birdhouse.yaml" || std::any_of(kDatafiles.begin(), kDatafiles.end(), ends) ||
           std::any_of(kFolders.begin(), kFolders.end(), begins);
}

std::optional<std::vector<TreeEntry>> parse_tree_listing(std::string_view text) {
    std::vector<TreeEntry> entries;
    while (!text.empty()) {
        const std::size_t end = text.find('\0');
        const std::size_t tab = text.find('\t');
        if (end == std::string_view::npos || tab > end) {
            return std::nullopt;
        }
        const std::vector<std::string_view> words = split(text.substr(0, tab), ' ');
        if (words.size() != 3) {
            return std::nullopt;
        }
        entries.push_back({std::string(words[0]), std::string(words[1]), std::string(words[2]),
                           std::string(text.substr(tab + 1, end - tab - 1))});
        text.remove_prefix(end + 1);
    }
    return entries;
}

std::optional<std::vector<std::string>> parse_object_batch(std::string_view text, std::size_t count) {
    std::vector<std::string> contents;
    for (; count > 0; --count) {
        const std::size_t line = text.find('\n'); // "OBJECT blob SIZE"
        if (line == std::string_view::npos) {
            return std::nullopt;
        }
        const std::vector<std::string_view> words = split(text.substr(0, line), ' ');
        std::size_t size = 0;
        if (words.size() != 3 || words[1] != "blob" ||
            std::from_chars(words[2].data(), words[2].data() + words[2].size(), size).ec != std::errc()) {
            return std::nullopt;
        }
        text.remove_prefix(line + 1);
        if (text.size() <= size) { // a line end follows the content
            return std::nullopt;
        }
        contents.emplace_back(text.substr(0, size));
        text.remove_prefix(size + 1);
    }
    return contents;
}

} // namespace birdhouse::ops
