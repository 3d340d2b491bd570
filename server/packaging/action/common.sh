# shellcheck shell=bash
# What the steps of the action share. They run in bash 3.2 too, and in the bash of Git on Windows.

# Traced commands would show keys.
{ set +x; } 2>/dev/null
set -euo pipefail

# A text in the language of the messages: say ENGLISH CHINESE
say() {
  if [ "${INPUT_LANG:-}" = zh ]; then printf '%s' "$2"; else printf '%s' "$1"; fi
}

# Text as the data of a workflow command (actions/toolkit, command.ts).
escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

# Something to see beside the log: annotate error|warning|notice TEXT
annotate() {
  printf '::%s title=ksext::%s\n' "$1" "$(escaped "$2")"
}

# Ends the step: fail TEXT [STATUS]
fail() {
  annotate error "$1"
  exit "${2:-2}"
}

# Something that nobody guesses.
unguessable() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# An output of the step: output NAME VALUE
output() {
  local end
  end=$(unguessable)
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}

# Runs a command in whose output names from packages and words of servers may stand: nothing in it is a
# workflow command.
guarded() {
  local end status=0
  end=$(unguessable)
  printf '::stop-commands::%s\n' "$end"
  "$@" || status=$?
  printf '\n::%s::\n' "$end"
  return "$status"
}

# Refuses what is neither true nor false: boolean NAME VALUE
boolean() {
  case $2 in
    true | false) ;;
    *) fail "$(say "the input \`$1\` is \`$2\`; it takes \`true\` or \`false\`" "输入 \`$1\` 的值为 \`$2\`；只能是 \`true\` 或 \`false\`")" ;;
  esac
}

# jq without the carriage returns that it writes on Windows.
query() {
  jq --raw-output "$@" | tr -d '\r'
}
