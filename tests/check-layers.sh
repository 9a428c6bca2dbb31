#!/bin/sh
# check-layers.sh - an include only points down: app > ui > cmd > model > engine >
# serve > net > event > base. Each library stays in the one place that owns it.

cd "${srcdir:-.}" || exit 99
status=0

# forbid PATTERN FILE... : no FILE includes a header whose name matches PATTERN.
forbid() {
    pattern=$1
    shift
    if grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" "$@" /dev/null; then
        status=1
    fi
}

# files LAYER... : the sources and headers of these layers.
files() {
    for layer in "$@"; do
        find "src/$layer" "include/sockdeck/$layer" -name '*.[ch]' 2>/dev/null
    done
}

# except NAME : the names on standard input but this one.
except() {
    grep -vx "$1"
}

above=app
for layer in ui cmd model engine serve net event base; do
    # shellcheck disable=SC2046 # the names of this tree hold no blanks
    forbid "sockdeck/($above)[./]" $(files "$layer")
    above="$above|$layer"
done

all=$(find src include -name '*.[ch]')
# shellcheck disable=SC2046,SC2086
{
    forbid '(ncursesw/)?n?curses\.h|term\.h' $(printf '%s\n' $all | except src/ui/screen.c)
    forbid 'readline/' $(printf '%s\n' $all | except src/ui/prompt.c)
    forbid 'sys/socket\.h|netinet/|arpa/|netdb\.h|linux/(inet|sock|net)' \
        $(printf '%s\n' $all | grep -Ev '^(src|include/sockdeck)/(net|engine|serve)/')
    forbid 'netinet/|arpa/|netdb\.h|linux/(inet|sock|net)' \
        $(files engine serve)
    forbid 'test\.h|cmocka\.h' $all
}

# Each source reads config.h first, so that feature macros count everywhere.
# shellcheck disable=SC2044 # the names of this tree hold no blanks
for source in $(find src -name '*.c'); do
    first=$(grep -m 1 '^#include' "$source")
    if [ "$first" != '#include "config.h"' ]; then
        echo "$source: the first include is not \"config.h\""
        status=1
    fi
done

exit $status
