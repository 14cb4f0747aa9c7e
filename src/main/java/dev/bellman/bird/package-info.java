/// What a node announces, and the configuration of BIRD 2 that announces it.
///
/// A node's plan and the endpoints as they are come in; routes and the text of configuration files go out.
/// Nothing here runs BIRD, and nothing here knows where its files lie.
@NullMarked
package dev.bellman.bird;

import org.jspecify.annotations.NullMarked;
