package dev.cloakproof.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server, as whichever user runs the tests: root too. */
class LocalDatabaseTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsThereAfterARestart() throws SQLException {
        try (LocalDatabase database = LocalDatabase.keeping(folder)) {
            execute(database.jdbcUrl(), "create table notes (line text)");
            execute(database.jdbcUrl(), "insert into notes values ('kept')");
            assertThat(read(database.jdbcUrl(), "show fsync")).isEqualTo("on");
        }
        try (LocalDatabase database = LocalDatabase.keeping(folder)) {
            assertThat(read(database.jdbcUrl(), "select line from notes")).isEqualTo("kept");
        }
    }

    @Test
    void whatWasCommittedIsThereAfterAKill() throws SQLException {
        try (LocalDatabase database = LocalDatabase.keeping(folder)) {
            String url = database.jdbcUrl();
            execute(url, "create table notes (line text)");
            execute(url, "insert into notes values ('kept')");
            try (Connection open = connect(url)) { // a worker that is still there when its server has gone
                assertThat(open.isValid(5)).isTrue();
                ProcessHandle killed = database.handle();
                killed.destroyForcibly();
                killed.onExit().join();
                database.restart();
                assertThat(database.handle()).isNotEqualTo(killed);
            }
            assertThat(database.jdbcUrl()).isEqualTo(url);
            assertThat(read(url, "select line from notes")).isEqualTo("kept");
        }
    }

    @Test
    void aPassingOneLeavesNothingAndNobodyListens() throws SQLException {
        String url;
        try (LocalDatabase database = LocalDatabase.passing(folder)) {
            url = database.jdbcUrl();
            assertThat(read(url, "select 1")).isEqualTo("1");
        }
        assertThat(folder.resolve("data")).doesNotExist();
        assertThatThrownBy(() -> read(url, "select 1")).isInstanceOf(SQLException.class);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String read(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, LocalDatabase.USER, "");
    }
}
