package dev.bellman.cel;

import dev.bellman.address.Cidr;
import dev.bellman.address.Ip;
import dev.bellman.cel.Evident.Macro;
import dev.bellman.cel.Evident.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an expression as [Evident] needs it, by the precedences of CEL's grammar. The expression is known to
/// compile, so what is not understood here is no mistake: its term is unknown.
final class EvidentParser {
    private final String text;
    /// The variables, and those of the macros around the place at hand.
    private final List<String> scope;
    private int at;

    EvidentParser(String text, List<String> variables) {
        this.text = text;
        this.scope = new ArrayList<>(variables);
    }

    /// Something that this reader does not know, such as a raw string.
    private static final class Beyond extends RuntimeException {
        private static final long serialVersionUID = 1;

        Beyond() {
            super(null, null, false, false);
        }
    }

    Term parse() {
        try {
            Term term = expression();
            return peek() == 0 ? term : Evident.UNKNOWN;
        } catch (Beyond e) {
            return Evident.UNKNOWN;
        }
    }

    private Term expression() {
        Term condition = or();
        if (!take("?")) {
            return condition;
        }
        Term then = or();
        require(":");
        return Evident.choice(condition, then, expression());
    }

    private Term or() {
        List<Term> terms = new ArrayList<>(List.of(and()));
        while (take("||")) {
            terms.add(and());
        }
        return terms.size() == 1 ? terms.getFirst() : Evident.either(terms, true);
    }

    private Term and() {
        List<Term> terms = new ArrayList<>(List.of(relation()));
        while (take("&&")) {
            terms.add(relation());
        }
        return terms.size() == 1 ? terms.getFirst() : Evident.either(terms, false);
    }

    private Term relation() {
        Term left = unary();
        while (true) {
            if (take("==")) {
                left = Evident.same(left, unary());
            } else if (take("!=")) {
                left = Evident.not(Evident.same(left, unary()));
            } else if (take("<=")) {
                left = Evident.less(left, unary(), true);
            } else if (take(">=")) {
                left = Evident.less(unary(), left, true);
            } else if (take("<")) {
                left = Evident.less(left, unary(), false);
            } else if (take(">")) {
                left = Evident.less(unary(), left, false);
            } else if (takeWord("in")) {
                left = Evident.in(left, unary());
            } else if ("+-*/%".indexOf(peek()) >= 0) {
                throw new Beyond();
            } else {
                return left;
            }
        }
    }

    private Term unary() {
        if (peek() == '!' && !text.startsWith("!=", at)) {
            at++;
            return Evident.not(unary());
        }
        return postfix();
    }

    private Term postfix() {
        Term term = primary();
        while (true) {
            if (take(".")) {
                String name = name();
                term = peek() == '(' ? method(term, name) : Evident.field(term, name);
            } else if (take("[")) {
                term = Evident.item(term, expression());
                require("]");
            } else {
                return term;
            }
        }
    }

    private Term primary() {
        char next = peek();
        if (take("(")) {
            Term term = expression();
            require(")");
            return term;
        }
        if (take("[")) {
            return Evident.list(until("]"));
        }
        if (next == '\'' || next == '"') {
            String string = string();
            return string == null ? Evident.UNKNOWN : Evident.constant(string);
        }
        if (Character.isDigit(next)) {
            return number();
        }
        String name = name();
        if (peek() == '(') {
            return function(name);
        }
        return switch (name) {
            case "true" -> Evident.constant(true);
            case "false" -> Evident.constant(false);
            case "format" -> format();
            default -> {
                int slot = scope.lastIndexOf(name);
                yield slot < 0 ? Evident.UNKNOWN : Evident.variable(slot);
            }
        };
    }

    private Term function(String name) {
        if (name.equals("has")) {
            require("(");
            int slot = scope.lastIndexOf(name());
            if (slot < 0) {
                throw new Beyond();
            }
            Term holder = Evident.variable(slot);
            require(".");
            String field = name();
            while (take(".")) {
                holder = Evident.field(holder, field);
                field = name();
            }
            require(")");
            return Evident.has(holder, field);
        }
        List<Term> arguments = arguments();
        if (arguments.size() != 1) {
            return Evident.UNKNOWN;
        }
        Term argument = arguments.getFirst();
        return switch (name) {
            case "size" -> Evident.size(argument);
            case "int" -> Evident.ofString(argument, EvidentParser::integer);
            case "isIP" -> Evident.ofString(argument, text -> Ip.parse(text) != null);
            case "isCIDR" -> Evident.ofString(argument, text -> Cidr.parse(text) != null);
            case "ip" -> Evident.ofString(argument, Ip::parse);
            case "cidr" -> Evident.ofString(argument, Cidr::parse);
            default -> Evident.UNKNOWN;
        };
    }

    /// `format.qualifiedName().validate(text).hasValue()`: whether a text is not of a format.
    private Term format() {
        require(".");
        Predicate<String> test = FormatFunctions.test(name());
        require("(");
        require(")");
        require(".validate");
        List<Term> arguments = arguments();
        require(".hasValue");
        require("(");
        require(")");
        if (test == null || arguments.size() != 1) {
            throw new Beyond();
        }
        return Evident.ofString(arguments.getFirst(), text -> !test.test(text));
    }

    private Term method(Term target, String name) {
        Macro macro = macro(name);
        if (macro != null) {
            return Evident.macro(macro, target, ofItem());
        }
        if (name.equals("map")) {
            return Evident.map(target, ofItem());
        }
        List<Term> arguments = arguments();
        Term argument = arguments.isEmpty() ? Evident.UNKNOWN : arguments.getFirst();
        return switch (arguments.size() + name) {
            case "0size" -> Evident.size(target);
            case "0ip" -> Evident.ofCidr(target, Cidr::address);
            case "0family" -> Evident.ofIp(target, AddressFunctions::family);
            case "0isGlobalUnicast" -> Evident.ofIp(target, AddressFunctions::globalUnicast);
            case "0masked" -> Evident.ofCidr(target, Cidr::masked);
            case "0prefixLength" -> Evident.ofCidr(target, cidr -> (long) cidr.bits());
            case "1contains" -> Evident.ofStrings(target, argument, String::contains);
            case "1startsWith" -> Evident.ofStrings(target, argument, String::startsWith);
            case "1endsWith" -> Evident.ofStrings(target, argument, String::endsWith);
            case "1split" -> Evident.ofStrings(target, argument, EvidentParser::split);
            // Of `ip.isCanonical`: no type has a method of this name.
            case "1isCanonical" -> Evident.ofString(argument, EvidentParser::isCanonical);
            default -> Evident.UNKNOWN;
        };
    }

    private static List<String> split(String text, String separator) {
        return List.of(text.split(Pattern.quote(separator), -1));
    }

    private static @Nullable Long integer(String text) {
        return text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Long.valueOf(text)
                : null;
    }

    private static @Nullable Boolean isCanonical(String text) {
        Ip ip = Ip.parse(text);
        return ip == null ? null : ip.toString().equals(text);
    }

    private static @Nullable Macro macro(String name) {
        return switch (name) {
            case "all" -> Macro.ALL;
            case "exists" -> Macro.EXISTS;
            case "exists_one" -> Macro.EXISTS_ONE;
            default -> null;
        };
    }

    /// What a macro asks of each item, as in `(item, item > 0)`.
    private Term ofItem() {
        require("(");
        scope.add(name());
        require(",");
        Term term = expression();
        scope.removeLast();
        // Of two variables, or with a filter.
        if (peek() == ',') {
            throw new Beyond();
        }
        require(")");
        return term;
    }

    private List<Term> arguments() {
        require("(");
        return until(")");
    }

    private List<Term> until(String end) {
        List<Term> terms = new ArrayList<>();
        while (!take(end)) {
            terms.add(expression());
            if (peek() == ',') {
                at++;
            }
        }
        return terms;
    }

    private Term number() {
        int start = at;
        while (Character.isDigit(character())) {
            at++;
        }
        if (Character.isLetter(character()) || character() == '.') {
            throw new Beyond();
        }
        try {
            return Evident.constant(Long.parseLong(text, start, at, 10));
        } catch (NumberFormatException e) {
            throw new Beyond();
        }
    }

    /// The content of a string, or null where it has an escape.
    private @Nullable String string() {
        char quote = text.charAt(at++);
        int start = at;
        boolean escaped = false;
        while (character() != quote) {
            if (character() == 0) {
                throw new Beyond();
            }
            escaped |= character() == '\\';
            at += character() == '\\' ? 2 : 1;
        }
        at++;
        return escaped ? null : text.substring(start, at - 1);
    }

    private String name() {
        peek();
        int start = at;
        while (Character.isLetterOrDigit(character()) || character() == '_') {
            at++;
        }
        // A string with a prefix, such as r'\d', would look like a name.
        if (start == at || character() == '\'' || character() == '"') {
            throw new Beyond();
        }
        return text.substring(start, at);
    }

    private boolean take(String token) {
        peek();
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        return true;
    }

    private boolean takeWord(String word) {
        peek();
        int end = at + word.length();
        boolean whole = end >= text.length() || !Character.isLetterOrDigit(text.charAt(end));
        return whole && take(word);
    }

    private void require(String token) {
        if (!take(token)) {
            throw new Beyond();
        }
    }

    /// The next character that is not blank, or 0 at the end.
    private char peek() {
        while (Character.isWhitespace(character())) {
            at++;
        }
        return character();
    }

    private char character() {
        return at < text.length() ? text.charAt(at) : 0;
    }
}
