# To be sourced.
#
#   again COMMAND ...      up to three times until it succeeds, for what a network or a lock may refuse for a moment

again() {
  local pause
  for pause in 5 20; do
    "$@" && return 0
    echo "$(basename "$0"): $1 failed; once more in $pause seconds" >&2
    sleep "$pause"
  done
  "$@"
}
