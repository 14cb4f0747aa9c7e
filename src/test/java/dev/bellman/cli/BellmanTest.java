package dev.bellman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.report.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class BellmanTest {
    @Test
    void saysItsVersionAsTheBuildWroteIt() {
        Run run = Run.of("--version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("(?s)bellman \\d+\\.\\d+\\.\\d+\\S*\nJava 25.*\n");
    }

    @Test
    void helpGoesToStdoutWithExamplesAndExitCodes() {
        Run run = Run.of("--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Examples:", "Commands:", "completion", "Exit codes: 0 clean");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void withoutACommandTheHelpGoesToStderrAndTheRunFails() {
        Run run = Run.of();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: bellman");
    }

    @Test
    void anUnknownOptionIsOneLineThatSaysWhereToLook() {
        Run run = Run.of("completion", "--shel", "bash");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("bellman completion: unknown option '--shel'; see bellman completion --help\n");
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheNearest() {
        Run run = Run.of("rotues");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("bellman: unknown command 'rotues' (did you mean routes?); see bellman --help\n");
    }

    @Test
    void aRequiredOptionWithATypingErrorIsNotCalledMissing() {
        Run run = Run.of("agent", "--nodes", "worker1");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "bellman agent: unknown option '--nodes' (did you mean --node?); see bellman agent --help\n");
    }

    @Test
    void aMissingFileIsOneLineWithoutAStackTrace() {
        Run run = Run.failing(() -> {
            throw new UncheckedIOException(new NoSuchFileException("apps"));
        });
        assertThat(run).isEqualTo(new Run(2, "", "bellman: apps: no such file or folder\n"));
    }

    @Test
    void aBugSaysHowToSeeWhereItIs() {
        Run run = Run.failing(() -> {
            throw new IllegalStateException("no such state");
        });
        assertThat(run)
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "bellman: internal error: java.lang.IllegalStateException: no such state; --debug shows where\n"));
    }

    @Test
    void onlyDebugShowsTheStackTrace() {
        assertThat(Run.failing(BellmanTest::fail, "--debug").err())
                .contains("at dev.bellman.cli.BellmanTest.fail")
                .endsWith("bellman: disk is gone\n");
        assertThat(Run.failing(BellmanTest::fail).err()).isEqualTo("bellman: disk is gone\n");
    }

    @Test
    void runningOutOfStackIsAFailureLikeAnyOther() {
        Run run = Run.failing(() -> {
            throw new StackOverflowError();
        });
        assertThat(run).isEqualTo(new Run(2, "", "bellman: the input is nested too deeply\n"));
    }

    @Test
    void aFileNameCannotSendCommandsToTheTerminal() {
        Run run = Run.failing(() -> {
            throw new Failure("\u001b[2J: no such file or folder");
        });
        assertThat(run.err()).isEqualTo("bellman: ␛[2J: no such file or folder\n");
    }

    private static Findings fail() throws IOException {
        throw new IOException("disk is gone");
    }
}
