package dev.bellman.operator;

/// Why something could not be written.
///
/// @param reason one CamelCase word, for conditions
/// @param message for people: what is in the way, and who
/// @param passing whether it may be over without anybody's doing, as an API server that is away is
record Problem(String reason, String message, boolean passing) {}
