package dev.bellman.yaml;

/// What the parser says, in words that serve a reader.
record ParserWords(String message, String help) {
    static ParserWords of(String problem) {
        if (problem.startsWith("expected '<document start>'")) {
            return new ParserWords(
                    "this does not belong to the document above",
                    "check the indentation; a new document begins with `---`");
        }
        if (problem.startsWith("expected <block end>")) {
            return new ParserWords(
                    "this does not belong to what is above", "check the indentation, and where quotes end");
        }
        if (problem.startsWith("unexpected character found")) {
            return new ParserWords("a name must follow `*` and `&`", "put the text in quotes");
        }
        String rest = "the rest of this document is not read";
        if (problem.startsWith("expected the node content")) {
            return new ParserWords("there is no value", rest);
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return new ParserWords(plain(problem), "check the indentation; a value with `: ` in it must be in quotes");
        }
        return new ParserWords(
                plain(problem), problem.contains("cannot start any token") ? "put the text in quotes" : rest);
    }

    private static String plain(String problem) {
        int remark = problem.indexOf(" (Do not use");
        return remark < 0 ? problem : problem.substring(0, remark).replaceFirst("\\.$", "");
    }
}
