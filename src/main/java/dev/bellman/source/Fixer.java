package dev.bellman.source;

import dev.bellman.diagnostic.Diagnostic;
import dev.bellman.diagnostic.Fix;
import dev.bellman.diagnostic.SourceText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// Carries out fixes in the files that findings point to. Only the text of an edit changes: comments, layout, line
/// ends and a byte order mark stay.
public final class Fixer {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private Fixer() {}

    /// Mends each file as a whole or not at all.
    ///
    /// @param texts the files as they were read; one that has changed since is left alone
    /// @param folder what relative names of files are relative to
    public static Result fix(List<Diagnostic> findings, Map<String, SourceText> texts, Path folder) {
        SortedMap<String, List<Fix>> byFile = new TreeMap<>();
        for (Diagnostic finding : findings) {
            if (finding.fix() != null && texts.containsKey(finding.span().file())) {
                byFile.computeIfAbsent(finding.span().file(), _ -> new ArrayList<>())
                        .add(finding.fix());
            }
        }
        int mended = 0;
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, List<Fix>> entry : byFile.entrySet()) {
            SourceText source = Objects.requireNonNull(texts.get(entry.getKey()));
            Path file = folder.resolve(entry.getKey());
            try {
                mended += fix(file, source, entry.getValue());
            } catch (IOException e) {
                failures.add(file + " cannot be mended: " + Reason.of(e));
            }
        }
        return new Result(mended, failures);
    }

    /// @param mended how many findings were
    /// @param failures files that could not be written, each with why
    public record Result(int mended, List<String> failures) {}

    private static int fix(Path file, SourceText source, List<Fix> fixes) throws IOException {
        Mended mended = apply(source, fixes);
        byte[] before = Files.readAllBytes(file);
        boolean marked = startsWithMark(before);
        byte[] read = bytes(source.text(), marked);
        if (mended.count() == 0 || !Arrays.equals(before, read)) {
            return 0;
        }
        replace(file, bytes(mended.text(), marked));
        return mended.count();
    }

    record Mended(String text, int count) {}

    /// Applies the fixes that do not overlap an earlier one; the others come up again with the next check.
    static Mended apply(SourceText source, List<Fix> fixes) {
        List<Fix> taken = new ArrayList<>();
        List<Fix.Edit> edits = new ArrayList<>();
        for (Fix fix : fixes) {
            boolean repeated = taken.contains(fix);
            boolean free = fix.edits().stream()
                    .noneMatch(edit -> edits.stream().anyMatch(other -> overlap(source, edit, other)));
            if (repeated) {
                taken.add(fix);
            } else if (free) {
                taken.add(fix);
                edits.addAll(fix.edits());
            }
        }
        edits.sort(Comparator.comparingInt(edit -> -start(source, edit)));
        StringBuilder text = new StringBuilder(source.text());
        for (Fix.Edit edit : edits) {
            text.replace(start(source, edit), end(source, edit), edit.replacement());
        }
        return new Mended(text.toString(), taken.size());
    }

    private static boolean overlap(SourceText source, Fix.Edit a, Fix.Edit b) {
        return start(source, a) < Math.max(end(source, b), start(source, b) + 1)
                && start(source, b) < Math.max(end(source, a), start(source, a) + 1);
    }

    private static int start(SourceText source, Fix.Edit edit) {
        return source.offset(edit.span().line(), edit.span().column());
    }

    private static int end(SourceText source, Fix.Edit edit) {
        return source.offset(edit.span().endLine(), edit.span().endColumn());
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= 3
                && bytes[0] == BYTE_ORDER_MARK[0]
                && bytes[1] == BYTE_ORDER_MARK[1]
                && bytes[2] == BYTE_ORDER_MARK[2];
    }

    private static byte[] bytes(String text, boolean marked) {
        return ((marked ? "\uFEFF" : "") + text).getBytes(StandardCharsets.UTF_8);
    }

    private static void keep(PosixFileAttributes before, Path file) throws IOException {
        Files.setPosixFilePermissions(file, before.permissions());
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        try {
            if (!now.owner().equals(before.owner())) {
                view.setOwner(before.owner());
            }
            if (!now.group().equals(before.group())) {
                view.setGroup(before.group());
            }
        } catch (FileSystemException e) {
            // Only root may give files away; anybody else's are their own from now on, as with any editor.
        }
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path target = file.toRealPath();
        Path parent = Objects.requireNonNull(target.getParent());
        Path temporary = Files.createTempFile(parent, ".bellman-", ".tmp");
        try {
            Files.write(temporary, content);
            PosixFileAttributeView before =
                    Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (before != null) {
                keep(before.readAttributes(), temporary);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
