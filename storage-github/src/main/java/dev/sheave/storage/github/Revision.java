package dev.sheave.storage.github;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/**
 * The commit that a reference names in a repository at one time.
 *
 * @param id a commit, or a tag of one
 * @param name the full name of the branch or tag; null for a commit, or if the repository doesn't
 *     name its default branch
 */
record Revision(ObjectId id, @Nullable String name) {

  /** Finds a user's reference among those of a host; a branch takes precedence over a tag. */
  static Optional<Revision> find(@Nullable String wanted, Collection<Ref> advertised) {
    Map<String, Ref> refs = new HashMap<>();
    advertised.forEach(ref -> refs.put(ref.getName(), ref));
    if (wanted == null) {
      Ref head = refs.get(Constants.HEAD);
      if (head == null || head.getObjectId() == null) {
        return Optional.empty();
      }
      return Optional.of(
          new Revision(head.getObjectId(), head.isSymbolic() ? head.getTarget().getName() : null));
    }
    for (String prefix : new String[] {Constants.R_HEADS, Constants.R_TAGS, ""}) {
      Ref ref = refs.get(prefix + wanted);
      if (ref != null && ref.getObjectId() != null && (prefix + wanted).startsWith("refs/")) {
        return Optional.of(new Revision(ref.getObjectId(), ref.getName()));
      }
    }
    return ObjectId.isId(wanted)
        ? Optional.of(new Revision(ObjectId.fromString(wanted), null))
        : Optional.empty();
  }
}
