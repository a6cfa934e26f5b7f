/**
 * The {@code remote-file-system} block: storage on SFTP and WebDAV servers, and reading from HTTP
 * servers and zip archives.
 */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.vfs;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
