#include "server/database_copy.hpp"

#include "base/text.hpp"
#include "server/table_maker.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <vector>

namespace birdhouse::server {

namespace {

using model::Datasource;

// Another database with all that is in one, and as the next content has it.
class Copy {
public:
    Copy(const Deployed& live, const Content& after, const std::string& database, target::SqlChannel& channel)
        : live_(live), content_(after), database_(database), channel_(channel),
          maker_(after, database, channel) {}

    Result<void> run() {
        TRY(channel_.execute("DROP DATABASE IF EXISTS " + target::identifier(database_)));
        TRY(channel_.execute("CREATE DATABASE " + target::identifier(database_)));
        Result<void> filled = fill();
        if (!filled) {
            static_cast<void>(channel_.execute("DROP DATABASE IF EXISTS " + target::identifier(database_)));
        }
        return filled;
    }

private:
    // Views last: they would count the rows that are copied once more.
    Result<void> fill() {
        std::vector<const Datasource*> added;
        for (const Datasource& datasource : content_.project.datasources) {
            TRY(maker_.make_table(datasource, datasource.name));
            const Datasource* old = model::find_datasource(live_.content->project, datasource.name);
            if (old == nullptr) {
                added.push_back(&datasource);
                continue;
            }
            TRY(copy_rows(*old, datasource));
            TRY(copy_quarantine(target::quarantine_name(datasource.name)));
        }
        return maker_.make_views(added);
    }

    std::string live_table(std::string_view name) const {
        return target::qualified_name(live_.database, name);
    }

    Result<void> copy_rows(const Datasource& old, const Datasource& datasource) {
        const std::string from = live_table(old.name);
        const std::string into = maker_.table(datasource.name);
        if (!same_table(old, datasource)) {
            return datasource.backfill_skip ? Result<void>()
                                            : maker_.convert_rows(old, from, datasource, into);
        }
        return datasource.engine.kind.ends_with("MergeTree")
                   ? share_parts(from, into)
                   : maker_.copy_columns(old, from, datasource, into);
    }

    Result<void> copy_quarantine(const std::string& name) {
        TRY_ASSIGN(const target::QueryResult exists,
                   channel_.query("EXISTS TABLE " + live_table(name), "TSV", {}));
        if (trim(exists.bytes) != "1") {
            return {};
        }
        TRY(channel_.execute("CREATE TABLE " + maker_.table(name) + " AS " + live_table(name)));
        return share_parts(live_table(name), maker_.table(name));
    }

    // Two tables of one shape share the files of their rows: nothing is copied.
    Result<void> share_parts(const std::string& from, const std::string& into) {
        return channel_.execute("ALTER TABLE " + into + " ATTACH PARTITION ALL FROM " + from);
    }

    const Deployed& live_;
    const Content& content_;
    std::string database_;
    target::SqlChannel& channel_;
    TableMaker maker_;
};

} // namespace

Result<void> copy_database(const Deployed& live, const Content& after, const std::string& database,
                           target::SqlChannel& channel) {
    return Copy(live, after, database, channel).run();
}

} // namespace birdhouse::server
