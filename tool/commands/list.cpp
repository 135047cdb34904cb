#include "commands/list.hpp"

namespace birdhouse::commands {

std::vector<Command> all() {
    return {init(),
            generate(),
            fmt_command(),
            check(),
            diff(),
            validate(),
            infer(),
            sample(),
            send(),
            serve(),
            run_command(),
            migrate_new(),
            migrate_status(),
            migrate_plan(),
            migrate_apply(),
            migrate_verify(),
            migrate_rollback(),
            export_docs(),
            doctor()};
}

std::string group_summary(const std::string& group) {
    if (group == "export") {
        return "make something else of the project";
    }
    return group == "migrate" ? "change the schema of a target, step by step" : std::string();
}

} // namespace birdhouse::commands
