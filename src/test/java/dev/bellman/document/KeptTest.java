package dev.bellman.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptTest {
    private final Kept<Object, String> kept = new Kept<>();
    private final List<Object> asked = new ArrayList<>();

    @Test
    void onlyWhatIsNewIsAskedAbout() {
        Object a = new Object();
        Object b = new Object();

        List<String> first = make(a, b);
        assertThat(make(b, a)).containsExactly(first.get(1), first.get(0));
        assertThat(asked).containsExactly(a, b);

        Object c = new Object();
        make(a, c, b);
        assertThat(asked).containsExactly(a, b, c);
    }

    @Test
    void whatIsGoneIsForgotten() {
        Object a = new Object();
        make(a);
        make();
        make(a);

        assertThat(asked).containsExactly(a, a);
    }

    @Test
    @SuppressWarnings("StringOperationCanBeSimplified") // equal, and not the same
    void whatIsEqualIsNotTheSame() {
        make("a");
        make(new String("a"));

        assertThat(asked).hasSize(2);
    }

    @Test
    void whatHasNoKeyIsAskedAboutEveryTime() {
        Object a = new Object();
        for (int i = 0; i < 2; i++) {
            kept.map(List.of(a), _ -> null, 10, this::name);
        }

        assertThat(asked).containsExactly(a, a);
    }

    private List<String> make(Object... things) {
        return kept.map(List.of(things), thing -> thing, 10, this::name);
    }

    private String name(Object thing) {
        asked.add(thing);
        return "made of " + asked.size();
    }
}
