# Shared by the two stories of demo.sh. Sourced.

# Waits until a command succeeds, at most a minute.
await() {
  local try
  for try in $(seq 3000); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.02
  done
  echo "demo: gave up waiting for: $*" >&2
  return 1
}

lines() { [ "$(wc -l <"$1" 2>/dev/null || echo 0)" -ge "$2" ]; }

# A number or word out of one line of JSON.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" <<<"$2"; }

# The tokens of two clones side by side, and whether any is the same.
compare() {
  local a=$1 b=$2 title=$3
  echo "  $title"
  paste <(head -3 "$a" | cut -d' ' -f1) <(head -3 "$b" | cut -d' ' -f1) | while read -r left right; do
    printf '    clone A  %s    clone B  %s   %s\n' "$left" "$right" "$([ "$left" = "$right" ] && echo same || echo different)"
  done
}

# How many tokens both clones minted.
shared_tokens() { comm -12 <(cut -d' ' -f1 "$1" | sort) <(cut -d' ' -f1 "$2" | sort) | wc -l; }
