//! What the tests of socket-task share.
