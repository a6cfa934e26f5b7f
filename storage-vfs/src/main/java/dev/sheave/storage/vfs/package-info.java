/**
 * The {@code remote-file-system} block: storage on SFTP and WebDAV servers, and reading from HTTP
 * servers and zip archives.
 */
@NullMarked
package dev.sheave.storage.vfs;

import org.jspecify.annotations.NullMarked;
