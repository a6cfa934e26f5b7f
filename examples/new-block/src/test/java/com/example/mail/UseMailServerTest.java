package com.example.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program at the end of docs/new-block.md. */
class UseMailServerTest {

  @Test
  void savesLoadsAndChangesABlock(@TempDir Path home) {
    try (Sheave sheave = Sheave.builder().home(home).connect()) {
      Sheave.use(sheave);

      MailServer.builder()
          .host("smtp.example.com")
          .user("marvin")
          .password(Secret.of("brain the size of a planet"))
          .build()
          .save("office");

      MailServer office = Block.load("mail-server/office", MailServer.class);
      System.out.println(office);

      office.toBuilder().port(2525).build().save("office", SaveMode.OVERWRITE);

      assertThat(office.toString())
          .isEqualTo(
              "MailServer[office: {host=smtp.example.com, port=587, user=marvin,"
                  + " password=********, limits=null}]");
      assertThat(Block.load("office", MailServer.class).address()).hasPort(2525);
    }
  }
}
