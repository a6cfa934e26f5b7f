package com.example.stock;

import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.slf4j.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Reads a list with one library and prints a table with another. */
public final class StockFlow {

  @Flow(name = "stock-report", description = "What has to be ordered.")
  public static String stockReport(
      @Param(description = "How many pieces there should be.", defaultValue = "10") int minimum)
      throws IOException {
    Logger logger = FlowRunContext.current().logger();
    CommandLine.Help.TextTable table =
        CommandLine.Help.TextTable.forColumnWidths(CommandLine.Help.defaultColorScheme(Ansi.OFF), 20, 8);
    int items = 0;
    try (Reader text =
            new InputStreamReader(
                StockFlow.class.getResourceAsStream("stock.csv"), StandardCharsets.UTF_8);
        CSVParser rows =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(text)) {
      for (CSVRecord row : rows) {
        if (Integer.parseInt(row.get("pieces")) < minimum) {
          table.addRowValues(row.get("item"), row.get("pieces"));
          items++;
        }
      }
    }
    logger.info("To order:\n{}", table);
    return items + " items to order, says picocli " + CommandLine.VERSION;
  }
}
