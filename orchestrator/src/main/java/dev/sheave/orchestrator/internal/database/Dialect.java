package dev.sheave.orchestrator.internal.database;

import dev.sheave.SheaveException;
import dev.sheave.orchestrator.internal.database.Changes.ChangeSource;
import dev.sheave.orchestrator.internal.database.Database.Work;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The differences between kinds of databases. Safe for use by several threads. */
interface Dialect {

  /**
   * The attribute of statements that ends a {@code select} from {@code flow_run r} and perhaps
   * other tables for runs that nobody else may change, or select so, before the transaction ends.
   */
  String FOR_UPDATE_OF_RUN = "forUpdateOfRun";

  /**
   * The attribute of statements that ends a {@code select} from {@code flow_run r} for runs that
   * nobody else may take before the transaction ends, without those that somebody else is taking.
   */
  String SKIP_TAKEN = "skipTaken";

  /** What a transaction is for. */
  enum Access {
    /** Sees one state of the database throughout, and changes nothing. */
    READ,
    /** Reads by one statement. */
    READ_ONCE,
    /** Decides by what it reads; nobody else can change that before it ends. */
    WRITE,
    /** Decides by records that it has locked first. */
    LOCKED,
    /** As {@link #LOCKED}; it isn't done again. */
    LOCKED_ONCE,
    /** As {@link #LOCKED}; nobody else has this access before it ends. */
    CLAIM,
    /** As {@link #CLAIM}; it isn't done again. */
    CLAIM_ONCE
  }

  /** Opens connections that are ready for use. */
  DataSource dataSource();

  /** Teaches Jdbi how values are bound. */
  void configure(Jdbi jdbi);

  /**
   * Does work in a transaction. The work is done again, in a new transaction, if another one has
   * changed what it has read, unless it is to be done once.
   *
   * @throws SheaveException {@code UNAVAILABLE} if that takes too long
   */
  <T> T inTransaction(Jdbi jdbi, Access access, Work<T> work) throws SQLException;

  /** Returns whether those that write at once share a transaction by themselves. */
  boolean sharesTransactions();

  /** Opens what tells when the database was changed. */
  ChangeSource changes() throws SQLException;

  /**
   * Copies the database into a new file, or says what does.
   *
   * @throws SheaveException as {@link dev.sheave.api.StoreAdministration#backUp} does
   */
  void backUp(Path file);

  /**
   * Checks that what is written is kept, without a call of the database.
   *
   * @throws SheaveException {@code UNAVAILABLE} if not
   */
  default void check() {}

  /** Translates a database's error for the caller. */
  SheaveException translate(SQLException error);
}
