#!/bin/bash
# check.sh PROGRAM...: passes only if each of the canaries fails, and for its own reason.
set -u
status=0
# As tests/threads/check.sh.
fixed="setarch $(uname -m) -R"
$fixed true 2>/dev/null || fixed=

# reason PROGRAM: what the sanitizer has to say of it.
reason() {
    case ${1##*/} in
    leak | suite_leak) echo 'ERROR: LeakSanitizer: detected memory leaks' ;;
    overflow | suite_overflow) echo 'runtime error: signed integer overflow' ;;
    heap) echo 'ERROR: AddressSanitizer: heap-buffer-overflow' ;;
    race) echo 'WARNING: ThreadSanitizer: data race' ;;
    esac
}

for program; do
    wanted=$(reason "$program")
    found=$($fixed "$program" 2>&1)
    code=$?
    if [ "$code" = 0 ]; then
        echo "FAIL: $program exited 0, so what it does wrong would not fail a test"
        status=1
    elif [ -z "$wanted" ] || [[ $found != *"$wanted"* ]]; then
        echo "FAIL: $program exited $code, but did not say \"$wanted\":"
        printf '%s\n' "$found" | head -n 20
        status=1
    else
        echo "PASS: $program exited $code: $wanted"
    fi
done
exit $status
