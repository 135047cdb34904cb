#include "commands/list.hpp"

namespace birdhouse::commands {

// One a line, so that two that are added at once do not meet.
// clang-format off
std::vector<Command> all() {
    return {
        init(),
        generate(),
        fmt_command(),
        check(),
        diff(),
        lineage(),
        pipe_record(),
        pipe_bump(),
        pipe_list(),
        validate(),
        infer(),
        sample(),
        send(),
        run_command(),
        test(),
        migrate_new(),
        migrate_status(),
        migrate_plan(),
        migrate_apply(),
        migrate_verify(),
        migrate_rollback(),
        migrate_baseline(),
        migrate_checkpoint(),
        migrate_unlock(),
        deploy(),
        export_docs(),
        export_openapi(),
        serve(),
        doctor(),
    };
}
// clang-format on

std::string group_summary(const std::string& group) {
    if (group == "export") {
        return "make something else of the project";
    }
    if (group == "pipe") {
        return "contracts and versions of endpoints";
    }
    return group == "migrate" ? "change the schema of a target, step by step" : std::string();
}

} // namespace birdhouse::commands
