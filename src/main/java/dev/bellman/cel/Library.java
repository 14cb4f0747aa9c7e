package dev.bellman.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompilerLibrary;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntimeLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Kubernetes' CEL environment (1.35): the functions that this engine has and Kubernetes has too, and those that only
/// Kubernetes has, written here.
///
/// What the engine offers beyond Kubernetes (`cel.bind`, `math`, encoders, `reverse` of strings) is left out, so that
/// a rule that passes offline can be used in the cluster.
final class Library {
    private static final List<Function> FUNCTIONS = Stream.of(
                    AddressFunctions.all(),
                    ListFunctions.all(),
                    RegexFunctions.all(),
                    QuantityFunctions.all(),
                    FormatFunctions.all())
            .flatMap(List::stream)
            .toList();

    private Library() {}

    /// One overload of one function.
    ///
    /// @param member whether its first argument stands before the dot
    record Function(
            String name,
            String overload,
            boolean member,
            CelType result,
            List<CelType> parameters,
            List<Class<?>> classes,
            CelFunctionOverload body) {

        static Function global(
                String name, CelType result, CelType parameter, Class<?> type, CelFunctionOverload body) {
            return new Function(
                    name, id(name, List.of(parameter)), false, result, List.of(parameter), List.of(type), body);
        }

        static Function member(String name, CelType result, CelType target, Class<?> type, CelFunctionOverload body) {
            return new Function(name, id(name, List.of(target)), true, result, List.of(target), List.of(type), body);
        }

        static Function member(
                String name,
                CelType result,
                CelType target,
                Class<?> type,
                CelType argument,
                Class<?> argumentType,
                CelFunctionOverload body) {
            List<CelType> parameters = List.of(target, argument);
            return new Function(
                    name, id(name, parameters), true, result, parameters, List.of(type, argumentType), body);
        }

        private static String id(String name, List<CelType> parameters) {
            return "bellman_" + name.replace('.', '_') + "_"
                    + String.join(
                            "_",
                            parameters.stream()
                                    .map(type -> type.name().replace('.', '_'))
                                    .toList());
        }

        /// The engine dispatches functions of one or two arguments in a way of their own.
        CelFunctionBinding binding() {
            return switch (classes.size()) {
                case 1 -> CelFunctionBinding.from(overload, classes.getFirst(), a -> body.apply(new Object[] {a}));
                case 2 ->
                    CelFunctionBinding.from(
                            overload, classes.getFirst(), classes.getLast(), (a, b) -> body.apply(new Object[] {a, b}));
                default -> CelFunctionBinding.from(overload, ImmutableList.copyOf(classes), body);
            };
        }

        CelOverloadDecl declaration() {
            return member
                    ? CelOverloadDecl.newMemberOverload(overload, result, parameters)
                    : CelOverloadDecl.newGlobalOverload(overload, result, parameters);
        }
    }

    static List<CelCompilerLibrary> compilerLibraries() {
        return extensions(CelCompilerLibrary.class);
    }

    static List<CelRuntimeLibrary> runtimeLibraries() {
        return extensions(CelRuntimeLibrary.class);
    }

    /// Each is a library for both sides.
    private static <T> List<T> extensions(Class<T> side) {
        return Stream.of(
                        CelExtensions.strings(strings()),
                        CelExtensions.optional(),
                        CelExtensions.sets(CelOptions.DEFAULT),
                        CelExtensions.lists(),
                        CelExtensions.comprehensions())
                .map(side::cast)
                .toList();
    }

    private static CelStringExtensions.Function[] strings() {
        return Arrays.stream(CelStringExtensions.Function.values())
                .filter(function -> function != CelStringExtensions.Function.REVERSE)
                .toArray(CelStringExtensions.Function[]::new);
    }

    static List<CelFunctionDecl> declarations() {
        Map<String, List<CelOverloadDecl>> byName = new LinkedHashMap<>();
        for (Function function : FUNCTIONS) {
            byName.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function.declaration());
        }
        return byName.entrySet().stream()
                .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                .toList();
    }

    static List<CelFunctionBinding> bindings() {
        Map<String, List<CelFunctionBinding>> byName = new LinkedHashMap<>();
        for (Function function : FUNCTIONS) {
            byName.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function.binding());
        }
        List<CelFunctionBinding> bindings = new ArrayList<>();
        byName.forEach((name, overloads) -> {
            boolean standard = name.equals("string") || name.equals("indexOf") || name.equals("lastIndexOf");
            // A function that exists already takes new overloads one by one only.
            bindings.addAll(standard ? overloads : CelFunctionBinding.fromOverloads(name, overloads));
        });
        return bindings;
    }
}
