// What the sources in ios/ use of Apple's Network, declared. AppleServices.m has it for the tests that run.
#pragma once

#import <dispatch/dispatch.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef NSObject *nw_path_monitor_t;
typedef NSObject *nw_path_t;
typedef enum {
  nw_path_status_invalid = 0,
  nw_path_status_satisfied = 1,
  nw_path_status_unsatisfied = 2,
  nw_path_status_satisfiable = 3,
} nw_path_status_t;
typedef void (^nw_path_monitor_update_handler_t)(nw_path_t path);

nw_path_monitor_t nw_path_monitor_create(void) __attribute__((ns_returns_retained));
void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue);
void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, nw_path_monitor_update_handler_t handler);
void nw_path_monitor_start(nw_path_monitor_t monitor);
nw_path_status_t nw_path_get_status(nw_path_t path);
bool nw_path_is_equal(nw_path_t path, nw_path_t other);

#ifdef __cplusplus
}
#endif
