// What of a project is not for everyone to read: credentials in settings, in SQL and in descriptions.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::ops {

// The value of KAFKA_SECRET and the like is `(secret)`, one that the service keeps `(secret: its name)`.
std::string shown_setting(std::string_view name, std::string_view value);
// Prose and expressions: credentials by their shape, and the user of an URL.
std::string shown_text(std::string_view text);
// SQL, also of a template: the same in its texts and comments, and the arguments of table functions that are
// credentials by their place. SQL that reads like `key=...` stays as it is.
std::string shown_sql(std::string_view sql);

} // namespace birdhouse::ops
