package dev.bellman.operator;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// No metrics of the Java Operator SDK's own: it keeps histograms for each single object, which with a
/// thousand policies are a good part of all memory, and what they tell are [Meters]' to tell.
class SdkMetrics {
    @Produces
    @Singleton
    Metrics none() {
        return Metrics.NOOP;
    }
}
