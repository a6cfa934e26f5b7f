package dev.sheave.server.internal.pages;

import java.util.List;

/**
 * The question before something is deleted.
 *
 * @param name what is to be deleted
 * @param sentence what that means
 * @param users what would lose it
 * @param path its page, to which the answer no leads back; the answer yes is sent to its {@code
 *     /delete}
 */
record Deletion(String name, String sentence, List<BlockPages.User> users, String path) {}
