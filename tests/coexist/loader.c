/* loader FILE SYMBOL: loads a library twice, uses it from the main thread and from another, closes it, and does it all again. A thread
 * that used it ends after it was closed: its thread-local destructors must still be there. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef unsigned (*number_fn)(void);
typedef void (*void_fn)(void);

static pthread_barrier_t used, closed;
static const char *symbol;

static void use(void *library) {
  void *found = dlsym(library, symbol);
  if (found == NULL) printf("failed: no %s\n", symbol), exit(1);
  /* A status of 0, or nothing: either way a call without arguments. */
  unsigned status = 0;
  if (symbol[0] == 'p' && symbol[1] == 'l') ((void_fn)found)();
  else status = ((number_fn)found)();
  if (status != 0) printf("failed: %s gave %u\n", symbol, status), exit(1);
}

static void *thread(void *library) {
  use(library);
  pthread_barrier_wait(&used);
  pthread_barrier_wait(&closed);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  symbol = argv[2];
  for (int round = 0; round < 3; round++) {
    void *one = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL), *two = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (one == NULL || one != two) return printf("failed: %s\n", dlerror()), 1;
    pthread_t other;
    pthread_barrier_init(&used, NULL, 2);
    pthread_barrier_init(&closed, NULL, 2);
    pthread_create(&other, NULL, thread, one);
    use(two);
    pthread_barrier_wait(&used);
    if (dlclose(one) != 0 || dlclose(two) != 0) return printf("failed: %s\n", dlerror()), 1;
    pthread_barrier_wait(&closed);
    pthread_join(other, NULL);
  }
  return 0;
}
