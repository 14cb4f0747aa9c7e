package dev.bellman.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Several requests at a time: most of what one takes is waiting.
final class Together {
    /// Few enough that an API server with little to spare answers each of them in time.
    private static final int AT_ONCE = 4;

    private Together() {}

    /// Asks for each of what is given. Once the API server is away it is not asked for the rest, which fails in
    /// the same way; and once nothing may be written any more, what is left is not done, and has no problem either.
    ///
    /// @return what was in the way
    static <T> Map<T, Problem> ask(List<T> all, BooleanSupplier mayGoOn, Function<T, @Nullable Problem> what) {
        Map<T, Problem> problems = new HashMap<>();
        AtomicReference<@Nullable Problem> outage = new AtomicReference<>();
        Function<T, @Nullable Problem> one = item -> {
            Problem away = outage.get();
            if (away != null || !mayGoOn.getAsBoolean()) {
                return away;
            }
            Problem problem = what.apply(item);
            if (problem != null && problem.isOutage()) {
                outage.set(problem);
            }
            return problem;
        };
        if (all.size() < 2) {
            all.forEach(item -> put(problems, item, one.apply(item)));
            return problems;
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, all.size()))) {
            List<Future<@Nullable Problem>> answers = new ArrayList<>();
            all.forEach(item -> answers.add(threads.submit(() -> one.apply(item))));
            for (int i = 0; i < answers.size(); i++) {
                put(problems, all.get(i), answer(answers.get(i)));
            }
        }
        return problems;
    }

    private static <T> void put(Map<T, Problem> problems, T item, @Nullable Problem problem) {
        if (problem != null) {
            problems.put(item, problem);
        }
    }

    private static @Nullable Problem answer(Future<@Nullable Problem> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
