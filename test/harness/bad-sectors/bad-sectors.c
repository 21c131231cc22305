/*
 * Makes pages of a file unreadable, as a bad sector under it does: whoever touches one in mapped memory gets SIGBUS, and whoever reads it by a call what lies before it, or EIO. For tests, by LD_PRELOAD.
 *
 * With BAD_SECTORS_BY_CALLS=given calls are given what is there all the same. The file named by BAD_SECTORS has an offset of a page on each line; the file is the one whose path ends in metadata.mdb. Read when that is mapped, and at each call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE_BYTES 4096

static int is_metadata(int file) {
  char name[64], path[4096];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  long length = syscall(SYS_readlinkat, AT_FDCWD, name, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  const char *end = "/metadata.mdb";
  return length >= (long)strlen(end) && strcmp(path + length - strlen(end), end) == 0;
}

void *mmap64(void *wanted, size_t length, int protection, int flags, int file, off64_t at) {
  static void *(*real)(void *, size_t, int, int, int, off64_t) = NULL;
  if (!real) real = (void *(*)(void *, size_t, int, int, int, off64_t))dlsym(RTLD_NEXT, "mmap64");
  char *start = real(wanted, length, protection, flags, file, at);
  const char *control = getenv("BAD_SECTORS");
  if (start == MAP_FAILED || file < 0 || !control || !is_metadata(file)) return start;
  FILE *list = fopen(control, "r");
  if (!list) return start;
  long offset;
  /* A page of a file that is empty. */
  int empty = memfd_create("empty", MFD_CLOEXEC);
  while (fscanf(list, "%ld", &offset) == 1)
    if ((size_t)offset + PAGE_BYTES <= length)
      real(start + offset, PAGE_BYTES, PROT_READ, MAP_SHARED | MAP_FIXED, empty, 0);
  close(empty);
  fclose(list);
  return start;
}

void *mmap(void *wanted, size_t length, int protection, int flags, int file, off_t at) {
  return mmap64(wanted, length, protection, flags, file, at);
}

/* How many of the bytes can be read before a bad page; -1: none. */
static ssize_t readable(int file, size_t length, off64_t at) {
  const char *control = getenv("BAD_SECTORS");
  if (!control || getenv("BAD_SECTORS_BY_CALLS") || length == 0 || !is_metadata(file)) return (ssize_t)length;
  FILE *list = fopen(control, "r");
  if (!list) return (ssize_t)length;
  off64_t end = at + (off64_t)length;
  long offset;
  while (fscanf(list, "%ld", &offset) == 1)
    if (offset < end && offset + PAGE_BYTES > at) end = offset;
  fclose(list);
  if (end > at) return (ssize_t)(end - at);
  errno = EIO;
  return -1;
}

ssize_t pread64(int file, void *bytes, size_t length, off64_t at) {
  static ssize_t (*real)(int, void *, size_t, off64_t) = NULL;
  if (!real) real = (ssize_t (*)(int, void *, size_t, off64_t))dlsym(RTLD_NEXT, "pread64");
  ssize_t given = readable(file, length, at);
  return given < 0 ? -1 : real(file, bytes, (size_t)given, at);
}

ssize_t pread(int file, void *bytes, size_t length, off_t at) {
  return pread64(file, bytes, length, at);
}

ssize_t read(int file, void *bytes, size_t length) {
  static ssize_t (*real)(int, void *, size_t) = NULL;
  if (!real) real = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  off64_t at = getenv("BAD_SECTORS") && is_metadata(file) ? lseek64(file, 0, SEEK_CUR) : -1;
  ssize_t given = at < 0 ? (ssize_t)length : readable(file, length, at);
  return given < 0 ? -1 : real(file, bytes, (size_t)given);
}
