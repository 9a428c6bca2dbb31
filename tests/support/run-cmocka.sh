#!/bin/sh
# run-cmocka.sh PROGRAM - runs a cmocka program for automake's TAP driver, for at
# most TEST_TIMEOUT seconds. cmocka 1.1 numbers each group from 1 and calls a
# skipped test "not ok # SKIP", which TAP reads as a failure; and its exit status
# counts the failures, which TAP has counted already.

log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT

CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 "${TEST_TIMEOUT:-300}" "$@" >"$log"
status=$?
awk '
    /^1\.\.[0-9]+$/ { planned += substr($0, 4); next }
    /^ok [0-9]+/ { sub(/[0-9]+/, ++tests) }
    /^not ok [0-9]+/ { sub(/[0-9]+/, ++tests); if (sub(/# SKIP/, "&")) sub(/^not /, "") }
    { print }
    END { print "1.." planned + 0 }' "$log"

if [ "$status" -lt 124 ] && grep -q '^not ok [0-9]* -' "$log"; then
    status=0
fi
exit "$status"
