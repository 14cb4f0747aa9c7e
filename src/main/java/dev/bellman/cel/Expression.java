package dev.bellman.cel;

import dev.bellman.document.Node;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
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
import org.jspecify.annotations.Nullable;

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

    private static final Map<Key, Compiled> CACHE = new ConcurrentHashMap<>();

    private final Program program;
    private final String text;
    private final CelType result;

    private Expression(Program program, String text, CelType result) {
        this.program = program;
        this.text = text;
        this.result = result;
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

    /// Compiles an expression. Variables have no declared type, as the objects they stand for.
    public static Compiled compile(String text, Set<String> variables) {
        return CACHE.computeIfAbsent(new Key(text, Set.copyOf(variables)), Expression::compile);
    }

    private static Compiled compile(Key key) {
        try {
            CelAbstractSyntaxTree shipped = Precompiled.find(key.text(), key.variables());
            CelAbstractSyntaxTree tree = shipped == null ? validated(key) : shipped;
            return new Compiled.Ok(
                    new Expression(Engine.INSTANCE.createProgram(tree), key.text(), tree.getResultType()));
        } catch (CelValidationException e) {
            return new Compiled.Failed(e.getErrors().stream()
                    .map(issue -> Problems.of(issue, key.text()))
                    .toList());
        } catch (CelEvaluationException e) {
            return new Compiled.Failed(List.of(Problems.of(e, key.text())));
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
        CelValidationResult parsed = compiler.parse(key.text());
        if (parsed.hasError()) {
            // The parser goes on after a slip, and whatever it says then is about the slip too.
            throw new CelValidationException(
                    parsed.getSource(), List.of(parsed.getErrors().getFirst()));
        }
        CelAbstractSyntaxTree tree = compiler.check(parsed.getAst()).getAst();
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

    /// The type that it certainly gives, where that is not a boolean.
    public @Nullable String otherThanBoolean() {
        return result.equals(SimpleType.BOOL) || result.equals(SimpleType.DYN) ? null : result.name();
    }

    public Evaluation evaluate(Map<String, Node> variables) {
        Reads reads = new Reads();
        Map<String, Object> values = new HashMap<>();
        variables.forEach((name, node) -> values.put(name, Values.of(node, reads)));
        try {
            return new Evaluation.Value(program.eval(values), reads);
        } catch (CelEvaluationException e) {
            return new Evaluation.Failed(Problems.of(e, text), reads);
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException | NullPointerException e) {
            // The engine reports some wrong types of intermediate values this way.
            return new Evaluation.Failed(new Problem(String.valueOf(e.getMessage()), 0), reads);
        }
    }
}
