/* Ends the process that it is preloaded into (LD_PRELOAD) at a chosen step.
 *
 * A step is a call that changes the files at CUT_FILES (a path's beginning), or that speaks to one of
 * CUT_PORTS. Each is a line of CUT_STEPS: `write alertd.db-wal`, `send 8080`. At step CUT_AT of those that
 * are CUT_ONLY, or begin with it where it ends with a space, counted from 1, the process kills itself with
 * SIGKILL: `before` the call, `after` it, or in its `half`, where it writes half of the bytes and nothing
 * more (CUT_SIDE).
 *
 * What a power cut would undo is in CUT_UNDO: a record of each change before it is made, and of each sync
 * after it was; tests/crash/power.py reads it. One lock is held over each change and its record, so
 * that their order is the same whichever thread makes them. The real calls are made without the C library.
 * Renaming is not known here: a journal that is laid aside ends the harness's account.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_FDS 4096
#define EXPORTED __attribute__((visibility("default")))

enum kind { OTHER, JOURNAL, FOLDER, RECEIVER };
enum side { BEFORE, AFTER, HALF };

/* A record is this, the name, and the bytes before and after; little-endian, as the machine is. */
struct record {
    char what; /* w written, t truncated, s synced, c created, u unlinked, d folder synced */
    uint8_t name_length;
    uint16_t unused;
    uint32_t old_length, new_length;
    uint32_t unused_too;
    int64_t offset, old_size;
};

static struct {
    enum kind kind;
    char name[64];
} fds[MOST_FDS];
static const char *files, *only;
static size_t files_length, folder_length;
static int steps_fd = -1, undo_fd = -1;
static long steps, cut_at;
static enum side cut_side;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int log_at(const char *variable) {
    const char *path = getenv(variable);
    if (!path) return -1;
    return syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("CUT_AT"), *side = getenv("CUT_SIDE");
    files = getenv("CUT_FILES");
    only = getenv("CUT_ONLY") ? getenv("CUT_ONLY") : "";
    if (files) {
        files_length = strlen(files);
        folder_length = strrchr(files, '/') - files;
    }
    cut_at = at ? atol(at) : 0;
    cut_side = !side || !strcmp(side, "before") ? BEFORE : !strcmp(side, "half") ? HALF : AFTER;
    steps_fd = log_at("CUT_STEPS");
    undo_fd = log_at("CUT_UNDO");
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

static int is_of_those(const char *step) {
    size_t length = strlen(only);
    return length && only[length - 1] == ' ' ? !strncmp(step, only, length) : !strcmp(step, only);
}

/* Count a step; return whether it is the one, so that its caller ends the process after it. */
static int counts(const char *call, const char *name) {
    char line[128];
    int length = snprintf(line, sizeof line, "%s %s", call, name);
    int is_it = is_of_those(line) && __atomic_add_fetch(&steps, 1, __ATOMIC_SEQ_CST) == cut_at;
    line[length] = '\n';
    syscall(SYS_write, steps_fd, line, length + 1);
    if (is_it && cut_side == BEFORE) die();
    return is_it;
}

/* The name of a file of the journal; NULL for any other. What SQLite shares between processes does not count. */
static const char *own_name(const char *path) {
    size_t length = strlen(path);
    if (!files || strncmp(path, files, files_length)) return NULL;
    if (length > 4 && !strcmp(path + length - 4, "-shm")) return NULL;
    return path + folder_length + 1;
}

static enum kind kind_of(int fd) { return fd >= 0 && fd < MOST_FDS ? fds[fd].kind : OTHER; }

static void track(int fd, enum kind kind, const char *name) {
    if (fd < 0 || fd >= MOST_FDS) return;
    snprintf(fds[fd].name, sizeof fds[fd].name, "%s", name);
    fds[fd].kind = kind;
}

static int64_t size_of(int fd) {
    struct stat status;
    return fstat(fd, &status) ? 0 : status.st_size;
}

static void append(struct record head, const char *name, const void *old, const void *new) {
    char *whole;
    size_t length = sizeof head + strlen(name) + head.old_length + head.new_length;
    if (undo_fd < 0 || !(whole = malloc(length))) return;
    head.name_length = strlen(name);
    memcpy(whole, &head, sizeof head);
    memcpy(whole + sizeof head, name, head.name_length);
    if (old) memcpy(whole + sizeof head + head.name_length, old, head.old_length);
    if (new) memcpy(whole + length - head.new_length, new, head.new_length);
    syscall(SYS_write, undo_fd, whole, length);
    free(whole);
}

/* Note that `length` bytes at `offset` are about to become `new`; those of a truncation, to be no more. */
static void note_change(char what, int fd, const void *new, size_t length, off_t offset) {
    struct record head = {.what = what, .new_length = new ? length : 0, .offset = offset};
    char *old = malloc(length + 1);
    ssize_t got = old ? syscall(SYS_pread64, fd, old, length, offset) : 0;
    head.old_size = size_of(fd);
    head.old_length = got > 0 ? got : 0;
    append(head, fds[fd].name, old, new);
    free(old);
}

static void note_end(const char *path, const char *name) {
    struct record head = {.what = 'u'};
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    char *old = malloc(size_of(fd) + 1);
    ssize_t got = fd >= 0 && old ? syscall(SYS_pread64, fd, old, size_of(fd), 0) : 0;
    head.old_length = head.old_size = got > 0 ? got : 0;
    append(head, name, old, NULL);
    free(old);
    syscall(SYS_close, fd);
}

static ssize_t change(const char *call, int fd, const void *bytes, size_t length, off_t offset) {
    pthread_mutex_lock(&lock);
    int last = counts(call, fds[fd].name);
    size_t part = last && cut_side == HALF ? length / 2 : length;
    note_change('w', fd, bytes, part, offset);
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, part, offset);
    if (last) die();
    pthread_mutex_unlock(&lock);
    return done;
}

EXPORTED ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
    if (kind_of(fd) == JOURNAL) return change("write", fd, bytes, length, offset);
    return syscall(SYS_pwrite64, fd, bytes, length, offset);
}

EXPORTED ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

EXPORTED ssize_t write(int fd, const void *bytes, size_t length) {
    if (kind_of(fd) != JOURNAL) return syscall(SYS_write, fd, bytes, length);
    off_t end = fcntl(fd, F_GETFL) & O_APPEND ? size_of(fd) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = change("write", fd, bytes, length, end);
    if (done > 0) lseek(fd, end + done, SEEK_SET);
    return done;
}

EXPORTED int ftruncate64(int fd, off_t size) {
    if (kind_of(fd) != JOURNAL) return syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    int last = counts("truncate", fds[fd].name);
    int64_t before = size_of(fd);
    note_change('t', fd, NULL, before > size ? before - size : 0, size);
    int result = syscall(SYS_ftruncate, fd, size);
    if (last) die();
    pthread_mutex_unlock(&lock);
    return result;
}

EXPORTED int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_with(long number, int fd) {
    enum kind kind = kind_of(fd);
    if (kind != JOURNAL && kind != FOLDER) return syscall(number, fd);
    pthread_mutex_lock(&lock);
    int last = counts("sync", fds[fd].name);
    int result = syscall(number, fd);
    struct record head = {.what = kind == FOLDER ? 'd' : 's'};
    if (!result) append(head, fds[fd].name, NULL, NULL);
    if (last) die();
    pthread_mutex_unlock(&lock);
    return result;
}

EXPORTED int fsync(int fd) { return sync_with(SYS_fsync, fd); }
EXPORTED int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

static int open_journal(const char *name, const char *path, int flags, mode_t mode) {
    struct record created = {.what = 'c'};
    pthread_mutex_lock(&lock);
    int is_new = flags & O_CREAT && syscall(SYS_faccessat, AT_FDCWD, path, F_OK);
    int last = is_new && counts("create", name);
    if (is_new) append(created, name, NULL, NULL);
    int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    track(fd, JOURNAL, name);
    if (last) die();
    pthread_mutex_unlock(&lock);
    return fd;
}

static int open_any(const char *path, int flags, mode_t mode) {
    const char *name = own_name(path);
    if (name) return open_journal(name, path, flags, mode);
    int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (files && strlen(path) == folder_length && !strncmp(path, files, folder_length))
        track(fd, FOLDER, "its folder");
    return fd;
}

EXPORTED int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_any(path, flags, mode);
}

EXPORTED int open(const char *path, int flags, ...) __attribute__((alias("open64")));

EXPORTED int unlink(const char *path) {
    const char *name = own_name(path);
    if (!name || access(path, F_OK)) return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int last = counts("unlink", name);
    note_end(path, name);
    int result = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (last) die();
    pthread_mutex_unlock(&lock);
    return result;
}

/* Whether CUT_PORTS, numbers with commas around them, has the port of an address. */
static int is_receiver(const struct sockaddr *address, char *name, size_t size) {
    const char *ports = getenv("CUT_PORTS");
    char sought[16];
    if (!ports || address->sa_family != AF_INET) return 0;
    int port = ntohs(((const struct sockaddr_in *)address)->sin_port);
    snprintf(sought, sizeof sought, ",%d,", port);
    snprintf(name, size, "%d", port);
    return strstr(ports, sought) != NULL;
}

EXPORTED int connect(int fd, const struct sockaddr *address, socklen_t length) {
    char name[16];
    int last = 0;
    if (is_receiver(address, name, sizeof name)) {
        last = counts("connect", name);
        track(fd, RECEIVER, name);
    }
    int result = syscall(SYS_connect, fd, address, length);
    if (last) die();
    return result;
}

EXPORTED ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
                        socklen_t to_length) {
    int last = kind_of(fd) == RECEIVER && counts("send", fds[fd].name);
    size_t part = last && cut_side == HALF ? length / 2 : length;
    ssize_t done = syscall(SYS_sendto, fd, bytes, part, flags, to, to_length);
    if (last) die();
    return done;
}

EXPORTED ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    return sendto(fd, bytes, length, flags, NULL, 0);
}

EXPORTED ssize_t recvfrom(int fd, void *bytes, size_t length, int flags, struct sockaddr *from,
                          socklen_t *from_length) {
    int last = kind_of(fd) == RECEIVER && counts("receive", fds[fd].name);
    ssize_t done = syscall(SYS_recvfrom, fd, bytes, length, flags, from, from_length);
    if (last) die();
    return done;
}

EXPORTED ssize_t recv(int fd, void *bytes, size_t length, int flags) {
    return recvfrom(fd, bytes, length, flags, NULL, NULL);
}

EXPORTED int close(int fd) {
    int last = kind_of(fd) == RECEIVER && counts("close", fds[fd].name);
    if (fd >= 0 && fd < MOST_FDS) fds[fd].kind = OTHER;
    int result = syscall(SYS_close, fd);
    if (last) die();
    return result;
}
