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

# For jq: `escaped` is text in which nothing is Markdown, HTML, a link or addresses anybody; `code` is a name as
# a code span, `prose` a message with code spans. Whatever backticks a name has itself, what stands between two
# of them is code, and all else is escaped.
# shellcheck disable=SC2016,SC2034 # Those who read this file use it.
markdown='
  def one_line: gsub("[\\x00-\\x1f\\x7f]+"; " ");
  def escaped: one_line
    | explode | map(if IN("\\`*_{}[]<>()&!|$~^" | explode[]) then "&#\(.);"
        # These two are looked for in the page that is made, too.
        elif IN("#@" | explode[]) then "&#\(.);&#8203;"
        else [.] | implode end) | join("")
    | gsub("(?<www>[Ww]{3})[.]"; "\(.www)&#46;") | gsub("://"; "&#58;//");
  def code: one_line | if test("[`|]") or . == "" then escaped else "`\(.)`" end;
  def prose: one_line | split("`") | (length - 1) as $last | to_entries
    | map(.key as $key | .value
        | if $key % 2 == 0 then
            # Two spans in a row would be one.
            if . == "" and $key > 0 and $key < $last then "&#8203;" else escaped end
          elif $key == $last then "&#96;" + escaped
          elif test("^ *$") then .
          else "`\(.)`" end) | join("");
'

# A message as that: prose TEXT
prose() {
  jq --null-input --raw-output --arg text "$1" "$markdown"'$text | prose' | tr -d '\r'
}

# The folder of a checked package, whatever is in its name, as `root`: folder_of INDEX
folder_of() {
  # Without the mark, the line breaks at its end would be lost.
  root=$(jq --join-output --argjson at "$1" '.packages[$at].root + "/."' "$FOLDER/check.json")
  # shellcheck disable=SC2034 # Those who call it use it.
  root=${root%/.}
}
