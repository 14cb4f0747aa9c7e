package dev.bellman.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.expr.CheckedExpr;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The checked syntax trees of expressions that Bellman ships, written while it is built.
///
/// Setting up the compiler and checking a handful of expressions takes a cold run longer than everything else that it
/// does. An expression that is not here is compiled, with the same result.
public final class Precompiled {
    /// On the class path.
    public static final String RESOURCE = "cel/expressions.bin";

    private Precompiled() {}

    /// @param variables what the expression may read
    public record Source(String text, Set<String> variables) {
        String key() {
            return String.join(",", new TreeSet<>(variables)) + "\n" + text;
        }
    }

    /// The tree of an expression, or null if it is to be compiled.
    static @Nullable CelAbstractSyntaxTree find(String text, Set<String> variables) {
        byte[] checked = Trees.BY_KEY.get(new Source(text, variables).key());
        if (checked == null) {
            return null;
        }
        try {
            return CelProtoAbstractSyntaxTree.fromCheckedExpr(CheckedExpr.parseFrom(checked))
                    .getAst();
        } catch (IOException e) {
            throw new UncheckedIOException("the build wrote a tree that cannot be read", e);
        }
    }

    /// The content of [#RESOURCE].
    ///
    /// @throws IllegalArgumentException if an expression does not compile
    public static byte[] write(List<Source> sources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Source source : sources.stream().distinct().toList()) {
                write(out, source.key().getBytes(StandardCharsets.UTF_8));
                CelAbstractSyntaxTree tree = Expression.check(source.text(), source.variables());
                write(
                        out,
                        CelProtoAbstractSyntaxTree.fromCelAst(tree)
                                .toCheckedExpr()
                                .toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// Read when the first expression is needed.
    private static final class Trees {
        static final Map<String, byte[]> BY_KEY = read();

        private static Map<String, byte[]> read() {
            Map<String, byte[]> trees = new HashMap<>();
            try (InputStream stream = Precompiled.class.getResourceAsStream("/" + RESOURCE)) {
                if (stream == null) {
                    return trees;
                }
                DataInputStream in = new DataInputStream(stream);
                while (true) {
                    String key = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                    trees.put(key, in.readNBytes(in.readInt()));
                }
            } catch (EOFException e) {
                return trees;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
