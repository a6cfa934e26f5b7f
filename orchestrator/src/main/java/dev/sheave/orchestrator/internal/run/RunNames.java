package dev.sheave.orchestrator.internal.run;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes up names for flow runs that people can say: {@code industrious-coati}. They need not be
 * unique.
 */
final class RunNames {
  private static final String[] ADJECTIVES =
      ("agile amber ancient astute azure bold brave bright brisk calm candid careful cheerful clever cosmic crimson"
              + " curious dapper daring eager earnest elegant fearless festive fluffy gentle gleaming golden"
              + " graceful grateful humble industrious jolly keen kind lively loyal lucky mellow merry mighty"
              + " nimble noble patient peaceful pearly placid playful polite prudent quick quiet radiant"
              + " resolute rosy serene sincere sturdy sunny swift tidy tranquil valiant vivid warm wise witty"
              + " zealous")
          .split(" ");
  private static final String[] ANIMALS =
      ("albatross alpaca antelope armadillo badger beaver bison bobcat capybara caracal caribou chameleon"
              + " cheetah chinchilla coati cormorant cougar coyote crane curlew dingo dolphin dormouse eagle"
              + " echidna egret falcon ferret finch flamingo fox gazelle gecko gibbon hare hedgehog heron"
              + " hornbill ibex iguana jackal jaguar kestrel kingfisher koala lemur leopard llama lynx macaw"
              + " marmot marten meerkat narwhal ocelot octopus okapi otter owl panda pangolin pelican penguin"
              + " puffin quail quokka raccoon raven salamander seal sloth sparrow squirrel stork tapir toucan"
              + " turtle vicuna walrus wombat yak zebra")
          .split(" ");

  private RunNames() {}

  static String next() {
    return any(ADJECTIVES) + "-" + any(ANIMALS);
  }

  private static String any(String[] words) {
    return words[ThreadLocalRandom.current().nextInt(words.length)];
  }
}
