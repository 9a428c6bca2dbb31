#!/bin/sh
# check-tables.sh - help, completion and man page list exactly what the program's
# tables list: verbs with their keys, preferences, modes, handlers, events, and what can
# be pressed; the screen has what needs it.

top=${srcdir:-.}
page=$top/man/sockdeck.1
completion=$top/completions/sockdeck
status=0

[ -x tests/support/print_tables ] || exit 77    # built with the tests only
tables=$(tests/support/print_tables) || exit 99

# listed KIND : the names of that kind in the tables.
listed() {
    printf '%s\n' "$tables" | sed -n "s/^$1 //p"
}

# same WHAT EXPECTED FOUND : two lists of words hold the same, in whatever order.
same() {
    expected=$(printf '%s\n' "$2" | tr ' ' '\n' | sed '/^$/d' | sort -u)
    found=$(printf '%s\n' "$3" | tr ' ' '\n' | sed '/^$/d' | sort -u)
    [ "$expected" != "$found" ] || return 0
    echo "$1: < in the tables, > there"
    printf '%s\n' "$expected" >"$scratch/expected"
    printf '%s\n' "$found" | diff "$scratch/expected" - | grep '^[<>]'
    status=1
}

# section NAME : the man page's section.
section() {
    sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page"
}

# items MACRO : the names in the .It lines on standard input ("a , b" is two names).
items() {
    sed -n "s/^\.It $1 //p" | sed 's/ \(Ns\|O[cop]\|Ar\|Cm\) .*//; s/ , / /g; s/\\\\&//'
}

# item VERB : the lines of a verb's entries in the man page.
item() {
    section COMMANDS | awk -v verb="$1" '
        $1 == ".It" && $2 == "Ic" { inside = $3 == verb }
        inside'
}

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

verbs="$(listed verb) $(listed screen-verb)"
same 'man page, verbs' "$verbs" "$(section COMMANDS | items Ic | awk '{ print $1 }')"
same 'man page, modes' "$(listed mode)" "$(section MODES | items Cm)"
same 'man page, handlers' "$(listed handler)" \
    "$(item handler | sed -n 's/^\.It Cm \([a-z-]*\)$/\1/p')"
same 'man page, preferences' "$(listed preference)" "$(item set | items Cm)"
same 'man page, keys' "$(listed press | grep -vE '^(click|wheel)')" \
    "$(section KEYS | sed -n 's/^\.It //p' | sed 's/ , / /g; s/\\&//g')"
for kind in field counter; do
    same "man page, ${kind}s of the kernel" "$(listed $kind | tr ' ' _)" \
        "$(section 'KERNEL NUMBERS' | sed -n "/^\.Ss ${kind}s/I,/^\.Ss /s/^\.It Cm //p" | tr ' ' _)"
done
same 'man page, events' "$(listed event | grep -vxE 'gauge|lens|settings|reply|retired|waits')" \
    "start $(section EVENTS | items Cm)"

for verb in $verbs; do
    for key in $(listed "key $verb"); do
        item "$verb" | grep -qw -e "$key" || {
            echo "man page, $verb: no $key="
            status=1
        }
    done
done
for alias in $(listed alias); do
    section COMMANDS | grep -qE "^\.Ic (\\\\&)?[$alias]+\$" || {
        echo "man page: no $alias"
        status=1
    }
done

# from_completion FUNCTION WORD : what the completion says.
from_completion() {
    bash -c '. "$0"; "$@"' "$completion" "$@"
}

# shellcheck disable=SC2016 # for the other shell
same 'completion, verbs' "$verbs" "$(bash -c '. "$0"; echo $_sockdeck_verbs' "$completion")"
for verb in $verbs; do
    same "completion, keys of $verb" "$(listed "key $verb")" "$(from_completion _sockdeck_keys "$verb")"
done
same 'completion, modes' "$(listed mode)" "$(from_completion _sockdeck_values mode)"
same 'completion, handlers' "$(listed handler)" "$(from_completion _sockdeck_values handler)"
same 'completion, preferences' "$(listed preference)" "$(from_completion _sockdeck_values set)"

verbs_of_the_face=$(sed -n '/^} verbs\[\] = {/,/^};/s/^    { "\([a-z-]*\)", .*/\1/p' \
    "$top/src/ui/face_verbs.c")
for verb in $(listed screen-verb | grep -vx view); do
    printf '%s\n' "$verbs_of_the_face" | grep -qx -e "$verb" || {
        echo "the screen does not know its verb $verb"
        status=1
    }
done

help=$(./sockdeck --no-rc --batch -E help | sed 's/^[0-9:.]* *//' | awk '{ print $1 }')
for verb in $verbs; do
    printf '%s\n' "$help" | grep -qx -e "$verb" || {
        echo "help: no $verb"
        status=1
    }
done
same 'help' "$verbs" "$(printf '%s\n' "$help" | grep -xE '[a-z]+(-[a-z]+)?')"

exit $status
