package dev.sheave.infrastructure;

import dev.sheave.storage.transfer.FileTree;
import org.jspecify.annotations.Nullable;

/** Infrastructure that can make images with the code of flows in them. */
public interface ImageBuilder {

  /**
   * Makes an image that has code in {@value InfrastructureBlock#CODE_IN_IMAGES}, where runs without
   * storage find it. No registry is needed if the base is there.
   *
   * @param code the files
   * @param base the image that it is made from; null for {@link InfrastructureBlock#defaultImage()}
   * @param name of the image, such as {@code registry.example.com/flows:1}; one that exists loses
   *     it
   * @throws dev.sheave.SheaveException {@code UNAVAILABLE} if the infrastructure doesn't respond;
   *     {@code INTERNAL}, with its reason, if the image can't be made; {@code INTERRUPTED}
   */
  void buildImage(FileTree code, @Nullable String base, String name);
}
