/* The arguments of one call, between guard pages and canaries. */
#define _GNU_SOURCE
#include "calls.h"
#ifdef _WIN32
/* windows.h gives other meanings to names of calls.h. */
__declspec(dllimport) void *__stdcall VirtualAlloc(void *, size_t, unsigned long, unsigned long);
enum { MEM_COMMIT = 0x1000, MEM_RESERVE = 0x2000, PAGE_NOACCESS = 1, PAGE_READWRITE = 4 };
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

enum { CANARY = 64, ROOM = 8 * 4096 };

static const struct call *by_hand(const char *name) {
  const struct {
    const struct call *rows;
    size_t len;
  } parts[] = {{core_calls, core_calls_len}, {media_calls, media_calls_len}, {handshake_calls, handshake_calls_len}, {meeting_calls, meeting_calls_len}};
  for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
    for (size_t i = 0; i < parts[part].len; i++) {
      if (strcmp(parts[part].rows[i].name, name) == 0) {
        return &parts[part].rows[i];
      }
    }
  }
  return NULL;
}

const struct call *call_at(size_t i) {
  const struct call *c = by_hand(functions[i].row.name);
  return c != NULL ? c : &functions[i].row;
}

static const struct function *function_of(const struct call *c) {
  for (size_t i = 0; i < functions_len; i++) {
    if (strcmp(functions[i].row.name, c->name) == 0) {
      return &functions[i];
    }
  }
  fprintf(stderr, "%s is in no header\n", c->name);
  abort();
}

int call_is_known(const struct call *c) { return c != &function_of(c)->row; }

pqrtc_status call_run(const struct call *c, const arg *args) { return function_of(c)->run(args); }

/* The end of ROOM bytes or more between two guard pages. */
static uint8_t *guarded(void) {
#ifdef _WIN32
  enum { PAGE = 4096 };
  uint8_t *p = VirtualAlloc(NULL, ROOM + 2 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
  if (p == NULL || VirtualAlloc(p + PAGE, ROOM, MEM_COMMIT, PAGE_READWRITE) == NULL) {
    abort();
  }
  return p + PAGE + ROOM;
#else
  size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (ROOM + page - 1) / page * page;
  uint8_t *p = mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || mprotect(p + page, room, PROT_READ | PROT_WRITE) != 0) {
    abort();
  }
  return p + page + room;
#endif
}

/* One region for each parameter, and one for its length cell. */
static uint8_t *region_end(int index) {
  static uint8_t *ends[2 * MAX_PARAMS];
  if (ends[index] == NULL) {
    ends[index] = guarded();
  }
  return ends[index];
}

static uint8_t *region(int index, size_t len) {
  uint8_t *p = region_end(index) - len;
  memset(p - CANARY, 0xa5, len + CANARY);
  return p;
}

size_t *frame_written(const struct frame *f, int param) {
  (void)f;
  return (size_t *)(void *)(region_end(MAX_PARAMS + param) - sizeof(size_t));
}

uint8_t *frame_input(struct frame *f, const struct call *c, int param, size_t extra) {
  const struct bytes *b = c->params[param].at;
  uint8_t *p = region(param, b->len + extra);
  if (b->len != 0) {
    memcpy(p, b->p, b->len);
  }
  f->buffer[param] = p;
  f->len[param] = b->len;
  f->grown = extra;
  return p;
}

void frame_build(struct frame *f, const struct call *c) {
  int n = 0;
  memset(f, 0, sizeof *f);
  for (int i = 0; i < MAX_PARAMS && c->params[i].kind != NOTHING; i++) {
    const struct param *p = &c->params[i];
    f->first[i] = n;
    switch (p->kind) {
    case HANDLE:
    case OPTIONAL_HANDLE:
      f->args[n++].p = *(void *const *)p->at;
      break;
    case IN:
    case IN_SOME:
      f->args[n++].p = frame_input(f, c, i, 0);
      f->args[n++].n = f->len[i];
      break;
    case ARRAY_IN:
      f->args[n++].p = frame_input(f, c, i, 0);
      break;
    case ARRAY_OUT:
    case ARRAY_OPTIONAL:
      f->len[i] = p->min;
      f->args[n++].p = f->buffer[i] = region(i, p->min);
      break;
    case COUNT:
      f->args[n++].n = (size_t) * (const uint64_t *)p->at;
      break;
    case OUT:
      f->len[i] = p->min;
      f->args[n++].p = f->buffer[i] = region(i, p->min);
      f->args[n++].n = p->min;
      break;
    case VAR:
      f->len[i] = *(const size_t *)p->at;
      f->args[n++].p = f->buffer[i] = region(i, f->len[i]);
      f->args[n++].n = f->len[i];
      f->args[n++].p = region(MAX_PARAMS + i, sizeof(size_t));
      break;
    case ENUM:
      f->args[n++].u = (uint32_t) * (const uint64_t *)p->at;
      break;
    case VALUE:
      f->args[n++].q = *(const uint64_t *)p->at;
      break;
    case CELL_IN_OUT:
      f->len[i] = p->min;
      f->args[n++].p = f->buffer[i] = region(i, p->min);
      memcpy(f->buffer[i], p->at, p->min);
      break;
    default: /* NEW, CELL, OPTIONAL_CELL */
      f->len[i] = sizeof(uint64_t);
      f->args[n++].p = f->buffer[i] = region(i, sizeof(uint64_t));
    }
  }
}

static int is_canary(const uint8_t *p) {
  for (int i = 0; i < CANARY; i++) {
    if (p[i] != 0xa5) {
      return 0;
    }
  }
  return 1;
}

void frame_check(const struct frame *f, const struct call *c, pqrtc_status status, const char *what) {
  static const size_t untouched = (size_t)0xa5a5a5a5a5a5a5a5u;
  int known = call_is_known(c);
#define EXPECT(condition) test_check((condition) ? 1 : 0, __FILE__, __LINE__, "%s(%s), parameter %d: %s", c->name, what, i + 1, #condition)
  for (int i = 0; i < MAX_PARAMS && c->params[i].kind != NOTHING; i++) {
    const struct param *p = &c->params[i];
    if (f->buffer[i] != NULL) {
      EXPECT(is_canary(f->buffer[i] - CANARY));
    }
    switch (p->kind) {
    case IN:
    case IN_SOME:
    case ARRAY_IN:
      EXPECT(f->spoiled == i + 1 || f->len[i] == 0 ||
             memcmp(f->buffer[i], ((const struct bytes *)p->at)->p, f->len[i]) == 0);
      break;
    case OUT:
      EXPECT(status == PQRTC_OK || test_clean(f->buffer[i], f->len[i]));
      break;
    case VAR:
      EXPECT(is_canary((uint8_t *)frame_written(f, i) - CANARY));
      if (status == PQRTC_OK) {
        EXPECT(*frame_written(f, i) <= f->len[i]);
      } else {
        EXPECT(test_clean(f->buffer[i], f->len[i]));
        EXPECT(*frame_written(f, i) == untouched ||
               (status == PQRTC_BUFFER_TOO_SMALL && !known) ||
               (status == PQRTC_BUFFER_TOO_SMALL &&
                (*frame_written(f, i) == f->len[i] || *frame_written(f, i) == f->len[i] + f->grown)));
      }
      break;
    case NEW: {
      void *handle;
      memcpy(&handle, f->buffer[i], sizeof handle);
      if (f->args[f->first[i]].p == NULL) {
        break;
      }
      if (status == PQRTC_OK) {
        EXPECT(handle != NULL && (size_t)handle != untouched);
        p->release(handle);
      } else {
        EXPECT(handle == NULL);
      }
      break;
    }
    case OPTIONAL_CELL: /* KID and counter of a refused frame are told */
      EXPECT(status == PQRTC_OK || status == PQRTC_UNKNOWN_KEY_ID || status == PQRTC_REPLAYED_FRAME ||
             status == PQRTC_DECRYPTION_FAILED || test_clean(f->buffer[i], f->len[i]));
      break;
    case CELL:
    case ARRAY_OUT:
    case ARRAY_OPTIONAL:
      EXPECT(status == PQRTC_OK || test_clean(f->buffer[i], f->len[i]));
      break;
    default:
      break;
    }
  }
#undef EXPECT
}
