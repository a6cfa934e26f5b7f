package dev.sheave.storage.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.services.storage.model.StorageObject;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.testkit.storage.StrangeNamesContract;
import java.io.IOException;
import java.net.URI;

class GcsStrangeNamesTest extends StrangeNamesContract {
  private final GCS block = GcsService.block().build();

  @Override
  protected ObjectStorage storage() {
    return block;
  }

  @Override
  protected void write(String name, byte[] content) throws IOException {
    BucketLocation place = GCS.place(block.bucketPath());
    GcsClients.of(new GcsAccount(null, null, URI.create(GcsService.endpoint())))
        .objects()
        .insert(
            place.bucket(),
            new StorageObject().setName(place.folder() + "/" + name),
            new ByteArrayContent("application/octet-stream", content))
        .execute();
  }
}
