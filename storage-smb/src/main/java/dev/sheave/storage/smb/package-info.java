/** The {@code smb} block: storage on shares of Windows and Samba servers. */
@NullMarked
@Stability(Level.EXPERIMENTAL)
package dev.sheave.storage.smb;

import dev.sheave.Stability;
import dev.sheave.Stability.Level;
import org.jspecify.annotations.NullMarked;
