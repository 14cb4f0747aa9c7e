package dev.bellman.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `bellman completion`: teaches a shell the commands and their options.
final class CompletionCommand implements CliCommand {
    static final String NAME = "completion";

    /// The shells whose completion there is a script for.
    private enum Shell {
        BASH,
        ZSH
    }

    /// The script is bash's; zsh runs it once its own and its bash completion are loaded.
    private static final String ZSH_PRELUDE = """
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """;

    private final Terminal terminal;
    private final PositionalParamSpec shell = PositionalParamSpec.builder()
            .type(Shell.class)
            .converters(word -> Words.parse(Shell.class, word))
            .completionCandidates(Words.all(Shell.class))
            .arity("1")
            .required(true)
            .paramLabel("SHELL")
            .description("bash or zsh.")
            .build();
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
        spec.name(NAME)
                .addPositional(shell)
                .usageMessage()
                .description("Print a script that completes bellman's commands and options in a shell.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  source <(bellman completion bash)    in this shell, or in ~/.bashrc",
                        "  source <(bellman completion zsh)     in this shell, or in ~/.zshrc");
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("bellman", spec.root().commandLine());
        Shell asked = Options.word(shell, Shell.class);
        terminal.out()
                .print(
                        switch (asked) {
                            case BASH -> script;
                            case ZSH -> ZSH_PRELUDE + script;
                        });
        return Outcome.CLEAN.code();
    }
}
