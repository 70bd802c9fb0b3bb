/// JSON for requests and answers, by Jackson.
@org.jspecify.annotations.NullMarked
module dev.thrum.json {
    requires transitive dev.thrum.web;
    requires transitive tools.jackson.databind;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    exports dev.thrum.json;
}
