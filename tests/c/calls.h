/* Every function of the library that returns a status, as data. api.c, which is generated, knows what each argument is; calls_core.c and
   calls_media.c say how to call it well. The hostile caller, the small stacks and the failing random source all walk this table. A
   function that has no row by hand yet is called by its signature alone: what is refused before its content is looked at. */
#ifndef PQRTC_CALLS_H
#define PQRTC_CALLS_H

#include "test.h"

enum { MAX_PARAMS = 11, MAX_ARGS = 16, MAX_SPOILS = 3 };

/* A length that no buffer of this machine has; nothing is refused for being long below it. */
#define ANY_LEN ((size_t)INTPTR_MAX)

typedef union arg {
  void *p;
  size_t n;
  uint32_t u;
  uint64_t q;
} arg;

struct bytes {
  const uint8_t *p;
  size_t len;
};

enum kind {
  NOTHING,
  HANDLE,        /* one argument: a handle, not NULL */
  OPTIONAL_HANDLE, /* one: a handle or NULL */
  IN,            /* two: pointer and length; empty is fine if min is 0 */
  IN_SOME,       /* the same, but an empty one is never right: (NULL, 0) is refused as NULL, other lengths by their content */
  ARRAY_IN,      /* one: pointer to as many elements as COUNT says */
  ARRAY_OUT,     /* one: the same, written */
  ARRAY_OPTIONAL,/* one: the same, or NULL */
  COUNT,         /* one: 1 to max elements */
  OUT,           /* two: pointer and length, min to max */
  VAR,           /* three: pointer, capacity, written length */
  ENUM,          /* one: 0, 99 and UINT32_MAX are none of its values */
  VALUE,         /* one: any number */
  NEW,           /* one: where a new handle is written */
  CELL,          /* one: a number is written there */
  OPTIONAL_CELL, /* one: the same, or NULL */
  CELL_IN_OUT    /* one: a structure, read and written */
};

struct param {
  enum kind kind;
  const void *at;   /* HANDLE: where the handle is kept. IN: struct bytes. ENUM, VALUE, COUNT: uint64_t. VAR: size_t, what is needed */
  size_t min, max;
  void (*release)(void *handle); /* NEW */
};

/* A fault of content: what `change` makes of an input gives `code`. */
struct spoil {
  int param; /* counted from 1; 0 is no spoil */
  void (*change)(uint8_t *p, size_t len);
  pqrtc_status code;
};

struct call {
  const char *name;
  struct param params[MAX_PARAMS];
  void (*prepare)(void); /* makes what the next call uses up */
  int random;            /* draws from the operating system */
  struct spoil spoils[MAX_SPOILS];
};

/* A function and its row by signature. */
struct function {
  pqrtc_status (*run)(const arg *args);
  struct call row;
};

/* api.c. */
extern const struct function functions[];
extern const size_t functions_len;
void free_nulls(void);
/* Rows by hand, in four parts: calls_core.c, calls_media.c, calls_handshake.c and calls_meeting.c. */
extern const struct call core_calls[], media_calls[], handshake_calls[], meeting_calls[];
extern const size_t core_calls_len, media_calls_len, handshake_calls_len, meeting_calls_len;
void core_open(void), core_close(void), media_open(void), media_close(void), handshake_open(void), handshake_close(void);
void meeting_open(void), meeting_close(void);

/* The row of the function at `i`: the one by hand if there is one. */
const struct call *call_at(size_t i);
static inline size_t calls_len(void) { return functions_len; }
/* Whether a row says how to call its function well. */
int call_is_known(const struct call *c);
pqrtc_status call_run(const struct call *c, const arg *args);
/* Makes the handles and inputs that the table points to, and frees them. */
static inline void calls_open(void) { core_open(), media_open(), handshake_open(), meeting_open(); }
static inline void calls_close(void) { core_close(), media_close(), handshake_close(), meeting_close(); }
static inline void call_prepare(const struct call *c) {
  if (c->prepare != NULL) {
    c->prepare();
  }
}

/* The arguments of one call. Every buffer ends where a page that may not be touched begins. */
struct frame {
  arg args[MAX_ARGS];
  uint8_t *buffer[MAX_PARAMS]; /* of IN, OUT, VAR, CELL, NEW */
  size_t len[MAX_PARAMS];
  int first[MAX_PARAMS];       /* index of each parameter's first argument */
  size_t grown;                /* by how much an input is longer than in the table */
  int spoiled;                 /* the input whose content was changed, counted from 1 */
};

void frame_build(struct frame *f, const struct call *c);
uint8_t *frame_input(struct frame *f, const struct call *c, int param, size_t extra);
/* Checks what the call left behind, and frees what it made. */
void frame_check(const struct frame *f, const struct call *c, pqrtc_status status, const char *what);
size_t *frame_written(const struct frame *f, int param);

/* How the rows are written. */
#define BYTES(name, array) static struct bytes name = {array, sizeof array}
#define RELEASE(type) static void type##_release(void *p) { pqrtc_##type##_free(p); }
#define F(function) #function
#define H(handle) {HANDLE, &handle, 0, 0, NULL}
#define H_OPT(handle) {OPTIONAL_HANDLE, &handle, 0, 0, NULL}
#define I(bytes, min, max) {IN, &bytes, min, max, NULL}
#define I_SOME(bytes, max) {IN_SOME, &bytes, 0, max, NULL}
#define A_IN(bytes) {ARRAY_IN, &bytes, 0, 0, NULL}
#define A_OUT(size) {ARRAY_OUT, NULL, size, size, NULL}
#define A_OPT(size) {ARRAY_OPTIONAL, NULL, size, size, NULL}
#define COUNT_(value, max) {COUNT, &value, 1, max, NULL}
#define O(len) {OUT, NULL, len, len, NULL}
#define O_RANGE(len, max) {OUT, NULL, len, max, NULL}
#define V(needed) {VAR, &needed, 0, 0, NULL}
#define E(value) {ENUM, &value, 0, 0, NULL}
#define X(value) {VALUE, &value, 0, 0, NULL}
#define NEW_(type) {NEW, NULL, 0, 0, type##_release}
#define C {CELL, NULL, 0, 0, NULL}
#define C_OPT {OPTIONAL_CELL, NULL, 0, 0, NULL}

#endif
