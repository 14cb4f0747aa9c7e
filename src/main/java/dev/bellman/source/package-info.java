/// The way in: files, folders, standard input and Git revisions become positioned documents.
///
/// Paths come in; manifests, their texts and what could not be read go out. Nothing here judges a policy: an
/// unreadable file is a finding, and the rest is read all the same.
@NullMarked
package dev.bellman.source;

import org.jspecify.annotations.NullMarked;
