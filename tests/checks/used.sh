#!/bin/bash
# Every public function is called by a tool, an example or a test.
. "$(dirname "$0")/common.sh"

while read -r name; do
    grep -rqE --include='*.c' "\b$name\(" tools examples tests || complain "nobody calls $name()"
done < <(declared)
finish
