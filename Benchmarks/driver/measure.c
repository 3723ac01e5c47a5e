// What the server under test has used, from the kernel's books: nanoseconds, not ticks.
#include "driver.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_of(clockid_t clock)
{
    struct timespec time;
    return clock_gettime(clock, &time) == 0 ? time.tv_sec * 1000000000LL + time.tv_nsec : 0;
}

// A number behind a name in one of /proc's files; the sum where the name comes again.
static int64_t number_in(const char *path, const char *name)
{
    FILE *file = fopen(path, "r");
    char line[512];
    int64_t sum = 0;
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            sum += atoll(line + strlen(name));
    if (file)
        fclose(file);
    return sum;
}

// Context switches of all threads, of their own will or not.
static int64_t switches_of(int process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *threads = opendir(path);
    int64_t sum = 0;
    for (struct dirent *entry; threads && (entry = readdir(threads));) {
        if (entry->d_name[0] == '.')
            continue;
        char status[400];
        snprintf(status, sizeof status, "/proc/%d/task/%s/status", process, entry->d_name);
        sum += number_in(status, "voluntary_ctxt_switches:") + number_in(status, "nonvoluntary_ctxt_switches:");
    }
    if (threads)
        closedir(threads);
    return sum;
}

// Nanoseconds that all processors were busy with anything, in ticks of 10 ms: what nobody here used, others did.
static int64_t busy(void)
{
    FILE *file = fopen("/proc/stat", "r");
    long long spent[8], sum = 0;
    if (!file || fscanf(file, "cpu") != 0)
        fail("no /proc/stat");
    for (int place = 0; place < 8; place++) {
        if (fscanf(file, "%lld", &spent[place]) != 1)
            fail("less than eight numbers in /proc/stat");
        // The fourth and the fifth are idleness (proc(5)).
        if (place != 3 && place != 4)
            sum += spent[place];
    }
    fclose(file);
    return sum * (1000000000LL / sysconf(_SC_CLK_TCK));
}

double foreign(struct usage before, struct usage after)
{
    double all = (double)(after.wall - before.wall) * (double)sysconf(_SC_NPROCESSORS_ONLN);
    double ours = (double)(after.subject - before.subject + after.driver - before.driver);
    double share = ((double)(after.busy - before.busy) - ours) / all;
    return share > 0 ? share : 0;
}

struct usage usage(void)
{
    struct usage usage = { .driver = clock_of(CLOCK_PROCESS_CPUTIME_ID) };
    for (int place = 0; place < options.subject_count; place++) {
        clockid_t clock;
        if (clock_getcpuclockid(options.subjects[place], &clock) != 0)
            fail("the server under test is gone");
        usage.subject += clock_of(clock);
        usage.switches += switches_of(options.subjects[place]);
    }
    usage.busy = busy();
    usage.wall = now();
    return usage;
}

void print_memory(void)
{
    int64_t all = 0, anonymous = 0;
    for (int place = 0; place < options.subject_count; place++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/status", options.subjects[place]);
        all += number_in(path, "VmRSS:");
        anonymous += number_in(path, "RssAnon:");
    }
    printf("{\"rss_kb\":%ld,\"anonymous_kb\":%ld}\n", all, anonymous);
}

static int compare(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

void sort(int64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
}

// In microseconds.
double centile(int64_t *sorted, size_t count, double part)
{
    if (count == 0)
        return 0;
    size_t place = (size_t)(part * (double)count);
    return (double)sorted[place < count ? place : count - 1] / 1e3;
}
