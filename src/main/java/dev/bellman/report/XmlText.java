package dev.bellman.report;

/// XML 1.0 written by hand: elements, attributes and text, nothing else.
///
/// Characters that XML 1.0 forbids even as references become U+FFFD.
final class XmlText {
    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private int depth;

    /// Opens an element; attributes are names and values in turn.
    XmlText open(String element, String... attributes) {
        tag(element, attributes).append(">\n");
        depth++;
        return this;
    }

    XmlText close(String element) {
        depth--;
        indent().append("</").append(element).append(">\n");
        return this;
    }

    XmlText empty(String element, String... attributes) {
        tag(element, attributes).append("/>\n");
        return this;
    }

    XmlText text(String element, String text, String... attributes) {
        tag(element, attributes).append('>');
        escape(text);
        out.append("</").append(element).append(">\n");
        return this;
    }

    private StringBuilder tag(String element, String... attributes) {
        indent().append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    private StringBuilder indent() {
        return out.append("  ".repeat(depth));
    }

    private void escape(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                // Unescaped, a parser would make them blanks in attributes and \r\n one newline in text.
                case '\t', '\n', '\r' -> out.append("&#").append(point).append(';');
                default -> out.appendCodePoint(isAllowed(point) ? point : 0xFFFD);
            }
        });
    }

    private static boolean isAllowed(int point) {
        return point >= 0x20
                && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                && point != 0xFFFE
                && point != 0xFFFF;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
