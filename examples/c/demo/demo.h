/* What the demo programs share: one line of the table, a median, length-prefixed messages over TCP. Nothing here is about cryptography. */
#ifndef DEMO_H
#define DEMO_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pqrtc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void stop(const char *what, const char *why) {
  fprintf(stderr, "demo: %s: %s\n", what, why);
  exit(1);
}

/* For what must succeed, and for what must be refused. */
#define MUST(call)                                                             \
  do {                                                                         \
    pqrtc_status status_ = (call);                                             \
    if (status_ != PQRTC_OK) {                                                 \
      stop(#call, pqrtc_status_string(status_));                               \
    }                                                                          \
  } while (0)
#define MUST_GIVE(call, expected)                                              \
  do {                                                                         \
    if ((call) != (expected)) {                                                \
      stop(#call, "was not refused as it should be");                          \
    }                                                                          \
  } while (0)
#define REQUIRE(condition)                                                     \
  do {                                                                         \
    if (!(condition)) {                                                        \
      stop(#condition, "does not hold");                                       \
    }                                                                          \
  } while (0)

static inline double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline int compare_us(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Runs `body` 41 times and sets `us` to the median time of one run. */
#define MEDIAN(us, body)                                                       \
  do {                                                                         \
    double times_[41];                                                         \
    for (int i_ = 0; i_ < 41; i_++) {                                          \
      double start_ = now_us();                                                \
      body;                                                                    \
      times_[i_] = now_us() - start_;                                          \
    }                                                                          \
    qsort(times_, 41, sizeof *times_, compare_us);                             \
    (us) = times_[20];                                                         \
  } while (0)

/* 1234567 is "1,234,567"; 0 is nothing. */
static inline const char *grouped(size_t n, char *out, size_t cap) {
  char digits[24];
  size_t len = (size_t)snprintf(digits, sizeof digits, "%zu", n), at = 0;
  for (size_t i = 0; n != 0 && i < len && at + 2 < cap; i++) {
    if (i != 0 && (len - i) % 3 == 0) {
      out[at++] = ',';
    }
    out[at++] = digits[i];
  }
  out[at] = '\0';
  return out;
}

static inline void line(const char *left, const char *bytes, const char *v100, const char *us) {
  char text[160];
  int len = snprintf(text, sizeof text, "%-58s %11s %7s %10s", left, bytes, v100, us);
  while (len > 0 && text[len - 1] == ' ') {
    text[--len] = '\0';
  }
  puts(text);
  fflush(stdout);
}

static inline void heading(const char *title) {
  putchar('\n');
  line(title, "bytes", "V100", "us");
}

/* One line: who does what, how many bytes it is, what the V100 description says, how long it took. */
static inline void row(const char *who, size_t bytes, size_t v100, double us, const char *what, ...) {
  char text[96], left[112], b[32], v[32], time[32];
  va_list args;
  va_start(args, what);
  vsnprintf(text, sizeof text, what, args);
  va_end(args);
  if (v100 != 0 && bytes != v100) {
    stop(text, "is not the size that the V100 description gives");
  }
  if (us > 0 && us < 10) {
    snprintf(time, sizeof time, "%.1f", us);
  } else {
    grouped((size_t)us, time, sizeof time);
  }
  snprintf(left, sizeof left, "  %-10s %s", who, text);
  line(left, grouped(bytes, b, sizeof b), grouped(v100, v, sizeof v), time);
}

/* Four bytes that both ends can compare aloud; an export of its own, so it says nothing about any key. */
static inline void fingerprint(const pqrtc_session *session, uint8_t out[4]) {
  static const char label[] = "demo fingerprint";
  MUST(pqrtc_session_export(session, (const uint8_t *)label, strlen(label), NULL, 0, out, 4));
}

/* Signaling: a length of four bytes, then the message. */
static inline void tell(int peer, const void *message, size_t len) {
  uint32_t prefix = htonl((uint32_t)len);
  REQUIRE(write(peer, &prefix, sizeof prefix) == (ssize_t)sizeof prefix);
  for (const char *p = message; len > 0;) {
    ssize_t n = write(peer, p, len);
    REQUIRE(n > 0);
    p += n;
    len -= (size_t)n;
  }
}

static inline void hear_exactly(int peer, void *out, size_t len) {
  for (char *p = out; len > 0;) {
    ssize_t n = read(peer, p, len);
    REQUIRE(n > 0);
    p += n;
    len -= (size_t)n;
  }
}

static inline size_t hear(int peer, void *out, size_t cap) {
  uint32_t prefix = 0;
  hear_exactly(peer, &prefix, sizeof prefix);
  size_t len = ntohl(prefix);
  REQUIRE(len <= cap); /* never more than there is room for, whatever the peer says */
  hear_exactly(peer, out, len);
  return len;
}

static inline struct sockaddr_in loopback(unsigned port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/* A socket bound to a free port of 127.0.0.1. */
static inline int bound(int type, unsigned *port) {
  int fd = socket(AF_INET, type, 0);
  struct sockaddr_in address = loopback(0);
  socklen_t len = sizeof address;
  REQUIRE(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
  REQUIRE(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
  *port = ntohs(address.sin_port);
  return fd;
}

#endif
