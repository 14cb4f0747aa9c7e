package dev.bellman.compile;

import dev.bellman.compile.Authorise.Authorised;
import dev.bellman.compile.Authorise.Grant;
import dev.bellman.compile.Binding.Subject;
import dev.bellman.model.AdvertisementClass;
import dev.bellman.model.Located;
import dev.bellman.model.RouteMode;
import dev.bellman.plan.RouteAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One service in one class, as all policies together want it.
///
/// @param routes null where no policy says how
/// @param attributes the class's defaults and the policies' values
record Advertisement(
        Subject subject,
        AdvertisementClass advertisementClass,
        List<Binding> bindings,
        List<Grant> grants,
        @Nullable Located<RouteMode> routes,
        RouteAttributes attributes) {
    Advertisement {
        bindings = List.copyOf(bindings);
        grants = List.copyOf(grants);
    }

    static List<Grant> grants(List<Authorised> claims) {
        return claims.stream()
                .flatMap(claim -> claim.grants().stream())
                .distinct()
                .toList();
    }

    List<String> policies() {
        return bindings.stream()
                .map(binding -> binding.policy().id())
                .distinct()
                .sorted()
                .toList();
    }
}
