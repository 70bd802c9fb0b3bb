package dev.thrum.verify.house;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The Java examples of the README, which must compile against the rooms as they are.
final class Readme {
    private static final Pattern EXAMPLE =
            Pattern.compile("^### `?(\\w+)`?\\n[^#]*?^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final List<String> IMPORTS = List.of(
            "java.io",
            "java.net",
            "java.nio",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.stream");

    private Readme() {}

    /// @param room the heading it stands under
    /// @param code statements
    record Example(String room, String code) {

        /// {@return what the compiler has to say against it; nothing if it compiles}
        /// @param rooms the names of the rooms it may use
        /// @param classPath where their classes are
        /// @param output a folder for the classes it makes
        String complaints(List<String> rooms, String classPath, Path output) {
            StringWriter complaints = new StringWriter();
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            List<String> options = List.of("-cp", classPath, "-d", output.toString(), "-proc:none");
            compiler.getTask(complaints, null, null, options, null, List.of(source(rooms)))
                    .call();
            return complaints.toString();
        }

        private JavaFileObject source(List<String> rooms) {
            List<String> packages = new ArrayList<>(IMPORTS);
            rooms.forEach(name -> packages.add("dev.thrum." + name));
            String imports = packages.stream().map("import %s.*;\n"::formatted).collect(joining());
            String text = imports + "class Example {\n    void run() throws Exception {\n" + code + "    }\n}\n";
            return new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            };
        }
    }

    static List<Example> examples(Path readme) throws IOException {
        return EXAMPLE.matcher(Files.readString(readme))
                .results()
                .map(found -> new Example(found.group(1), found.group(2)))
                .toList();
    }
}
