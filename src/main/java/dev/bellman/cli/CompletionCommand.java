package dev.bellman.cli;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `bellman completion`: teaches a shell the commands and their options.
@Command(
        name = CompletionCommand.NAME,
        description = "Print a script that completes bellman's commands and options in a shell.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(bellman completion bash)    in this shell, or in ~/.bashrc",
            "  source <(bellman completion zsh)     in this shell, or in ~/.zshrc",
        })
final class CompletionCommand implements Callable<Integer> {
    static final String NAME = "completion";

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
        CommandLine root = Objects.requireNonNull(spec).root().commandLine();
        root.getSubcommands().values().forEach(command -> addSuggestions(command.getCommandSpec()));
        String script = AutoComplete.bash("bellman", root);
        terminal.out()
                .print(
                        switch (shell) {
                            case BASH -> script;
                            case ZSH -> ZSH_PRELUDE + script;
                        });
        return Outcome.CLEAN.code();
    }

    private static void addSuggestions(CommandSpec command) {
        for (OptionSpec option : List.copyOf(command.options())) {
            if (option.userObject() instanceof AnnotatedElement member && member.isAnnotationPresent(Suggests.class)) {
                List<String> words =
                        Words.all(member.getAnnotation(Suggests.class).value());
                command.remove(option);
                command.addOption(
                        OptionSpec.builder(option).completionCandidates(words).build());
            }
        }
    }
}
