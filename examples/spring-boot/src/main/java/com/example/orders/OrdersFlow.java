package com.example.orders;

import dev.sheave.block.Block;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/** Counts the orders of a warehouse: it needs a block type, a resource and a library. */
public final class OrdersFlow {

  @Flow(name = "orders", description = "How many orders there are.")
  public static String orders(@Param("warehouse") String warehouse) throws IOException {
    Warehouse from = Block.load("warehouse/" + warehouse, Warehouse.class);
    try (Reader text =
            new InputStreamReader(
                OrdersFlow.class.getResourceAsStream("/orders.csv"), StandardCharsets.UTF_8);
        CSVParser rows = CSVFormat.DEFAULT.parse(text)) {
      String report =
          rows.getRecords().size()
              + " orders in "
              + from.city()
              + ", by a password of "
              + from.password().reveal().length()
              + " characters";
      FlowRunContext.current().logger().info(report);
      return report;
    }
  }
}
