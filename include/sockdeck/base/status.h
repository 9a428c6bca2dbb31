/* status.h - exit statuses, as the man page lists them (section EXIT STATUS).
 *
 * A command ends with one of them; the first that is not STATUS_OK is what a
 * batch exits with. 6, 7, 28, 35, 55 and 56 are curl's numbers. */
#ifndef SOCKDECK_BASE_STATUS_H
#define SOCKDECK_BASE_STATUS_H

enum status {
    STATUS_OK = 0,
    STATUS_UNMET = 1,           /* expect or wait not met, ping without reply */
    STATUS_USAGE = 2,           /* bad command, unreadable file */
    STATUS_RESOLVE = 6,         /* name not resolved */
    STATUS_CONNECT = 7,         /* refused, unreachable, could not bind */
    STATUS_TIMEOUT = 28,
    STATUS_TLS = 35,
    STATUS_SEND = 55,
    STATUS_RECEIVE = 56,        /* receive failed or connection reset */
    STATUS_INTERNAL = 70,       /* a fault of sockdeck's own */
    STATUS_THRESHOLD = 99,
    STATUS_SIGINT = 130,        /* 128 + signal number, as shells say it */
    STATUS_SIGTERM = 143,
};

#endif
