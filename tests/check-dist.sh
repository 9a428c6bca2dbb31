#!/bin/sh
# check-dist.sh - every source, header and test of the tree is named in
# Makefile.am, so that it is built and goes into the tarball.

cd "${srcdir:-.}" || exit 99
status=0

# shellcheck disable=SC2044 # the names of this tree hold no blanks
for file in $(find src include tests completions man m4 -name '*.[ch1]' -o -name '*.m4' \
    -o -name '*.py' -o -name '*.sh' -o -path 'completions/*'); do
    case $file in
    tests/*.c) names="$file|${file%.c}" ;; # the name of its program will do
    *) names=$file ;;
    esac
    if ! grep -qE "(^|[[:space:]])($names)([[:space:]]|\$)" Makefile.am; then
        echo "$file: not in Makefile.am"
        status=1
    fi
done

exit $status
