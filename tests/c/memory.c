/* Memory that runs out: each function is called once for every allocation that it makes, in a process of its own in which that allocation fails.
   It gives PQRTC_OUT_OF_MEMORY or succeeds without, and leaves nothing half done; or the process aborts, which is what Rust's standard library does
   where it cannot say no: for allocations of a fixed size up to LARGEST_ABORT only. Nothing crashes, and no other code is given. */
#define _GNU_SOURCE
#include "calls.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
enum { LARGEST_ABORT = 35000 }; /* an expanded ML-DSA-87 key of rustcrypto */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);

/* Shared with the children. `fail_at` counts from 1; 0 is never. */
static struct { int counting; size_t count, fail_at, failed_size; } *state;

static int fails(size_t size) {
  if (state == NULL || !state->counting || ++state->count != state->fail_at) return 0;
  state->failed_size = size;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) { return fails(size) ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return fails(n * size) ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t size) { return fails(size) ? NULL : __libc_realloc(p, size); }
void *memalign(size_t align, size_t size) { return fails(size) ? NULL : __libc_memalign(align, size); }
void *aligned_alloc(size_t align, size_t size) { return memalign(align, size); }
int posix_memalign(void **out, size_t align, size_t size) { return (*out = memalign(align, size)) == NULL ? ENOMEM : 0; }

/* The call, with memory that fails at `at`. */
static void starved(const struct call *c, size_t at) {
  struct frame f;
  call_prepare(c);
  frame_build(&f, c);
  fclose(stderr); /* where Rust says why it aborts */
  test_out = stdout;
  state->count = 0;
  state->fail_at = at;
  state->counting = 1;
  pqrtc_status status = call_run(c, f.args);
  state->counting = 0;
  /* The self-test has one code for all that fails in it. */
  int code = status == PQRTC_OUT_OF_MEMORY || status == PQRTC_OK || (status == PQRTC_INTERNAL && strcmp(c->name, "pqrtc_self_test") == 0);
  test_check(code, __FILE__, __LINE__, "%s gave %lu when allocation %zu, of %zu bytes, failed",
             c->name, (unsigned long)status, at, state->failed_size);
  frame_check(&f, c, status, "without memory");
  if (status != PQRTC_OK) { /* and once more, with memory */
    call_prepare(c);
    frame_build(&f, c);
    status = call_run(c, f.args);
    test_check(status == PQRTC_OK, __FILE__, __LINE__, "%s gave %lu after a lack of memory", c->name, (unsigned long)status);
    frame_check(&f, c, status, "after a lack of memory");
  }
}

int main(void) {
  state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (state == MAP_FAILED) return 1;
  memset(state, 0, sizeof *state);
  size_t tried = 0, aborted = 0, largest = 0;
  calls_open();
  for (size_t i = 0; i < calls_len(); i++) {
    const struct call *c = call_at(i);
    if (!call_is_known(c)) continue;
    for (size_t at = 1; at < 10000; at++) {
      int status = 0;
      fflush(NULL);
      pid_t pid = fork();
      if (pid == 0) {
        atomic_store(&test_failed, 0);
        starved(c, at);
        fflush(NULL);
        _exit(atomic_load(&test_failed) != 0);
      }
      CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
      state->counting = 0;
      if (state->count < at) break; /* it makes no more */
      tried++;
      if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
        aborted++;
        if (state->failed_size > largest) largest = state->failed_size;
        if (getenv("PQRTC_VERBOSE")) printf("%s aborts at allocation %zu, of %zu bytes\n", c->name, at, state->failed_size);
        test_check(state->failed_size <= LARGEST_ABORT, __FILE__, __LINE__, "%s aborts when %zu bytes are refused", c->name, state->failed_size);
      } else {
        test_check(WIFEXITED(status) && WEXITSTATUS(status) == 0, __FILE__, __LINE__, "%s: allocation %zu, of %zu bytes: process ended with %#x",
                   c->name, at, state->failed_size, (unsigned)status);
      }
    }
  }
  calls_close();
  CHECK(tried > 500);
  printf("%-14s %zu allocations failed in turn; %zu abort, of at most %zu bytes\n", "memory", tried, aborted, largest);
  return test_end("memory");
}
#else
int main(void) { return test_skip("memory", "needs glibc's malloc, without AddressSanitizer"); }
#endif
