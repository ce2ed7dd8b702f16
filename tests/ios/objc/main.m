// Runs the groups of tests that are named, or all: ios-tests [GROUP…]

#import "harness.h"

static const struct {
  const char *name;
  unsigned (*run)(void);
} GROUPS[] = {
    {"echo", runEchoTests},       {"failures", runFailureTests}, {"lifetime", runLifetimeTests},
    {"options", runOptionTests},  {"platform", runPlatformTests}, {"memory", runMemoryTests},
    {"reconnect", runReconnectTests},
};

int main(int argc, char **argv) {
  unsigned failures = 0;
  @autoreleasepool {
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) {
      BOOL wanted = argc == 1;
      for (int argument = 1; argument < argc; argument++) wanted |= strcmp(argv[argument], GROUPS[i].name) == 0;
      if (wanted) failures += GROUPS[i].run();
    }
  }
  return failures > 0;
}
