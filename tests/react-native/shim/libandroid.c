/* Android's libandroid: there are no assets. */
#include <stddef.h>
#include <stdint.h>

void *AAssetManager_fromJava(void *env, void *manager) { return (void)env, (void)manager, NULL; }
void *AAssetManager_open(void *manager, const char *name, int mode) {
    return (void)manager, (void)name, (void)mode, NULL;
}
void AAsset_close(void *asset) { (void)asset; }
const void *AAsset_getBuffer(void *asset) { return (void)asset, NULL; }
int64_t AAsset_getLength(void *asset) { return (void)asset, 0; }
int AAsset_read(void *asset, void *to, size_t size) { return (void)asset, (void)to, (void)size, 0; }
