package dev.bellman.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellman.testing.Shell;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The story of the lab as a user is told it. The script compares what the tools of the kernel and of BIRD print with
/// what
/// it says, and fails at the first step that does not come true.
class StoryIT {
    @Test
    void comesTrueFromBeginningToEnd() {
        String told = Shell.run(Map.of("BELLMAN_LAB", "storyit"), List.of("hack/lab.sh", "story"))
                .output();

        // The seed's chains, and both of its routes.
        assertThat(told)
                .contains(
                        "KUBE-SVC-OIQIZJVJK6E34BR4",
                        "KUBE-SVC-PX5FENG4GZJTCELT",
                        "KUBE-SEP-NCOI6JAXVX2D4BXJ",
                        "KUBE-SEP-TVZHKMXMBG2BIHXS",
                        "KUBE-SEP-GNFCEQXJBZQ2TQAR",
                        "10.49.60.52 via 10.0.1.31 dev ens5 proto bird");
    }
}
