package dev.cloakproof.evaluator.index;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Transactions and statements over JDBC, with the catalogue's errors. Thread-safe as its data source is. */
public final class Database {
    private final DataSource source;

    public Database(DataSource source) {
        this.source = source;
    }

    /** What a transaction does. */
    @FunctionalInterface
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    /** Makes a row's value. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Commits all of the work, or nothing when it throws.
     *
     * @throws CloakproofException STORE_UNAVAILABLE if the database does not answer or two transactions collided
     */
    <T> T transaction(Work<T> work) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.in(new Session(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException failed) {
                connection.rollback();
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException failed) {
            throw problem(failed);
        }
    }

    /** A statement that PostgreSQL understood and refused is a mistake of ours; anything else may pass. */
    private static RuntimeException problem(SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        if (state.startsWith("22") || state.startsWith("23") || state.startsWith("42")) {
            return new IllegalStateException(failed);
        }
        return Reason.STORE_UNAVAILABLE
                .problem("the run index does not answer: " + failed.getMessage())
                .exception(failed);
    }

    /** An open transaction. */
    static final class Session {
        private final Connection connection;

        private Session(Connection connection) {
            this.connection = connection;
        }

        /** @return rows changed */
        int update(String sql, Object... values) throws SQLException {
            try (PreparedStatement statement = prepared(sql, values)) {
                return statement.executeUpdate();
            }
        }

        <T> List<T> query(String sql, RowReader<T> reader, Object... values) throws SQLException {
            try (PreparedStatement statement = prepared(sql, values);
                    ResultSet rows = statement.executeQuery()) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(reader.read(rows));
                }
                return read;
            }
        }

        <T> Optional<T> first(String sql, RowReader<T> reader, Object... values) throws SQLException {
            return query(sql, reader, values).stream().findFirst();
        }

        boolean any(String sql, Object... values) throws SQLException {
            return !query(sql, _ -> true, values).isEmpty();
        }

        private PreparedStatement prepared(String sql, Object... values) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                if (value instanceof Instant instant) {
                    statement.setTimestamp(i + 1, Timestamp.from(instant));
                } else if (value instanceof String[] texts) {
                    statement.setArray(i + 1, connection.createArrayOf("text", texts));
                } else if (value == null) {
                    statement.setNull(i + 1, Types.NULL);
                } else {
                    statement.setObject(i + 1, value);
                }
            }
            return statement;
        }
    }

    /** PostgreSQL keeps microseconds. */
    static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
