package dev.thrum.examples.photos;

import dev.thrum.loop.Signal;
import dev.thrum.system.DumpFiles;
import java.io.IOException;
import java.nio.file.Path;

/// Starts the photo service: `./thrum demo`.
///
/// `--port N` is the first of its four ports (8000; 0 takes any that are free), `--dir PATH` the directory of the photos
/// (`photos-data`), `--workers N` the number of workers (2), `--access-log PATH` a file that gets a line for each request (none). It
/// ends on SIGTERM, SIGINT and SIGHUP, after the requests in work, of which a line each second tells; at once, if the signal comes again.
/// On SIGUSR1 it writes a dump into the directory for temporary files, as `./thrum dump` asks it to.
///
/// Exit codes: 2 if an option is wrong; 1 if a port is in use, or the directory cannot be used; each with one line on
/// stderr.
public final class Main {
    private Main() {}

    /// Starts the service, prints where it is, and runs until it is stopped.
    /// @param args the options
    /// @throws InterruptedException never: nobody interrupts the main thread
    public static void main(String... args) throws InterruptedException {
        System.setProperty("java.awt.headless", "true");
        try {
            Options options = Options.parse(args);
            PhotoService service = PhotoService.start(options);
            service.closeOnSignals();
            DumpFiles.on(Signal.USR1, Path.of(System.getProperty("java.io.tmpdir")));
            System.out.println("Photos are kept in " + options.directory() + ". The service is up, with a loop for each of");
            service.ports().forEach(port -> System.out.println("  http://localhost:" + port + "/"));
            service.join();
            service.close();
        } catch (UsageException e) {
            exit("photos: " + e.getMessage(), 2);
        } catch (IOException e) {
            exit("photos: " + e.getMessage(), 1);
        }
    }

    static void exit(String line, int status) {
        System.err.println(line);
        System.exit(status);
    }
}
