/*
 * What the kernel alone costs: one thread, epoll, a parser that finds the path and the end of the head and checks
 * nothing else, a hash table of routes, one hook. The behaviour is described in Hello.java.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 4096, EVENTS = 256, READ = 65536, WRITE = 65536, SLOTS = 1024, PATH = 32, LONGEST_ANSWER = 256 };

#define BODY "Hello, World!"

typedef size_t (*handler)(char *out);
struct route {
  char path[PATH];
  handler handle;
};
/* What a connection has received of a request that is not complete. */
struct rest {
  char *bytes;
  size_t length;
};

static struct route routes[SLOTS];
static struct rest *rests;
static size_t rest_count;
static char date[64];
static uint64_t requests;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static size_t slot(const char *path, size_t length) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)path[i]) * 16777619u;
  size_t at = hash % SLOTS;
  while (routes[at].handle && (strlen(routes[at].path) != length || memcmp(routes[at].path, path, length)))
    at = (at + 1) % SLOTS;
  return at;
}

static void hook(void) { requests++; }

static size_t plaintext(char *out) {
  return sprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nDate: %s\r\n\r\n" BODY,
                 sizeof BODY - 1, date);
}

static size_t not_found(char *out) {
  return sprintf(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nDate: %s\r\n\r\n", date);
}

static void renew_date(void) {
  static time_t last;
  time_t now = time(NULL);
  if (now == last) return;
  last = now;
  strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
}

static void fill_routes(int count) {
  for (int i = 0; i < count; i++) {
    char path[PATH];
    if (i == count / 2) strcpy(path, "/plaintext");
    else snprintf(path, sizeof path, "/route%d", i);
    struct route *route = &routes[slot(path, strlen(path))];
    strcpy(route->path, path);
    route->handle = plaintext;
  }
}

static bool send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = write(fd, bytes, length);
    if (sent < 0 && errno == EINTR) continue;
    /* The client of a benchmark reads what it asked for: a full socket buffer is an error here. */
    if (sent < 0) return false;
    bytes += sent;
    length -= sent;
  }
  return true;
}

static size_t answer(const char *head, char *out) {
  hook();
  const char *path = head + 4;
  size_t length = strcspn(path, " ");
  handler handle = memcmp(head, "GET ", 4) ? NULL : routes[slot(path, length)].handle;
  return handle ? handle(out) : not_found(out);
}

/* Answers what is complete of `length` bytes, in one write; returns how many were used, or -1 to close. */
static ssize_t serve(int fd, char *bytes, size_t length) {
  static char out[WRITE];
  size_t used = 0, pending = 0;
  bool close_after = false;
  while (used < length) {
    char *head = bytes + used;
    char *end = memmem(head, length - used, "\r\n\r\n", 4);
    if (!end) break;
    *end = 0;
    close_after = strcasestr(head, "\r\nConnection: close") != NULL;
    pending += answer(head, out + pending);
    used = end + 4 - bytes;
    if (pending > WRITE - LONGEST_ANSWER) {
      if (!send_all(fd, out, pending)) return -1;
      pending = 0;
    }
  }
  if (pending > 0 && !send_all(fd, out, pending)) return -1;
  return close_after ? -1 : (ssize_t)used;
}

static struct rest *rest_of(int fd) {
  if ((size_t)fd >= rest_count) {
    size_t count = (size_t)fd * 2 + 64;
    rests = realloc(rests, count * sizeof *rests);
    if (!rests) fail("realloc");
    memset(rests + rest_count, 0, (count - rest_count) * sizeof *rests);
    rest_count = count;
  }
  return &rests[fd];
}

static void end_connection(int fd) {
  struct rest *rest = rest_of(fd);
  free(rest->bytes);
  *rest = (struct rest){0};
  close(fd);
}

static void keep_rest(struct rest *rest, const char *bytes, size_t length) {
  free(rest->bytes);
  *rest = (struct rest){length ? malloc(length) : NULL, length};
  if (length) memcpy(rest->bytes, bytes, length);
}

static void readable(int fd) {
  static char in[READ + 1];
  struct rest *rest = rest_of(fd);
  if (rest->length) memcpy(in, rest->bytes, rest->length);
  ssize_t got = rest->length < READ ? read(fd, in + rest->length, READ - rest->length) : 0;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  size_t length = rest->length + (got > 0 ? got : 0);
  ssize_t used = got > 0 ? serve(fd, in, length) : -1;
  if (used < 0) end_connection(fd);
  else if (rest->length || (size_t)used < length) keep_rest(rest, in + used, length - used);
}

static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, BACKLOG)) fail("listen");
  return fd;
}

static void accept_on(int epoll, int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), on = 1;
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) fail("epoll_ctl");
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "arguments must be PORT ROUTES\n");
    return 64;
  }
  fill_routes(atoi(arguments[2]));
  int listener = listen_on(atoi(arguments[1])), epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event)) fail("epoll_ctl");
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    renew_date();
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == listener) accept_on(epoll, listener);
      else readable(events[i].data.fd);
    }
  }
}
