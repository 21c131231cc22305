/*
 * Writes down what a program does to the files of one folder, and what of it was synced: for tests, by LD_PRELOAD. From the log a harness makes what a loss of
 * power could have left (crash-image.ts).
 *
 * DISK_LOG names the log, DISK_LOG_ROOT the folder. An entry is a line, then as many bytes as its last word says:
 *
 *     W <inode> <offset> <isDurable> <size>     bytes that were written; isDurable 1: through a descriptor with O_DSYNC or O_SYNC
 *     T <inode> <length> 0 0                    the file was cut or lengthened
 *     C <inode> 0 0 <size>                      a file was made: its path
 *     M 0 0 0 <size>                            a folder was made: its path
 *     R <inode> <sizeOfFirst> 0 <size>          renamed: the path before, then the path after
 *     L <inode> <sizeOfFirst> 0 <size>          got a further name: the path that it has, then the new one
 *     U 0 0 0 <size>                            a file or folder was removed: its path
 *     S <inode> <number> 0 <size>               a sync of the file or folder with this path begins
 *     D 0 <number> 0 0                          that sync is done
 *
 * Entries are in the order of the calls; a call is written down once it was done, but for the beginning of a sync.
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PATH_BYTES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static long sync_count = 0;

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__) = NULL; \
  if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int is_ours(const char *path) {
  static const char *root = NULL;
  static size_t length = 0;
  if (!root) {
    root = getenv("DISK_LOG_ROOT");
    if (!root) return 0;
    length = strlen(root);
  }
  return path[0] == '/' && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file of ours; 0: none of ours. */
static int path_of(int file, char *path) {
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  long length = syscall(SYS_readlinkat, AT_FDCWD, name, path, PATH_BYTES - 1);
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return is_ours(path);
}

static unsigned long inode_of(int file) {
  struct stat status;
  return fstat(file, &status) == 0 ? status.st_ino : 0;
}

static unsigned long inode_at(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0 ? status.st_ino : 0;
}

/* To be called with the lock held. By system calls alone: what this library stands in for must not call itself. */
static void note(char kind, unsigned long inode, long first, long second, const struct iovec *pieces, int count, size_t size) {
  char line[128];
  struct iovec all[1026];
  if (log_file < 0) {
    const char *path = getenv("DISK_LOG");
    if (!path) return;
    log_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  }
  all[0].iov_base = line;
  all[0].iov_len = snprintf(line, sizeof line, "%c %lu %ld %ld %zu\n", kind, inode, first, second, size);
  int used = 1;
  size_t left = size;
  for (int at = 0; at < count && at < 1024 && left > 0; at++) {
    size_t take = pieces[at].iov_len < left ? pieces[at].iov_len : left;
    all[used].iov_base = pieces[at].iov_base;
    all[used++].iov_len = take;
    left -= take;
  }
  if (syscall(SYS_writev, log_file, all, used) < 0) abort();
}

static void note_path(char kind, unsigned long inode, const char *path) {
  struct iovec piece = {(void *)path, strlen(path)};
  note(kind, inode, 0, 0, &piece, 1, piece.iov_len);
}

static int is_durable(int file) {
  int flags = fcntl(file, F_GETFL);
  return flags >= 0 && (flags & O_DSYNC) != 0;
}

/* `at` below 0: where the descriptor is. */
static long position(int file, long at) {
  if (at >= 0) return at;
  int flags = fcntl(file, F_GETFL);
  if (flags >= 0 && (flags & O_APPEND)) {
    struct stat status;
    return fstat(file, &status) == 0 ? status.st_size : 0;
  }
  return syscall(SYS_lseek, file, 0, SEEK_CUR);
}

#define WRITE(call, pieces, count, at) \
  char path[PATH_BYTES]; \
  if (!path_of(file, path)) return call; \
  pthread_mutex_lock(&lock); \
  long start = position(file, at); \
  ssize_t written = call; \
  int error = errno; \
  if (written > 0) note('W', inode_of(file), start, is_durable(file), pieces, count, written); \
  pthread_mutex_unlock(&lock); \
  errno = error; \
  return written

ssize_t write(int file, const void *bytes, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  struct iovec piece = {(void *)bytes, size};
  WRITE(real(file, bytes, size), &piece, 1, -1);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  WRITE(real(file, pieces, count), pieces, count, -1);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  struct iovec piece = {(void *)bytes, size};
  WRITE(real(file, bytes, size, at), &piece, 1, at);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) { return pwrite64(file, bytes, size, at); }

ssize_t pwritev64(int file, const struct iovec *pieces, int count, off64_t at) {
  REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
  WRITE(real(file, pieces, count, at), pieces, count, at);
}

ssize_t pwritev(int file, const struct iovec *pieces, int count, off_t at) { return pwritev64(file, pieces, count, at); }

#define CHANGE(call, kind, inode, length, isOurs) \
  if (!(isOurs)) return call; \
  pthread_mutex_lock(&lock); \
  int result = call; \
  int error = errno; \
  if (result == 0) note(kind, inode, length, 0, NULL, 0, 0); \
  pthread_mutex_unlock(&lock); \
  errno = error; \
  return result

int ftruncate64(int file, off64_t length) {
  REAL(int, "ftruncate64", int, off64_t);
  char path[PATH_BYTES];
  CHANGE(real(file, length), 'T', inode_of(file), length, path_of(file, path));
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int allocate(int (*real)(int, int, off64_t, off64_t), int file, int mode, off64_t at, off64_t size) {
  char path[PATH_BYTES];
  struct stat status;
  if (!path_of(file, path)) return real(file, mode, at, size);
  pthread_mutex_lock(&lock);
  int result = real(file, mode, at, size);
  int error = errno;
  if (result == 0 && mode == 0 && fstat(file, &status) == 0) note('T', status.st_ino, status.st_size, 0, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int fallocate64(int file, int mode, off64_t at, off64_t size) {
  REAL(int, "fallocate64", int, int, off64_t, off64_t);
  return allocate(real, file, mode, at, size);
}

int fallocate(int file, int mode, off_t at, off_t size) { return fallocate64(file, mode, at, size); }

static int sync_with(int (*real)(int), int file) {
  char path[PATH_BYTES];
  if (!path_of(file, path)) return real(file);
  pthread_mutex_lock(&lock);
  long number = ++sync_count;
  struct iovec piece = {path, strlen(path)};
  note('S', inode_of(file), number, 0, &piece, 1, piece.iov_len);
  pthread_mutex_unlock(&lock);
  int result = real(file);
  int error = errno;
  if (result == 0) {
    pthread_mutex_lock(&lock);
    note('D', 0, number, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
  }
  errno = error;
  return result;
}

int fsync(int file) {
  REAL(int, "fsync", int);
  return sync_with(real, file);
}

int fdatasync(int file) {
  REAL(int, "fdatasync", int);
  return sync_with(real, file);
}

static int open_with(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (!is_ours(path) || !(flags & (O_CREAT | O_TRUNC))) return real(path, flags, mode);
  pthread_mutex_lock(&lock);
  unsigned long before = inode_at(path);
  int file = real(path, flags, mode);
  int error = errno;
  if (file >= 0 && before == 0) note_path('C', inode_of(file), path);
  if (file >= 0 && before != 0 && (flags & O_TRUNC)) note('T', before, 0, 0, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return file;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open64(const char *path, int flags, ...) {
  REAL(int, "open64", const char *, int, ...);
  MODE(flags)
  return open_with(real, path, flags, mode);
}

int open(const char *path, int flags, ...) {
  REAL(int, "open", const char *, int, ...);
  MODE(flags)
  return open_with(real, path, flags, mode);
}

#define NAME(call, kind, path) \
  if (!is_ours(path)) return call; \
  pthread_mutex_lock(&lock); \
  int result = call; \
  int error = errno; \
  if (result == 0) note_path(kind, 0, path); \
  pthread_mutex_unlock(&lock); \
  errno = error; \
  return result

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  NAME(real(path, mode), 'M', path);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  NAME(real(path), 'U', path);
}

int rmdir(const char *path) {
  REAL(int, "rmdir", const char *);
  NAME(real(path), 'U', path);
}

static int name_with(int (*real)(const char *, const char *), char kind, const char *from, const char *to) {
  if (!is_ours(from) || !is_ours(to)) return real(from, to);
  pthread_mutex_lock(&lock);
  unsigned long inode = inode_at(from);
  int result = real(from, to);
  int error = errno;
  struct iovec pieces[2] = {{(void *)from, strlen(from)}, {(void *)to, strlen(to)}};
  if (result == 0) note(kind, inode, pieces[0].iov_len, 0, pieces, 2, pieces[0].iov_len + pieces[1].iov_len);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  return name_with(real, 'R', from, to);
}

int link(const char *from, const char *to) {
  REAL(int, "link", const char *, const char *);
  return name_with(real, 'L', from, to);
}
