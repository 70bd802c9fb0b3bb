package dev.thrum.examples.photos;

import java.io.IOException;

/// Starts the photo service: `./thrum demo`.
///
/// `--port N` is the first of its four ports (8000; 0 takes any that are free), `--dir PATH` the directory of the photos
/// (`photos-data`), `--workers N` the number of workers (2), `--access-log PATH` a file that gets a line for each request (none). It
/// ends on SIGTERM and SIGINT, after the requests in work.
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
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
            System.out.println("Photos are kept in " + options.directory() + ". The service is up, with a loop for each of");
            service.ports().forEach(port -> System.out.println("  http://localhost:" + port + "/"));
            service.join();
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
