package dev.bellman.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `bellman completion`: teaches a shell the commands and their options.
@Command(
        name = "completion",
        description = "Print a script that completes bellman's commands and options in a shell.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(bellman completion bash)    in this shell, or in ~/.bashrc",
            "  source <(bellman completion zsh)     in this shell, or in ~/.zshrc",
        })
final class CompletionCommand implements Callable<Integer> {
    /// The shells whose completion there is a script for.
    public enum Shell {
        BASH,
        ZSH;

        /// The word on the command line.
        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    /// The script is bash's; zsh runs it once its own and its bash completion are loaded.
    private static final String ZSH_PRELUDE = """
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """;

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String script =
                AutoComplete.bash("bellman", Objects.requireNonNull(spec).root().commandLine());
        terminal.out()
                .print(
                        switch (shell) {
                            case BASH -> script;
                            case ZSH -> ZSH_PRELUDE + script;
                        });
        return Outcome.CLEAN.code();
    }
}
