package dev.cloakproof.evaluator.index;

import dev.cloakproof.evaluator.index.Database.Session;
import java.sql.SQLException;

/** Keeps a run from taking hold of a blob while it is found that nobody holds it. Given back at the transaction's end. */
final class BlobLock {
    /** Any number that no other lock in the database has. */
    private static final long KEY = 4_210_001L;

    private BlobLock() {}

    /** For those who take hold of blobs. */
    static void shared(Session session) throws SQLException {
        session.query("select pg_advisory_xact_lock_shared(?)", _ -> true, KEY);
    }

    /** For who deletes blobs. */
    static void exclusive(Session session) throws SQLException {
        session.query("select pg_advisory_xact_lock(?)", _ -> true, KEY);
    }
}
