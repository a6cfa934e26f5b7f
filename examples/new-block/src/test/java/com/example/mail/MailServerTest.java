package com.example.mail;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.testkit.block.BlockContract;
import java.time.Duration;

class MailServerTest extends BlockContract {
  @Override
  protected Block example() {
    return MailServer.builder()
        .host("smtp.example.com")
        .port(25)
        .user("marvin")
        .password(Secret.of("brain the size of a planet"))
        .limits(new Limits(60, Duration.ofSeconds(10)))
        .build();
  }
}
