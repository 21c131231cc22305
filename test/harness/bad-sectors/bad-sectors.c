/*
 * Makes pages of a mapped file unreadable, as a bad sector under it does: whoever touches one gets SIGBUS. For tests, by LD_PRELOAD.
 *
 * The file named by BAD_SECTORS has an offset of a page on each line; the mapped file is the one whose path ends in metadata.mdb. Read when the file is mapped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
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
