package com.example.mail;

import dev.sheave.block.BlockField;
import java.time.Duration;

/** How much a mail server may be asked for. */
public record Limits(
    @BlockField(description = "How many messages may be sent in a minute.") int messagesPerMinute,
    @BlockField(description = "How long to wait for the server.", defaultValue = "30")
        Duration timeout) {

  /** Checks the values. */
  public Limits {
    if (messagesPerMinute < 1) {
      throw new IllegalArgumentException("at least one message a minute must be allowed");
    }
  }
}
