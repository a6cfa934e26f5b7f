import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;

class SaveBlock {
  public static void main(String[] args) {
    new SecretBlock(Secret.of("Don't panic")).save("motto");
  }
}
