/* Every function runs on a thread with a small stack: 128 KiB with aws-lc (what musl gives), 256 KiB with the others. Says what was used. */
#define _GNU_SOURCE
#include "calls.h"
#include <pthread.h>
#include <sys/mman.h>

static size_t stack_size;
static uint8_t *stack;

static void *play(void *call) {
  const struct call *c = call;
  struct frame f;
  frame_build(&f, c);
  pqrtc_status status = call_run(c, f.args);
  test_check(status == PQRTC_OK, __FILE__, __LINE__, "%s on a small stack gave %lu", c->name, (unsigned long)status);
  frame_check(&f, c, status, "on a small stack");
  return NULL;
}

static void *nothing(void *unused) { return unused; }

/* Bytes of the stack that `run` touched. */
static size_t used_by(void *(*run)(void *), const struct call *c) {
  pthread_attr_t attr;
  pthread_t thread;
  size_t clean = 0;
  int measured = getenv("PQRTC_SLOW") == NULL; /* valgrind minds when a dead stack is looked at */
  if (measured) {
    memset(stack, 0x5a, stack_size);
  }
  CHECK(pthread_attr_init(&attr) == 0);
  CHECK(pthread_attr_setstack(&attr, stack, stack_size) == 0);
  CHECK(pthread_create(&thread, &attr, run, (void *)(uintptr_t)c) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  pthread_attr_destroy(&attr);
  while (measured && clean < stack_size && stack[clean] == 0x5a) {
    clean++;
  }
  return measured ? stack_size - clean : 0;
}

int main(void) {
  size_t page = 4096, most = 0;
  const char *by = "";
  stack_size = strcmp(pqrtc_provider(), "aws-lc") == 0 ? 128 * 1024 : 256 * 1024;
  uint8_t *p = mmap(NULL, stack_size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || mprotect(p, page, PROT_NONE) != 0) {
    return 1;
  }
  stack = p + page; /* below it a page that may not be touched */
  size_t thread_itself = used_by(nothing, NULL);
  calls_open();
  for (size_t i = 0; i < calls_len(); i++) {
    if (!call_is_known(call_at(i))) {
      continue;
    }
    call_prepare(call_at(i));
    size_t used = used_by(play, call_at(i));
    if (used > most) {
      most = used;
      by = call_at(i)->name;
    }
  }
  calls_close();
  munmap(p, stack_size + page);
  if (most > 0) {
    printf("%-14s at most %zu of %zu KiB used, by %s (an empty thread takes %zu)\n", "stack", (most + 1023) / 1024,
           stack_size / 1024, by, (thread_itself + 1023) / 1024);
  }
  return test_end("stack");
}
