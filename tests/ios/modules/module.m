/* As a pod that has modules, and as what Swift's importer reads. */
@import SocketTask;

socket_task_status makeByC(const char *url, size_t length, socket_task_handle *handle) {
  return socket_task_create(url, length, handle);
}

STSocketTask *makeByObjectiveC(NSURL *url, NSError **error) {
  return [[STSocketTask alloc] initWithURL:url options:nil queue:nil error:error];
}
