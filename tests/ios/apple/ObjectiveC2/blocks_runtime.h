// GNUstep's headers ask for it; Debian has it under another name.
#include <Block.h>
