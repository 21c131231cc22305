/*
 * Makes calls on chosen files fail as a bad disk makes them fail, when and how a file says: for tests, by LD_PRELOAD.
 *
 * The file named by DISK_FAULTS has lines of five words:
 *
 *     CALL PART ERROR AFTER TIMES
 *
 * CALL: write (write, writev, pwrite, pwritev), point (a pwrite of less than 1 kB: LMDB's last write of a commit), sync (fsync, fdatasync, msync),
 * read (pread, preadv, but for the metadata engine's own of the file's first pages when it opens it: the same were read just before, and it does not outlive a failure), open (for writing), direct (open with O_DIRECT, once the system has made the file, as file systems do that have no such writing), hang (open and mkdir, which do not come back while the fault is
 * set; the first one makes the file named by DISK_FAULTS with `.hung` behind it). PART: the fault is for paths that contain it. ERROR: the number of the error that the call gives. AFTER: so many calls go through
 * first. TIMES: so many fail (-1: all). Each process counts for itself, from the moment at which the file changes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FAULTS_MAX 16

struct fault {
  char call[16];
  char part[128];
  int error;
  long after;
  long times;
};

static struct fault faults[FAULTS_MAX];
static int fault_count = 0;
static char known[4096];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* By system calls alone: what this library stands in for must not call itself. */
static void load(void) {
  const char *path = getenv("DISK_FAULTS");
  char text[4096];
  if (!path) return;
  int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
  if (file < 0) return;
  long length = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  if (length < 0) return;
  text[length] = 0;
  if (strcmp(text, known) == 0) return;
  strcpy(known, text);
  fault_count = 0;
  for (char *line = strtok(text, "\n"); line && fault_count < FAULTS_MAX; line = strtok(NULL, "\n")) {
    struct fault *fault = &faults[fault_count];
    if (sscanf(line, "%15s %127s %d %ld %ld", fault->call, fault->part, &fault->error, &fault->after, &fault->times) == 5)
      fault_count++;
  }
}

static int failing_path(const char *call, const char *path) {
  int error = 0;
  pthread_mutex_lock(&lock);
  load();
  for (int at = 0; at < fault_count && !error; at++) {
    struct fault *fault = &faults[at];
    if (strcmp(fault->call, call) != 0 || !strstr(path, fault->part)) continue;
    if (fault->after > 0) fault->after--;
    else if (fault->times != 0) {
      if (fault->times > 0) fault->times--;
      error = fault->error;
    }
  }
  pthread_mutex_unlock(&lock);
  return error;
}

static int failing(const char *call, int file) {
  char name[64], path[1024];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  long length = syscall(SYS_readlinkat, AT_FDCWD, name, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return failing_path(call, path);
}

static void hang_for(const char *path) {
  const char *control = getenv("DISK_FAULTS");
  char name[4096];
  while (failing_path("hang", path)) {
    snprintf(name, sizeof name, "%s.hung", control);
    int file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT, 0600);
    if (file >= 0) syscall(SYS_close, file);
    usleep(20000);
  }
}

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__) = NULL; \
  if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define FAIL(call, file) \
  do { \
    int error = failing(call, file); \
    if (error) { \
      errno = error; \
      return -1; \
    } \
  } while (0)

ssize_t write(int file, const void *bytes, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  FAIL("write", file);
  return real(file, bytes, size);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  FAIL("write", file);
  return real(file, pieces, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  if (size < 1024) FAIL("point", file);
  else FAIL("write", file);
  return real(file, bytes, size, at);
}

ssize_t pwritev64(int file, const struct iovec *pieces, int count, off64_t at) {
  REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
  FAIL("write", file);
  return real(file, pieces, count, at);
}

ssize_t pread64(int file, void *bytes, size_t size, off64_t at) {
  REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
  Dl_info caller;
  int is_engine = dladdr(__builtin_return_address(0), &caller) && caller.dli_fname && strstr(caller.dli_fname, "lmdb");
  if (!is_engine) FAIL("read", file);
  return real(file, bytes, size, at);
}

ssize_t preadv64(int file, const struct iovec *pieces, int count, off64_t at) {
  REAL(ssize_t, "preadv64", int, const struct iovec *, int, off64_t);
  FAIL("read", file);
  return real(file, pieces, count, at);
}

int fsync(int file) {
  REAL(int, "fsync", int);
  FAIL("sync", file);
  return real(file);
}

int fdatasync(int file) {
  REAL(int, "fdatasync", int);
  FAIL("sync", file);
  return real(file);
}

int open64(const char *path, int flags, ...) {
  REAL(int, "open64", const char *, int, ...);
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  hang_for(path);
  if ((flags & O_ACCMODE) != O_RDONLY) {
    int error = failing_path("open", path);
    if (error) {
      errno = error;
      return -1;
    }
  }
  int refusal = flags & O_DIRECT ? failing_path("direct", path) : 0;
  if (refusal) {
    int file = real(path, flags & ~O_DIRECT, mode);
    if (file < 0) return file;
    close(file);
    errno = refusal;
    return -1;
  }
  return real(path, flags, mode);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  hang_for(path);
  return real(path, mode);
}
