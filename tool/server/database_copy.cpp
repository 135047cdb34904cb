#include "server/database_copy.hpp"

#include "base/text.hpp"
#include "server/table_maker.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <array>
#include <vector>

namespace birdhouse::server {

namespace {

using model::Datasource;

// Another database with all that is in one, and as the next content has it.
class Copy {
public:
    Copy(const Deployed& live, const Content& after, CopiedRows rows, const std::string& database,
         target::SqlChannel& channel)
        : live_(live), content_(after), rows_(rows), database_(database), channel_(channel),
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
            if (rows_ != CopiedRows::None) {
                TRY(copy_rows(*old, datasource));
            }
            if (rows_ == CopiedRows::All) {
                TRY(copy_quarantine(target::quarantine_name(datasource.name)));
            }
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
        if (!datasource.engine.kind.ends_with("MergeTree")) {
            return maker_.copy_columns(old, from, datasource, into);
        }
        if (rows_ == CopiedRows::All) {
            return share_parts("ALL", from, into);
        }
        TRY_ASSIGN(const std::string last, last_partition(old.name));
        return last.empty() ? Result<void>() : share_parts("ID " + target::string_literal(last), from, into);
    }

    // Empty: the table is.
    Result<std::string> last_partition(const std::string& table) {
        const std::array<target::Parameter, 2> names = {
            target::Parameter{"database", target::escape_tsv(live_.database)},
            target::Parameter{"table", target::escape_tsv(table)}};
        TRY_ASSIGN(const target::QueryResult found,
                   channel_.query("SELECT max(partition_id) FROM system.parts WHERE active AND database = "
                                  "{database:String} AND table = {table:String}",
                                  "TSVRaw", names));
        return std::string(trim(found.bytes));
    }

    Result<void> copy_quarantine(const std::string& name) {
        TRY_ASSIGN(const target::QueryResult exists,
                   channel_.query("EXISTS TABLE " + live_table(name), "TSV", {}));
        if (trim(exists.bytes) != "1") {
            return {};
        }
        TRY(channel_.execute("CREATE TABLE " + maker_.table(name) + " AS " + live_table(name)));
        return share_parts("ALL", live_table(name), maker_.table(name));
    }

    // Two tables of one shape share the files of their rows: nothing is copied.
    Result<void> share_parts(const std::string& partition, const std::string& from, const std::string& into) {
        return channel_.execute("ALTER TABLE " + into + " ATTACH PARTITION " + partition + " FROM " + from);
    }

    const Deployed& live_;
    const Content& content_;
    CopiedRows rows_;
    std::string database_;
    target::SqlChannel& channel_;
    TableMaker maker_;
};

} // namespace

Result<void> copy_database(const Deployed& live, const Content& after, CopiedRows rows,
                           const std::string& database, target::SqlChannel& channel) {
    return Copy(live, after, rows, database, channel).run();
}

} // namespace birdhouse::server
