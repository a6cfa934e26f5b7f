import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.storage.s3.S3;

class LoadBlock {
  public static void main(String[] args) {
    S3 shared = Block.load("s3/shared", S3.class);
    System.out.println(shared.bucketPath());
    System.out.println(shared.awsSecretAccessKey().map(Secret::reveal).orElse("none"));
  }
}
