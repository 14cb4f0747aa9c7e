package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsOnceTheScriptIsSourced() throws Exception {
        assertThat(complete("bellman", "compl")).contains("completion");
    }

    @Test
    void bashCompletesOptionsAndTheirValues() throws Exception {
        assertThat(complete("bellman", "completion", "--de")).contains("--debug");
        assertThat(complete("bellman", "completion", "z")).contains("zsh");
        assertThat(complete("bellman", "check", "--format", "s")).contains("sarif");
        assertThat(complete("bellman", "check", "--fail-on", "w")).contains("warning");
    }

    @Test
    void zshLoadsItsBashCompletionFirst() {
        assertThat(Run.of("completion", "zsh").out()).startsWith("autoload -U +X compinit && compinit\n");
    }

    @Test
    void anUnknownShellIsAnsweredWithTheList() {
        Run run = Run.of("completion", "fish");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("bash", "zsh").hasLineCount(1);
    }

    @Test
    void noShellIsAnsweredWithWhatIsMissing() {
        Run run = Run.of("completion");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("SHELL").hasLineCount(1);
    }

    private String complete(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("bellman.bash"), Run.completionOfCheck().out());
        String typed = String.join(" ", words);
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -e; compopt() { :; }; source '" + script + "'; COMP_WORDS=(" + typed + "); COMP_CWORD="
                                + (words.length - 1)
                                + "; COMP_LINE='" + typed + "'; COMP_POINT=" + typed.length()
                                + "; complete -p bellman >/dev/null; _complete_bellman; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }
}
