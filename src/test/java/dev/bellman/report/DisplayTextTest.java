package dev.bellman.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTextTest {
    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "abc, 3",
        "é, 1",
        "e\u0301, 1",
        "漢字, 4",
        "한글, 4",
        "ｶﾅ, 2",
        "ＡＢ, 4",
        "👍, 2",
        "👍🏽, 2",
        "❤️, 2",
        "👨‍👩‍👧, 2",
        "🇫🇷, 2",
        "✅, 2",
        "∀, 1",
        "𠀀, 2",
        "\u200b, 0",
    })
    void knowsHowManyColumnsATerminalGives(String text, int width) {
        assertThat(DisplayText.width(text)).isEqualTo(width);
    }
}
