package dev.bellman.cel;

import dev.bellman.document.Node;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.RegexLiteralValidator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A compiled CEL expression. Immutable and safe to share between threads.
///
/// Compiling costs about a thousand times as much as evaluating, so each text is compiled once per set of variables
/// and kept.
public final class Expression {
    /// Kubernetes bounds the cost of an expression; these limits are what this engine offers in its place. RE2 bounds
    /// regular expressions by itself.
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .maxExpressionCodePointSize(16_384)
            .maxParseRecursionDepth(100)
            .comprehensionMaxIterations(1_000_000)
            .maxRegexProgramSize(10_000)
            .build();

    private static final Pattern LOCATED = Pattern.compile("evaluation error at [^:]*:(\\d+): (.*)", Pattern.DOTALL);
    private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map\\.?");
    private static final Pattern MISSING_FIELD = Pattern.compile(
            "Error resolving field '(.*)'\\. Field selections must be performed on messages or maps\\.?");
    /// All that the engine says of a key that an index did not find.
    private static final Pattern BARE_WORD = Pattern.compile("\\S+");

    private static final Pattern FUNCTION_FAILED = Pattern.compile("Function '.*' failed with arg\\(s\\) '.*'");

    /// Shipped by the definitions of most kinds.
    private static final String READY = "isCIDR(self)";

    private static final Map<Key, Compiled> CACHE = new ConcurrentHashMap<>();

    private final Program program;

    private Expression(Program program) {
        this.program = program;
    }

    private record Key(String text, Set<String> variables) {}

    public sealed interface Compiled {
        record Ok(Expression expression) implements Compiled {}

        record Failed(List<Problem> problems) implements Compiled {
            public Failed {
                problems = List.copyOf(problems);
            }
        }
    }

    /// What is wrong with an expression.
    ///
    /// @param offset where, in code points from the start of the expression
    public record Problem(String message, int offset) {}

    public sealed interface Evaluation {
        /// The nodes that the evaluation looked at.
        Reads reads();

        /// @param value a Boolean, String, Long, Double or a value of the engine's own
        record Value(Object value, Reads reads) implements Evaluation {}

        record Failed(Problem problem, Reads reads) implements Evaluation {}
    }

    /// Makes ready what the first expression needs, so that a caller with other work to do can have it done meanwhile.
    public static void prepare() {
        compile(READY, Set.of("self"));
    }

    /// Compiles an expression. Variables have no declared type, as the objects they stand for.
    public static Compiled compile(String text, Set<String> variables) {
        return CACHE.computeIfAbsent(new Key(text, Set.copyOf(variables)), Expression::compile);
    }

    private static Compiled compile(Key key) {
        try {
            CelAbstractSyntaxTree shipped = Precompiled.find(key.text(), key.variables());
            CelAbstractSyntaxTree tree = shipped == null ? validated(key) : shipped;
            return new Compiled.Ok(new Expression(Engine.INSTANCE.createProgram(tree)));
        } catch (CelValidationException e) {
            return new Compiled.Failed(e.getErrors().stream()
                    .map(issue -> problem(issue, key.text()))
                    .toList());
        } catch (CelEvaluationException e) {
            return new Compiled.Failed(List.of(problem(e)));
        }
    }

    /// @throws IllegalArgumentException if it does not compile
    static CelAbstractSyntaxTree check(String text, Set<String> variables) {
        try {
            return validated(new Key(text, Set.copyOf(variables)));
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
        }
    }

    private static CelAbstractSyntaxTree validated(Key key) throws CelValidationException {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(Library.compilerLibraries())
                .addFunctionDeclarations(Library.declarations());
        new TreeSet<>(key.variables()).forEach(name -> builder.addVar(name, SimpleType.DYN));
        CelCompiler compiler = builder.build();
        CelAbstractSyntaxTree tree = compiler.compile(key.text()).getAst();
        // Kubernetes refuses what the language itself would only find out, or never, when the rule runs.
        return CelValidatorFactory.standardCelValidatorBuilder(compiler, Engine.INSTANCE)
                .addAstValidators(HomogeneousLiteralValidator.newInstance("format"), RegexLiteralValidator.INSTANCE)
                .build()
                .validate(tree)
                .getAst();
    }

    /// Built when the first expression is compiled, not when the class is loaded.
    private static final class Engine {
        static final CelRuntime INSTANCE = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(Library.runtimeLibraries())
                .addFunctionBindings(Library.bindings())
                .build();
    }

    public Evaluation evaluate(Map<String, Node> variables) {
        Reads reads = new Reads();
        Map<String, Object> values = new HashMap<>();
        variables.forEach((name, node) -> values.put(name, Values.of(node, reads)));
        try {
            return new Evaluation.Value(program.eval(values), reads);
        } catch (CelEvaluationException e) {
            return new Evaluation.Failed(problem(e), reads);
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException | NullPointerException e) {
            // The engine reports some wrong types of intermediate values this way.
            return new Evaluation.Failed(new Problem(String.valueOf(e.getMessage()), 0), reads);
        }
    }

    private static Problem problem(CelIssue issue, String text) {
        CelSourceLocation location = issue.getSourceLocation();
        return new Problem(wording(issue.getMessage()), offset(text, location.getLine(), location.getColumn()));
    }

    /// The engine's lines count from 1 and its columns from 0; a place it does not know is -1.
    private static int offset(String text, int line, int column) {
        int offset = 0;
        int[] points = text.codePoints().toArray();
        for (int left = line - 1; left > 0 && offset < points.length; offset++) {
            if (points[offset] == '\n') {
                left--;
            }
        }
        return Math.min(points.length, offset + Math.max(0, column));
    }

    private static Problem problem(CelEvaluationException e) {
        Matcher located = LOCATED.matcher(String.valueOf(e.getMessage()));
        int offset = located.matches() ? Integer.parseInt(located.group(1)) : 0;
        String message = located.matches() ? located.group(2) : String.valueOf(e.getMessage());
        if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
                && BARE_WORD.matcher(message.strip()).matches()) {
            return new Problem("no such key: " + message.strip(), offset);
        }
        boolean wrapped = FUNCTION_FAILED.matcher(message.strip()).find() && e.getCause() != null;
        return new Problem(wording(wrapped ? innermost(e) : message), offset);
    }

    private static String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /// Kubernetes' words where this engine has others, so that people can search for them.
    private static String wording(String message) {
        String line = message.strip().replaceAll("\\s+", " ");
        Matcher missingKey = MISSING_KEY.matcher(line);
        if (missingKey.matches()) {
            return "no such key: " + missingKey.group(1);
        }
        Matcher missingField = MISSING_FIELD.matcher(line);
        if (missingField.matches()) {
            return "no such key: " + missingField.group(1);
        }
        return line;
    }
}
