// A stand-in for the services of iOS that the sources in ios/ ask: the tests say what it answers. It shows that those
// sources ask and conclude rightly, and nothing about what iOS itself would say.

#import <Foundation/Foundation.h>

/// What CFNetwork answers for every URL: dictionaries with its keys; nil: it has no settings.
void setSystemProxies(NSArray *proxies);
/// What a PAC file answers; nil: it cannot be run.
void setScriptProxies(NSArray *proxies);
/// The URLs that CFNetwork was asked for since the last call.
NSArray *takeAskedURLs(void);

/// What the network's monitor tells.
void updateNetwork(BOOL satisfied);
/// How often iOS was asked not to suspend the app, and how often that was over.
unsigned backgroundTasksBegun(void);
unsigned backgroundTasksEnded(void);
/// How many monitors were started.
unsigned startedMonitors(void);
