#!/bin/busybox sh
# The host's way in, on the second serial port: a line `NUMBER COMMAND` is answered by what the command prints and
# a line `#NUMBER STATUS`.
exec </dev/ttyS1 >/dev/ttyS1 2>&1
printf '\n#0 0\n'
while read -r number command; do
  sh -c "$command" </dev/null
  printf '\n#%s %s\n' "$number" $?
done
