/** The {@code smb} block: storage on shares of Windows and Samba servers. */
@NullMarked
package dev.sheave.storage.smb;

import org.jspecify.annotations.NullMarked;
