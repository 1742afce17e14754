/* The hostile caller: every function with every pointer NULL in turn, every length short, long, 0 and SIZE_MAX, unknown enums, overlaps
   and too small buffers, alone and any two together (the order of checks is part of the contract), between canaries and guard pages.
   After each refused call the same call made well must succeed: nothing was used up. Nothing may be printed by the library. A function
   that only api.c knows gets the faults that are found whatever the content is: NULL, unknown enums, lengths of SIZE_MAX. */
#define _GNU_SOURCE
#include "calls.h"
#include <unistd.h>

/* What is done to one parameter. */
enum fault {
  NULL_POINTER, /* the pointer is NULL, the length stays */
  NULL_EMPTY,   /* (NULL, 0) */
  LENGTH,       /* the length becomes `value` */
  BAD_ENUM,     /* the enum becomes `value` */
  NUMBER,       /* the count becomes `value` */
  NULL_WRITTEN, /* out_len is NULL */
  CAPACITY,     /* the capacity becomes `value` */
  AFTER,        /* the output begins one byte into the buffer of `other` */
  BEFORE,       /* the output ends one byte into it */
  WRITTEN_IN    /* out_len lies in the buffer of `other` */
};

/* In the order in which they are looked at. SOFT: what comes out depends on the content, and may be success. */
enum rank { BY_NULL, BY_ENUM, BY_LENGTH, BY_OVERLAP, BY_CAPACITY, BY_CONTENT, SOFT };

struct mutation {
  enum fault fault;
  enum rank rank;
  pqrtc_status code;
  int param, other;
  size_t value;
  const char *what;
};

enum { MAX_MUTATIONS = 200 };

static struct mutation list[MAX_MUTATIONS];
static int list_len;

static void add(int param, enum fault fault, enum rank rank, pqrtc_status code, size_t value, int other, const char *what) {
  if (list_len == MAX_MUTATIONS) {
    abort();
  }
  list[list_len++] = (struct mutation){fault, rank, code, param, other, value, what};
}

static void add_length(int param, size_t value, size_t min, size_t max, const char *what) {
  int refused = value < min || value > max;
  add(param, LENGTH, refused ? BY_LENGTH : SOFT, PQRTC_INVALID_LENGTH, value, 0, what);
}

static int is_input(enum kind kind) { return kind == IN || kind == IN_SOME || kind == ARRAY_IN; }

static int is_buffer(enum kind kind) {
  return is_input(kind) || kind == OUT || kind == VAR || kind == ARRAY_OUT || kind == ARRAY_OPTIONAL;
}

static void add_overlaps(const struct call *c, const struct frame *f, int i) {
  for (int j = 0; j < MAX_PARAMS && c->params[j].kind != NOTHING; j++) {
    enum kind kind = c->params[j].kind;
    if (i == j || !is_buffer(kind) || (!is_input(kind) && j > i)) {
      continue;
    }
    if (f->len[j] >= 2 && f->len[i] >= 2) {
      add(i, AFTER, BY_OVERLAP, PQRTC_INVALID_ARGUMENT, 0, j, "output begins inside another buffer");
      add(i, BEFORE, BY_OVERLAP, PQRTC_INVALID_ARGUMENT, 0, j, "output ends inside another buffer");
    }
    if (c->params[i].kind == VAR && f->len[j] >= 16) {
      add(i, WRITTEN_IN, BY_OVERLAP, PQRTC_INVALID_ARGUMENT, 0, j, "out_len inside another buffer");
    }
  }
}

/* The row by hand says of each parameter what the sources say. */
static void agrees(const struct call *c, const struct call *row) {
  for (int i = 0; i < MAX_PARAMS; i++) {
    enum kind by_hand = c->params[i].kind, read = row->params[i].kind;
    if (by_hand == IN && c->params[i].min > 0) {
      by_hand = IN_SOME;
    }
    test_check(by_hand == read, __FILE__, __LINE__, "%s, parameter %d: the row by hand says %d, the sources %d", c->name, i + 1,
               (int)by_hand, (int)read);
  }
}

/* What is refused before its content, whatever else is wrong in the same call. */
static void keep_certain(void) {
  int kept = 0;
  for (int i = 0; i < list_len; i++) {
    const struct mutation *m = &list[i];
    if (m->rank == BY_NULL || m->rank == BY_ENUM || (m->rank == BY_LENGTH && m->value == SIZE_MAX)) {
      list[kept++] = *m;
    }
  }
  list_len = kept;
}

/* Any content and lengths: refused or not, but no bug and no secret left. */
static void any_content(const struct call *c) {
  static const size_t lengths[] = {0, 1, 16, 32, 64};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    struct frame f;
    frame_build(&f, c);
    for (int j = 0; j < MAX_PARAMS && c->params[j].kind != NOTHING; j++) {
      if (is_input(c->params[j].kind) && c->params[j].kind != ARRAY_IN) {
        f.args[f.first[j] + 1].n = lengths[i];
      }
    }
    pqrtc_status status = call_run(c, f.args);
    test_check(status < PQRTC_RNG_FAILED, __FILE__, __LINE__, "%s with %zu bytes of zeros gave %lu", c->name, lengths[i], (unsigned long)status);
    frame_check(&f, c, status, "zeros");
  }
}

static void list_mutations(const struct call *c) {
  struct frame f;
  frame_build(&f, c);
  list_len = 0;
  for (int i = 0; i < MAX_PARAMS && c->params[i].kind != NOTHING; i++) {
    const struct param *p = &c->params[i];
    switch (p->kind) {
    case HANDLE:
    case NEW:
    case CELL:
    case CELL_IN_OUT:
      add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL");
      break;
    case ARRAY_IN:
      add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL");
      break;
    case ARRAY_OUT:
      add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL");
      add_overlaps(c, &f, i);
      break;
    case ARRAY_OPTIONAL:
      add(i, NULL_POINTER, SOFT, PQRTC_OK, 0, 0, "NULL where it may be");
      add_overlaps(c, &f, i);
      break;
    case COUNT:
      if (p->min > 0) {
        add(i, NUMBER, BY_LENGTH, PQRTC_INVALID_LENGTH, 0, 0, "count 0");
      }
      add(i, NUMBER, BY_LENGTH, PQRTC_INVALID_LENGTH, p->max + 1, 0, "one over the most");
      add(i, NUMBER, BY_LENGTH, PQRTC_INVALID_LENGTH, SIZE_MAX, 0, "count SIZE_MAX");
      break;
    case OPTIONAL_HANDLE:
    case OPTIONAL_CELL:
      add(i, NULL_POINTER, SOFT, PQRTC_OK, 0, 0, "NULL where it may be");
      break;
    case IN:
    case IN_SOME:
      if (f.len[i] != 0) {
        add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL with a length");
      }
      add(i, NULL_EMPTY, p->min > 0 || p->kind == IN_SOME ? BY_NULL : SOFT, PQRTC_NULL_POINTER, 0, 0, "(NULL, 0)");
      add_length(i, f.len[i] - 1, p->min, p->max, "one short");
      add_length(i, f.len[i] + 1, p->min, p->max, "one long");
      add_length(i, 0, p->min, p->max, "length 0");
      add_length(i, SIZE_MAX, p->min, p->max, "length SIZE_MAX");
      add_length(i, p->max + 1, p->min, p->max, "one over the most");
      if (p->min > 1) {
        add_length(i, p->min - 1, p->min, p->max, "one under the least");
      }
      break;
    case OUT:
      add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL with a length");
      add(i, NULL_EMPTY, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "(NULL, 0)");
      if (p->min == p->max) {
        add_length(i, p->min - 1, p->min, p->max, "one short");
      }
      add_length(i, p->max + 1, p->min, p->max, "one long");
      add(i, LENGTH, BY_LENGTH, PQRTC_INVALID_LENGTH, 0, 0, "length 0");
      add(i, LENGTH, BY_LENGTH, PQRTC_INVALID_LENGTH, SIZE_MAX, 0, "length SIZE_MAX");
      add_overlaps(c, &f, i);
      break;
    case VAR:
      add(i, NULL_POINTER, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "NULL with a capacity");
      add(i, NULL_WRITTEN, BY_NULL, PQRTC_NULL_POINTER, 0, 0, "out_len NULL");
      add(i, CAPACITY, BY_LENGTH, PQRTC_INVALID_LENGTH, SIZE_MAX, 0, "capacity SIZE_MAX");
      add_overlaps(c, &f, i);
      add(i, NULL_EMPTY, BY_CAPACITY, PQRTC_BUFFER_TOO_SMALL, 0, 0, "size query");
      add(i, CAPACITY, BY_CAPACITY, PQRTC_BUFFER_TOO_SMALL, 0, 0, "capacity 0");
      add(i, CAPACITY, BY_CAPACITY, PQRTC_BUFFER_TOO_SMALL, f.len[i] - 1, 0, "capacity one short");
      break;
    case ENUM:
      add(i, BAD_ENUM, BY_ENUM, PQRTC_INVALID_ARGUMENT, 0, 0, "0");
      add(i, BAD_ENUM, BY_ENUM, PQRTC_INVALID_ARGUMENT, 99, 0, "99");
      add(i, BAD_ENUM, BY_ENUM, PQRTC_INVALID_ARGUMENT, UINT32_MAX, 0, "UINT32_MAX");
      break;
    default:
      break;
    }
  }
}

static void apply(struct frame *f, const struct call *c, const struct mutation *m) {
  arg *a = &f->args[f->first[m->param]];
  size_t len = f->len[m->param];
  switch (m->fault) {
  case NULL_POINTER:
    a[0].p = NULL;
    break;
  case NULL_EMPTY:
    a[0].p = NULL;
    a[1].n = 0;
    break;
  case LENGTH:
    if (is_input(c->params[m->param].kind) && m->value == len + 1) {
      a[0].p = frame_input(f, c, m->param, 1);
    }
    a[1].n = m->value;
    break;
  case CAPACITY:
    a[1].n = m->value;
    break;
  case BAD_ENUM:
    a[0].u = (uint32_t)m->value;
    break;
  case NUMBER:
    a[0].n = m->value;
    break;
  case NULL_WRITTEN:
    a[2].p = NULL;
    break;
  case AFTER:
    a[0].p = f->buffer[m->other] + 1;
    break;
  case BEFORE:
    a[0].p = f->buffer[m->other] + 1 - len;
    break;
  case WRITTEN_IN:
    a[2].p = (void *)((uintptr_t)(f->buffer[m->other] + 7) & ~(uintptr_t)7);
    break;
  }
}

/* Two faults that cannot both be there. */
static int clash(const struct mutation *a, const struct mutation *b) {
  return a->param == b->param || a->rank == SOFT || b->rank == SOFT || (a->fault >= AFTER && a->other == b->param) ||
         (b->fault >= AFTER && b->other == a->param);
}

static void well(const struct call *c) {
  struct frame f;
  if (!call_is_known(c)) {
    return;
  }
  frame_build(&f, c);
  pqrtc_status status = call_run(c, f.args);
  test_check(status == PQRTC_OK, __FILE__, __LINE__, "%s, called well, gave %lu", c->name, (unsigned long)status);
  frame_check(&f, c, status, "called well");
}

static void single_faults(const struct call *c) {
  for (int i = 0; i < list_len; i++) {
    const struct mutation *m = &list[i];
    struct frame f;
    call_prepare(c);
    frame_build(&f, c);
    apply(&f, c, m);
    pqrtc_status status = call_run(c, f.args);
    int good = m->rank == SOFT ? status != PQRTC_NULL_POINTER && status < PQRTC_RNG_FAILED : status == m->code;
    test_check(good, __FILE__, __LINE__, "%s, parameter %d: %s gave %lu, not %lu", c->name, m->param + 1, m->what,
               (unsigned long)status, (unsigned long)m->code);
    frame_check(&f, c, status, m->what);
    if (m->rank == SOFT) {
      call_prepare(c); /* it may have succeeded */
    }
    well(c);
  }
}

static void two_faults(const struct call *c) {
  call_prepare(c);
  for (int i = 0; i < list_len; i++) {
    for (int j = 0; j < i; j++) {
      const struct mutation *a = &list[i], *b = &list[j];
      if (clash(a, b)) {
        continue;
      }
      struct frame f;
      frame_build(&f, c);
      apply(&f, c, a);
      apply(&f, c, b);
      pqrtc_status status = call_run(c, f.args), expected = a->rank < b->rank ? a->code : b->code;
      test_check(status == expected, __FILE__, __LINE__, "%s, parameter %d: %s, and parameter %d: %s, gave %lu, not %lu",
                 c->name, a->param + 1, a->what, b->param + 1, b->what, (unsigned long)status, (unsigned long)expected);
      frame_check(&f, c, status, "two faults");
    }
  }
  well(c);
}

/* Bad content is found last: after every fault of the call itself. */
static void bad_content(const struct call *c) {
  for (int s = 0; s < MAX_SPOILS && c->spoils[s].param != 0; s++) {
    const struct spoil *spoil = &c->spoils[s];
    int param = spoil->param - 1;
    call_prepare(c);
    for (int i = -1; i < list_len; i++) {
      const struct mutation *m = i < 0 ? NULL : &list[i];
      struct frame f;
      if (m != NULL && (m->rank == SOFT || m->param == param || (m->fault >= AFTER && m->other == param))) {
        continue;
      }
      frame_build(&f, c);
      spoil->change(f.buffer[param], f.len[param]);
      f.spoiled = spoil->param;
      if (m != NULL) {
        apply(&f, c, m);
      }
      pqrtc_status status = call_run(c, f.args), expected = m == NULL ? spoil->code : m->code;
      test_check(status == expected, __FILE__, __LINE__, "%s, parameter %d spoilt, and %s, gave %lu, not %lu", c->name,
                 param + 1, m == NULL ? "no more" : m->what, (unsigned long)status, (unsigned long)expected);
      frame_check(&f, c, status, "spoilt");
    }
    well(c);
  }
}

/* The functions that cannot fail. */
static void the_rest(void) {
  uint8_t secret[40];
  memset(secret, 7, sizeof secret);
  pqrtc_cleanse(secret, 39);
  for (int i = 0; i < 39; i++) {
    CHECK(secret[i] == 0);
  }
  CHECK(secret[39] == 7);
  pqrtc_cleanse(NULL, 0);
  pqrtc_cleanse(secret, 0);
  CHECK(secret[39] == 7);

  free_nulls();

  for (uint32_t codec = PQRTC_CODEC_OPAQUE; codec <= PQRTC_CODEC_AV1; codec++) {
    size_t most = (size_t)64 << 20;
    CHECK(pqrtc_frame_seal_max_size(codec, 1) > 1);
    CHECK(pqrtc_frame_seal_max_size(codec, 1000) > 1000);
    CHECK(pqrtc_frame_seal_max_size(codec, most) > most);
    CHECK(pqrtc_frame_seal_max_size(codec, most + 1) == 0);
    CHECK(pqrtc_frame_seal_max_size(codec, SIZE_MAX) == 0);
    CHECK(pqrtc_frame_open_max_size(codec, 1000) == 1000);
    CHECK(pqrtc_frame_open_max_size(codec, 0) == 0);
    CHECK(pqrtc_frame_open_max_size(codec, SIZE_MAX) == 0);
  }
  static const uint32_t unknown[] = {0, 10, 99, UINT32_MAX};
  for (size_t i = 0; i < 4; i++) {
    CHECK(pqrtc_frame_seal_max_size(unknown[i], 100) == 0);
    CHECK(pqrtc_frame_open_max_size(unknown[i], 100) == 0);
  }
}

int main(void) {
  /* from here on, whatever the library prints goes to a file */
  int out = dup(1), err = dup(2);
  FILE *captured = tmpfile();
  test_out = fdopen(err, "w");
  if (captured == NULL || test_out == NULL || dup2(fileno(captured), 1) < 0 || dup2(fileno(captured), 2) < 0) {
    return 1;
  }
  calls_open();
  size_t by_signature = 0;
  for (size_t i = 0; i < calls_len(); i++) {
    const struct call *c = call_at(i);
    call_prepare(c);
    list_mutations(c);
    if (call_is_known(c)) {
      agrees(c, &functions[i].row);
    } else {
      by_signature++;
      keep_certain();
      any_content(c);
    }
    single_faults(c);
    if (getenv("PQRTC_SLOW") == NULL) { /* sanitizers and valgrind: they do not look at the order of checks */
      two_faults(c);
    }
    bad_content(c);
  }
  the_rest();
  calls_close();
  fflush(NULL);
  long printed = lseek(fileno(captured), 0, SEEK_END);
  dup2(out, 1);
  test_check(printed == 0, __FILE__, __LINE__, "the library printed %ld bytes", printed);
  if (by_signature != 0) {
    printf("hostile: %zu of %zu functions by their signature alone\n", by_signature, calls_len());
  }
  return test_end("hostile");
}
