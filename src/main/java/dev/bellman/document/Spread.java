package dev.bellman.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/// Work on many things, over several threads where that pays.
public final class Spread {
    /// A thread that is done takes more as it goes, so that nobody waits for one that was dealt the large ones.
    /// Of things that are quickly done it takes some at once, since every taking costs a little.
    private static final int TAKINGS = 256;

    private Spread() {}

    /// What a function makes of each thing, in the order of the things. Starting threads for a handful costs a cold run
    /// more than it saves.
    ///
    /// @param many from how many on threads pay
    public static <T, R> List<R> map(List<T> things, int many, Function<? super T, ? extends R> function) {
        int threads = 1 + ForkJoinPool.getCommonPoolParallelism();
        if (things.size() < many) {
            List<R> results = new ArrayList<>(things.size());
            things.forEach(thing -> results.add(function.apply(thing)));
            return results;
        }
        List<T> indexed = things instanceof ArrayList ? things : new ArrayList<>(things);
        Object[] results = new Object[indexed.size()];
        int share = Math.max(1, indexed.size() / TAKINGS);
        AtomicInteger next = new AtomicInteger();
        Runnable worker = () -> {
            for (int start = next.getAndAdd(share); start < results.length; start = next.getAndAdd(share)) {
                int end = Math.min(results.length, start + share);
                for (int i = start; i < end; i++) {
                    results[i] = function.apply(indexed.get(i));
                }
            }
        };
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(ForkJoinPool.commonPool().submit(worker));
        }
        try {
            worker.run();
        } finally {
            // Whatever happened, nobody is left at work behind the caller's back. Nobody waits either for work that was
            // never begun, since all threads had something else to do.
            others.removeIf(ForkJoinTask::tryUnfork);
            others.forEach(ForkJoinTask::quietlyJoin);
        }
        others.forEach(ForkJoinTask::join);
        @SuppressWarnings("unchecked") // holds what the function returned, and nothing else
        List<R> list = (List<R>) Arrays.asList(results);
        return list;
    }

    /// The same where a function makes any number of things of each.
    public static <T, R> List<R> flatMap(List<T> things, int many, Function<? super T, ? extends List<R>> function) {
        List<R> all = new ArrayList<>();
        Spread.<T, List<R>>map(things, many, function).forEach(all::addAll);
        return all;
    }

    /// Begins some work beside what the caller does next, or does it now where a thread would not pay.
    ///
    /// @return waits for what comes of it; it must be asked
    public static <R> Supplier<R> beside(boolean small, Supplier<R> work) {
        if (small) {
            R result = work.get();
            return () -> result;
        }
        ForkJoinTask<R> task = ForkJoinPool.commonPool().submit(work::get);
        return task::join;
    }
}
