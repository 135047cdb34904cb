// All commands, in the order the help prints them.
#pragma once

#include "commands/command.hpp"

#include <vector>

namespace birdhouse::commands {

Command init();
Command generate();
Command check();
Command fmt_command();
Command validate();
Command send();
Command serve();
Command infer();
Command sample();
Command run_command();
Command test();
Command migrate_new();
Command migrate_status();
Command migrate_plan();
Command migrate_apply();
Command migrate_verify();
Command migrate_rollback();
Command migrate_baseline();
Command migrate_checkpoint();
Command migrate_unlock();
Command deploy();
Command diff();
Command lineage();
Command pipe_record();
Command pipe_bump();
Command pipe_list();
Command export_docs();
Command export_openapi();
Command doctor();

std::vector<Command> all();
// What a group of commands is for: the summary of "migrate" or "export".
std::string group_summary(const std::string& group);

} // namespace birdhouse::commands
