package dev.bellman.cel;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.document.Mapping;
import dev.bellman.document.Node;
import dev.bellman.document.Scalar;
import dev.bellman.document.Sequence;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells of most objects that an expression is true of them, without the engine.
///
/// Nearly every rule is about a field that most objects do not have, or compares a field or two. The engine takes a
/// hundred times as long to say so, and to be set up at all longer than a cold run of everything else. What is beyond
/// the few operators here, an operand of another type or a field that is missing is not known, and neither is what
/// depends on it: the engine has the word whenever the result is not plainly true. So no finding ever comes from here.
final class Evident {
    private final List<String> variables;
    private final Term term;

    private Evident(List<String> variables, Term term) {
        this.variables = variables;
        this.term = term;
    }

    /// @param text an expression that compiles
    /// @param variables what the expression may read
    static Evident of(String text, List<String> variables) {
        return new Evident(List.copyOf(variables), new EvidentParser(text, variables).parse());
    }

    /// Whether the expression is certainly true; false where it is not, or may not be.
    boolean isTrue(Map<String, Node> values) {
        Scope scope = new Scope();
        variables.forEach(name -> scope.enter(plain(values.get(name))));
        return Boolean.TRUE.equals(term.value(scope));
    }

    /// A part of an expression.
    ///
    /// Its value is a String, a Long, a Boolean, a Mapping, a List of values, an Ip or a Cidr, or null: not known.
    interface Term {
        @Nullable
        Object value(Scope scope);
    }

    /// The values of the variables, those of macros behind the others.
    static final class Scope {
        private final List<@Nullable Object> values = new ArrayList<>();

        @Nullable
        Object get(int slot) {
            return values.get(slot);
        }

        void enter(@Nullable Object value) {
            values.add(value);
        }

        void leave() {
            values.removeLast();
        }
    }

    static final Term UNKNOWN = _ -> null;

    static Term constant(Object value) {
        return _ -> value;
    }

    static Term variable(int slot) {
        return scope -> scope.get(slot);
    }

    static Term field(Term holder, String name) {
        return scope -> holder.value(scope) instanceof Mapping mapping ? plain(mapping.get(name)) : null;
    }

    /// `has(holder.name)`, and false too where the holder itself is missing.
    static Term has(Term holder, String name) {
        return scope -> switch (holder.value(scope)) {
            case Mapping mapping -> mapping.get(name) != null;
            case null -> false;
            default -> null;
        };
    }

    static Term not(Term term) {
        return scope -> term.value(scope) instanceof Boolean value ? !value : null;
    }

    /// `&&` and `||`, which are settled by one operand whatever the others are.
    ///
    /// @param settling true for `||`, false for `&&`
    static Term either(List<Term> terms, boolean settling) {
        List<Term> all = List.copyOf(terms);
        return scope -> {
            boolean known = true;
            for (Term term : all) {
                if (!(term.value(scope) instanceof Boolean value)) {
                    known = false;
                } else if (value == settling) {
                    return settling;
                }
            }
            return known ? !settling : null;
        };
    }

    static Term choice(Term condition, Term then, Term otherwise) {
        return scope -> condition.value(scope) instanceof Boolean value
                ? (value ? then.value(scope) : otherwise.value(scope))
                : null;
    }

    static Term same(Term left, Term right) {
        return scope -> same(left.value(scope), right.value(scope));
    }

    private static @Nullable Boolean same(@Nullable Object left, @Nullable Object right) {
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return sameItems(a, b);
        }
        return switch (left) {
            case String a when right instanceof String b -> a.equals(b);
            case Long a when right instanceof Long b -> a.equals(b);
            case Boolean a when right instanceof Boolean b -> a.equals(b);
            case Ip a when right instanceof Ip b -> a.equals(b);
            case Cidr a when right instanceof Cidr b -> a.equals(b);
            case null, default -> null;
        };
    }

    private static @Nullable Boolean sameItems(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            Boolean same = same(left.get(i), right.get(i));
            if (same == null || !same) {
                return same;
            }
        }
        return true;
    }

    static Term less(Term left, Term right, boolean orSame) {
        return scope -> {
            if (!(left.value(scope) instanceof Long a)) {
                return null;
            }
            if (!(right.value(scope) instanceof Long b)) {
                return null;
            }
            int order = a.compareTo(b);
            return order < 0 || (orSame && order == 0);
        };
    }

    static Term in(Term needle, Term holder) {
        return scope -> {
            Object value = needle.value(scope);
            return switch (holder.value(scope)) {
                case Mapping mapping when value instanceof String key -> mapping.get(key) != null;
                case List<?> items when value != null -> isIn(value, items);
                case null, default -> null;
            };
        };
    }

    static Term list(List<Term> items) {
        List<Term> all = List.copyOf(items);
        return scope -> {
            List<@Nullable Object> values = new ArrayList<>();
            all.forEach(item -> values.add(item.value(scope)));
            return values;
        };
    }

    /// `holder[key]`, of a list by number or of a mapping by name.
    static Term item(Term holder, Term key) {
        return scope -> {
            Object at = key.value(scope);
            return switch (holder.value(scope)) {
                case Mapping mapping when at instanceof String name -> plain(mapping.get(name));
                case List<?> items
                when at instanceof Long place && place >= 0 && place < items.size() -> items.get(place.intValue());
                case null, default -> null;
            };
        };
    }

    private static @Nullable Boolean isIn(Object value, List<?> items) {
        boolean known = true;
        for (Object item : items) {
            Boolean same = same(value, item);
            if (same == null) {
                known = false;
            } else if (same) {
                return true;
            }
        }
        return known ? false : null;
    }

    static Term size(Term term) {
        return scope -> switch (term.value(scope)) {
            case Mapping mapping -> (long) mapping.entries().size();
            case List<?> items -> (long) items.size();
            case String text -> (long) text.codePointCount(0, text.length());
            case null, default -> null;
        };
    }

    /// A function of a string.
    static Term ofString(Term argument, Function<String, @Nullable Object> function) {
        return scope -> argument.value(scope) instanceof String text ? function.apply(text) : null;
    }

    /// A method of a string with a string for its argument.
    static Term ofStrings(Term target, Term argument, BiFunction<String, String, Object> method) {
        return scope -> target.value(scope) instanceof String a && argument.value(scope) instanceof String b
                ? method.apply(a, b)
                : null;
    }

    static Term ofCidr(Term target, Function<Cidr, Object> method) {
        return scope -> target.value(scope) instanceof Cidr cidr ? method.apply(cidr) : null;
    }

    static Term ofIp(Term target, Function<Ip, Object> method) {
        return scope -> target.value(scope) instanceof Ip ip ? method.apply(ip) : null;
    }

    /// What a macro asks of the items of a list, or of the keys of a mapping.
    enum Macro {
        ALL,
        EXISTS,
        EXISTS_ONE
    }

    static Term macro(Macro macro, Term list, Term condition) {
        return scope -> {
            List<?> items = items(list.value(scope));
            if (items == null) {
                return null;
            }
            int yes = 0;
            int unknown = 0;
            for (Object item : items) {
                scope.enter(item);
                Object value = condition.value(scope);
                scope.leave();
                yes += Boolean.TRUE.equals(value) ? 1 : 0;
                unknown += value instanceof Boolean ? 0 : 1;
            }
            int no = items.size() - yes - unknown;
            return switch (macro) {
                case ALL -> no > 0 ? (Boolean) false : unknown > 0 ? null : (Boolean) true;
                case EXISTS -> yes > 0 ? (Boolean) true : unknown > 0 ? null : (Boolean) false;
                case EXISTS_ONE -> unknown > 0 ? null : (Boolean) (yes == 1);
            };
        };
    }

    /// `list.map(variable, result)`.
    static Term map(Term list, Term result) {
        return scope -> {
            List<?> items = items(list.value(scope));
            if (items == null) {
                return null;
            }
            List<@Nullable Object> results = new ArrayList<>();
            for (Object item : items) {
                scope.enter(item);
                results.add(result.value(scope));
                scope.leave();
            }
            return results;
        };
    }

    private static @Nullable List<?> items(@Nullable Object value) {
        return switch (value) {
            case Mapping mapping ->
                mapping.entries().stream().map(Mapping.Entry::name).toList();
            case List<?> list -> list;
            case null, default -> null;
        };
    }

    private static @Nullable Object plain(@Nullable Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.value() instanceof Double ? null : scalar.value();
            case Mapping mapping -> mapping;
            case Sequence sequence -> new Items(sequence.items());
            case null -> null;
        };
    }

    /// The values of a sequence, made when they are looked at: a rule about a list looks at it again for each item.
    private static final class Items extends AbstractList<@Nullable Object> {
        private final List<Node> nodes;

        Items(List<Node> nodes) {
            this.nodes = nodes;
        }

        @Override
        public @Nullable Object get(int index) {
            return plain(nodes.get(index));
        }

        @Override
        public int size() {
            return nodes.size();
        }
    }
}
