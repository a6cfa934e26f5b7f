package dev.sheave.storage.vfs;

import dev.sheave.block.SecretMap;
import dev.sheave.storage.WritableStorage;
import dev.sheave.testkit.storage.CutConnectionContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SftpCutConnectionTest extends CutConnectionContract {
  private final String basepath = SftpService.basepath();

  @Override
  protected int port() {
    return Integer.parseInt(SftpService.variable("SFTP_PORT"));
  }

  @Override
  protected WritableStorage openStorage(int port) throws IOException {
    Map<String, String> settings = SftpService.settings();
    String known = Files.readString(Path.of(settings.remove("known_hosts_filename")));
    settings.put("known_hosts", known.replace(":" + port(), ":" + port));
    return RemoteFileSystem.builder()
        .basepath(basepath.replaceFirst(":" + port(), ":" + port))
        .settings(SecretMap.of(settings))
        .build();
  }

  @Override
  protected String secret() {
    return "PRIVATE KEY";
  }
}
