/// Text in, positioned documents out, read as Kubernetes reads YAML.
///
/// Pure: it is given text and knows no files. What cannot be read is a finding, and the rest is read all the same.
@NullMarked
package dev.bellman.yaml;

import org.jspecify.annotations.NullMarked;
