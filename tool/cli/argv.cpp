#include "cli/argv.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include <CLI/CLI.hpp>

namespace birdhouse::cli {

namespace {

constexpr const char* kSummary = "keeps a Tinybird workspace as code";

class AppBinder final : public commands::FlagBinder {
public:
    explicit AppBinder(CLI::App& app) : app_(app) {}

    void flag(std::string_view name, bool& value, std::string_view help) override {
        app_.add_flag(std::string(name), value, std::string(help));
    }
    void text(std::string_view name, std::string& value, std::string_view value_name,
              std::string_view help) override {
        app_.add_option(std::string(name), value, std::string(help))->type_name(std::string(value_name));
    }
    void number(std::string_view name, std::uint64_t& value, std::string_view value_name,
                std::string_view help) override {
        app_.add_option(std::string(name), value, std::string(help))->type_name(std::string(value_name));
    }
    void choice(std::string_view name, std::string& value, std::vector<std::string> choices,
                std::string_view help) override {
        const std::string shown = join(choices, "|");
        app_.add_option(std::string(name), value, std::string(help))
            ->type_name(shown)
            ->check(CLI::Validator(
                [choices = std::move(choices), shown](std::string& given) {
                    const bool known = std::find(choices.begin(), choices.end(), given) != choices.end();
                    return known ? std::string() : backquoted(given) + " is none of " + shown;
                },
                ""));
    }
    void list(std::string_view name, std::vector<std::string>& values, std::string_view value_name,
              std::string_view help) override {
        app_.add_option(std::string(name), values, std::string(help))
            ->type_name(std::string(value_name))
            ->allow_extra_args(false)
            ->take_all();
    }
    void positional(std::string_view name, std::string& value, bool required,
                    std::string_view help) override {
        app_.add_option(std::string(name), value, std::string(help))->required(required)->type_name("");
    }
    void rest(std::string_view name, std::vector<std::string>& values, std::string_view help) override {
        app_.add_option(std::string(name), values, std::string(help))->type_name("");
    }

private:
    CLI::App& app_;
};

struct Bound {
    const commands::Command* command;
    std::function<ExitCode(ops::Session&)> run;
};

// "migrate apply" hangs below an app "migrate" that is made when first needed.
CLI::App& app_for(CLI::App& root, std::map<std::string, CLI::App*>& groups,
                  const commands::Command& command) {
    CLI::App* parent = &root;
    if (command.path.size() == 2) {
        CLI::App*& group = groups[command.path.front()];
        if (group == nullptr) {
            group = root.add_subcommand(command.path.front(), commands::group_summary(command.path.front()));
            group->require_subcommand(1);
        }
        parent = group;
    }
    CLI::App* app = parent->add_subcommand(command.path.back(), command.summary);
    app->footer("\n" + command.details);
    return *app;
}

std::vector<const CLI::App*> apps_below(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string full_name(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, const CLI::App& app) {
    const std::vector<std::string_view> views(known.begin(), known.end());
    const std::optional<std::string> near = nearest(word, views);
    return near ? "did you mean " + backquoted(*near) + "?" : "see " + backquoted(full_name(app) + " --help");
}

// The app that the leading words of the arguments name, and the first word that names none.
struct Reached {
    const CLI::App* app;
    std::optional<std::string> unknown_command;
};

Reached follow(const CLI::App& root, const std::vector<std::string>& arguments) {
    const CLI::App* app = &root;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::vector<const CLI::App*> below = apps_below(*app);
        if (below.empty()) {
            break;
        }
        if (arguments[i].starts_with('-')) {
            i += arguments[i] == "--project"
                     ? 1U
                     : 0U; // the one flag with a value that may stand before a command
            continue;
        }
        const auto named = std::find_if(below.begin(), below.end(),
                                        [&](const CLI::App* one) { return one->get_name() == arguments[i]; });
        if (named == below.end()) {
            return {app, arguments[i]};
        }
        app = *named;
    }
    return {app, std::nullopt};
}

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* one : apps_below(app)) {
        names.push_back(one->get_name());
    }
    return names;
}

std::vector<std::string> flags_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

// The argument library words mistakes in its own way, and a mistyped command as a missing one.
std::string usage_error(const CLI::App& root, const std::vector<std::string>& arguments,
                        const CLI::ParseError& failure) {
    const Reached reached = follow(root, arguments);
    std::string message = failure.what();
    std::string help = "see " + backquoted(full_name(*reached.app) + " --help");
    const auto is_unknown_flag = [&](const std::string& argument) {
        const std::vector<std::string> flags = flags_of(*reached.app);
        const std::string name = argument.substr(0, argument.find('='));
        return argument.starts_with("--") && name != "--project" &&
               std::find(flags.begin(), flags.end(), name) == flags.end();
    };
    const auto unknown_flag = std::find_if(arguments.begin(), arguments.end(), is_unknown_flag);
    if (reached.unknown_command) {
        message =
            backquoted(full_name(*reached.app)) + " has no command " + backquoted(*reached.unknown_command);
        help = did_you_mean(*reached.unknown_command, commands_of(*reached.app), *reached.app);
    } else if (!apps_below(*reached.app).empty() && unknown_flag == arguments.end()) {
        message = backquoted(full_name(*reached.app)) +
                  " needs a command: " + join(commands_of(*reached.app), ", ");
    } else if (unknown_flag != arguments.end()) {
        message = backquoted(full_name(*reached.app)) + " has no flag " + backquoted(*unknown_flag);
        help = did_you_mean(*unknown_flag, flags_of(*reached.app), *reached.app);
    }
    return "error: " + message + "\n  = help: " + help + "\n";
}

} // namespace

Parsed parse_arguments(const std::vector<commands::Command>& commands,
                       const std::vector<std::string>& arguments, const std::string& version) {
    CLI::App root(kSummary, "birdhouse");
    Parsed parsed;
    root.add_option("--project", parsed.project,
                    "the project's folder; the nearest birdhouse.yaml upwards by default")
        ->type_name("DIR");
    root.set_version_flag("--version", version);
    root.require_subcommand(1);
    root.fallthrough();
    root.get_formatter()->column_width(34);

    std::map<std::string, CLI::App*> groups;
    std::vector<std::pair<CLI::App*, Bound>> bound;
    for (const commands::Command& command : commands) {
        CLI::App& app = app_for(root, groups, command);
        app.fallthrough();
        AppBinder binder(app);
        bound.push_back({&app, {&command, command.bind(binder)}});
    }

    std::vector<const char*> raw;
    for (const std::string& argument : arguments) {
        raw.push_back(argument.c_str());
    }
    try {
        root.parse(static_cast<int>(raw.size()), raw.data());
    } catch (const CLI::CallForHelp& help) {
        std::ostringstream out;
        root.exit(help, out, out);
        return {{}, {}, false, out.str(), ExitCode::Fine};
    } catch (const CLI::CallForAllHelp&) {
        return {{}, {}, false, root.help("", CLI::AppFormatMode::All), ExitCode::Fine};
    } catch (const CLI::CallForVersion&) {
        return {{}, {}, false, version + "\n", ExitCode::Fine};
    } catch (const CLI::ParseError& failure) {
        // CLI11's own codes start at 100; ours are few and documented.
        return {{}, {}, false, usage_error(root, arguments, failure), ExitCode::Usage};
    }
    for (const auto& [app, one] : bound) {
        if (app->parsed()) {
            parsed.run = one.run;
            parsed.needs_project = one.command->needs_project;
        }
    }
    return parsed;
}

} // namespace birdhouse::cli
