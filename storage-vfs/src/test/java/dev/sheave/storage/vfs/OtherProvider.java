package dev.sheave.storage.vfs;

import org.apache.commons.vfs2.provider.local.DefaultLocalFileProvider;

/**
 * A provider of VFS as somebody else would write it; {@code META-INF/vfs-providers.xml} names it.
 */
public final class OtherProvider extends DefaultLocalFileProvider {}
