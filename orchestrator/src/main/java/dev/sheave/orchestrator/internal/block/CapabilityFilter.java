package dev.sheave.orchestrator.internal.block;

import dev.sheave.internal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The condition that a schema, {@code s} in the query, has some capabilities: the JSON text of its
 * list holds each of them.
 */
final class CapabilityFilter {

  private CapabilityFilter() {}

  static String condition(Set<String> capabilities) {
    StringBuilder condition = new StringBuilder();
    for (int i = 0; i < capabilities.size(); i++) {
      condition.append(" and s.capabilities like :capability").append(i).append(" escape '!'");
    }
    return condition.toString();
  }

  static Map<String, String> values(Set<String> capabilities) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String capability : capabilities) {
      String quoted = Json.write(capability);
      values.put("capability" + values.size(), "%" + quoted.replaceAll("([!%_])", "!$1") + "%");
    }
    return values;
  }
}
