package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The differences between kinds of databases. Safe for use by several threads. */
interface Dialect {

  /** What a transaction is for. */
  enum Access {
    /** Sees one state of the database throughout, and changes nothing. */
    READ,
    /** Decides by what it reads; nobody else can change that before it ends. */
    WRITE
  }

  /** Opens connections that are ready for use. */
  DataSource dataSource();

  /** Teaches Jdbi how values are bound. */
  void configure(Jdbi jdbi);

  /**
   * Waits until this thread may start a transaction.
   *
   * @throws SheaveException {@code UNAVAILABLE} if that takes too long
   */
  void awaitTurn(Access access);

  /** Lets the next thread start its transaction. */
  void endTurn(Access access);

  /** Starts a transaction. */
  void begin(Connection connection, Access access) throws SQLException;

  /** Translates a database's error for the caller. */
  SheaveException translate(SQLException error);
}
