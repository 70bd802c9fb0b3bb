/// JSON for requests and answers, by Jackson: [dev.thrum.json.Json] reads records from bodies and sends them as answers.
package dev.thrum.json;
