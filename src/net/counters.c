/* counters.c - the kernel's counters of TCP that explain. */
#include "config.h"

#include "sockdeck/net/counters.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/procfs.h"

const struct kernel_counter kernel_counters[KERNEL_COUNTERS] = {
    { "Tcp", "ActiveOpens", "connects begun" },
    { "Tcp", "PassiveOpens", "connections that came in at a listener" },
    { "Tcp", "AttemptFails", "connects and half-open arrivals that failed" },
    { "Tcp", "EstabResets", "established connections that ended by a reset" },
    { "Tcp", "InSegs", "segments received, loopback included" },
    { "Tcp", "OutSegs", "segments sent, without those sent again" },
    { "Tcp", "RetransSegs", "segments sent again: something was lost or late" },
    { "Tcp", "InErrs", "segments received damaged" },
    { "Tcp", "OutRsts", "resets sent: for closed ports, aborted connections, bytes for nobody" },
    { "TcpExt", "ListenOverflows", "clients turned away because an accept queue was full" },
    { "TcpExt", "ListenDrops", "clients turned away at a listener, for whatever reason" },
    { "TcpExt", "TCPReqQFullDrop", "SYNs dropped because too many were half-open" },
    { "TcpExt", "SyncookiesSent", "cookies sent instead of keeping a half-open connection" },
    { "TcpExt", "TCPTimeouts", "retransmission timers that ran out (connects included)" },
    { "TcpExt", "TCPSynRetrans", "SYNs and SYN-ACKs sent again: connects that nobody answers" },
    { "TcpExt", "TCPFastRetrans", "segments sent again early, because later ones arrived" },
    { "TcpExt", "TCPSpuriousRTOs", "retransmissions that were not needed: late, not lost" },
    { "TcpExt", "TCPToZeroWindowAdv", "times a receiver here told its peer to stop: buffer full" },
    { "TcpExt", "TCPFromZeroWindowAdv", "times it let the peer go on" },
    { "TcpExt", "TCPAbortOnData", "resets by linger 0, or as bytes came for a closed socket" },
    { "TcpExt", "TCPAbortOnClose", "resets because a socket was closed with unread bytes" },
    { "TcpExt", "TCPAbortOnLinger", "connections given up in FIN_WAIT2" },
    { "TcpExt", "TCPAbortOnTimeout", "connections given up: the peer no longer answered" },
    { "TcpExt", "TCPAbortOnMemory", "connections given up because too many were orphaned" },
    { "TcpExt", "TCPKeepAlive", "keep-alive probes sent" },
    { "TcpExt", "TW", "TIME_WAIT sockets that have run out" },
    { "TcpExt", "TCPTimeWaitOverflow", "TIME_WAIT sockets left out: there were too many" },
};

static int
find(const char *group, size_t group_size, const char *name, size_t size)
{
    for (int i = 0; i < KERNEL_COUNTERS; i++) {
        const struct kernel_counter *counter = &kernel_counters[i];

        if (strlen(counter->group) == group_size && strlen(counter->name) == size &&
            memcmp(counter->group, group, group_size) == 0 &&
            memcmp(counter->name, name, size) == 0)
            return i;
    }
    return -1;
}

/* The lines go in pairs, word by word. */
static void
parse_pair(struct kernel_counts *counts, const char *names, const char *numbers)
{
    size_t group_size = strcspn(names, ":\n");
    const char *group = names;

    if (names[group_size] != ':' || strncmp(names, numbers, group_size + 1) != 0)
        return;
    names += group_size + 1;
    numbers += group_size + 1;
    for (;;) {
        size_t size;
        int place;

        names += strspn(names, " ");
        numbers += strspn(numbers, " ");
        size = strcspn(names, " \n");
        if (size == 0 || *numbers == '\n' || *numbers == '\0')
            return;
        place = find(group, group_size, names, size);
        if (place >= 0) {
            counts->count[place] = strtoull(numbers, NULL, 10);
            counts->is_known[place] = true;
        }
        names += size;
        numbers += strcspn(numbers, " \n");
    }
}

void
kernel_counts_parse(struct kernel_counts *counts, const char *text)
{
    const char *numbers;

    while ((numbers = strchr(text, '\n')) != NULL && *++numbers != '\0') {
        parse_pair(counts, text, numbers);
        text = strchr(numbers, '\n');
        if (text == NULL)
            return;
        text++;
    }
}

void
kernel_counts_read(struct kernel_counts *counts)
{
    static const char *const paths[] = { "/proc/self/net/snmp", "/proc/self/net/netstat" };
    struct buffer text = { 0 };

    *counts = (struct kernel_counts) { .is_known = { false } };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (procfs_read(&text, paths[i]) == 0)
            kernel_counts_parse(counts, buffer_data(&text));
    buffer_fini(&text);
}
