package dev.bellman.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/// Where the process starts.
///
/// Nothing here boots Quarkus: that takes longer than most commands do. A command that stays, as the daemons do, calls
/// `Quarkus.run` in its own `call()`, and only then is Quarkus loaded.
@QuarkusMain(name = "bellman")
public final class Main {
    private Main() {}

    public static void main(String... args) {
        Terminal terminal = Terminal.system();
        int code = Bellman.run(terminal, args);
        terminal.out().flush();
        terminal.err().flush();
        System.exit(code);
    }
}
