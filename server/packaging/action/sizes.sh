#!/usr/bin/env bash
# shellcheck disable=SC2016
# Tells what push would send, in the job's summary and in one comment on the pull request, which is
# written again instead of followed by others.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

boolean comment-sizes "$INPUT_COMMENT_SIZES"
case $INPUT_COMMENT_ID in
  '' | *[!0-9A-Za-z._-]*) fail "$(say 'the input `comment-id` takes letters, digits and `._-`' '输入 `comment-id` 只能包含字母、数字和 `._-`')" ;;
esac

lang=()
[ -z "$INPUT_LANG" ] || lang=(--lang "$INPUT_LANG")
note=

size() {
  "$KSEXT" size ${lang[@]+"${lang[@]}"} --color never "$@"
}

# The base of the pull request in a folder of its own, if git has it or can get it.
base=
base_of_pull_request() {
  case $BASE_SHA in
    '' | *[!0-9a-f]*) return ;;
  esac
  git cat-file -e "$BASE_SHA^{commit}" 2>/dev/null ||
    git fetch --quiet --no-tags --depth=1 origin "$BASE_SHA" 2>/dev/null ||
    true
  if git -c core.hooksPath=/dev/null worktree add --quiet --force --detach "$FOLDER/base" "$BASE_SHA" 2>/dev/null; then
    base=$FOLDER/base
  else
    note=$(say 'git could not get the base of the pull request, so nothing is said of changes.' '无法用 git 取得 pull request 的基准提交，因此不显示变化。')
  fi
}

# The package as it was in the base: package_before ROOT FILE. An empty file if there was none that could
# be measured.
package_before() {
  local prefix
  : >"$2"
  # A packed package lies in no folder that git knows.
  prefix=$(git -C "$1" rev-parse --show-prefix 2>/dev/null) || return 0
  [ ! -f "$base/${prefix}extension.yaml" ] || size --quiet --format json -- "$base/$prefix" >"$2" 2>/dev/null || : >"$2"
}

# Measures a package; its row comes below the others, its details below them: measure ROOT
measure() {
  local root=$1 options=()
  if [ -n "$base" ]; then
    package_before "$root" "$FOLDER/before.json"
    options=(--base "$FOLDER/before.json")
  fi
  if ! size --format json -- "$root" >"$FOLDER/size.json" 2>"$FOLDER/why.txt"; then
    printf -- '- %s\n' "$(prose "$(sed 's/^ksext: //' "$FOLDER/why.txt")")" >>"$FOLDER/refused.md"
    return
  fi
  local bytes
  bytes=$(query '.projected' "$FOLDER/size.json")
  [ "$bytes" -le "$biggest" ] || biggest=$bytes
  size --format markdown ${options[@]+"${options[@]}"} -- "$root" >"$FOLDER/size.md"
  [ -s "$FOLDER/table.md" ] || sed -n 1,2p "$FOLDER/size.md" >"$FOLDER/table.md"
  sed -n 3p "$FOLDER/size.md" >>"$FOLDER/table.md"
  sed 1,3d "$FOLDER/size.md" >>"$FOLDER/details.md"
  # What is said of it before anything that can be opened, below its name.
  sed '1,3d; /^<details>/,$d' "$FOLDER/size.md" >"$FOLDER/said.md"
  if grep -q '[^[:space:]]' "$FOLDER/said.md"; then
    { printf '\n'; sed -n '3{s/^| //;s/ | .*//;p;}' "$FOLDER/size.md"; cat "$FOLDER/said.md"; } >>"$FOLDER/notes.md"
  fi
}

# One call of GitHub's API: api METHOD PATH [BODY]. Prints the status, 000 without an answer; the answer
# is in answer.json. The token is on no command line.
api() {
  local body=()
  [ "$#" -lt 3 ] || body=(--header 'Content-Type: application/json' --data-binary "@$3")
  printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
    curl --config - --silent --max-time 60 --request "$1" ${body[@]+"${body[@]}"} \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
      --output "$FOLDER/answer.json" --write-out '%{http_code}' \
      "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$2" || true
}

# The comment that was written before, as `id`: of a bot or of somebody who may write here, so that
# nobody else can put one in its place. Answers whether GitHub could be asked.
id=
find_comment() {
  local page=1
  while :; do
    status=$(api GET "issues/$PULL_REQUEST/comments?per_page=100&page=$page")
    [ "$status" = 200 ] || return 1
    id=$(query --arg marker "$marker" 'map(select(.body // "" | startswith($marker))
      | select(.user.type == "Bot" or (.author_association | IN("OWNER", "MEMBER", "COLLABORATOR"))))
      | .[0].id // empty' "$FOLDER/answer.json")
    [ -z "$id" ] || return 0
    [ "$(query length "$FOLDER/answer.json")" -ge 100 ] || return 0
    page=$((page + 1))
  done
}

# Everything that is told: tell [DETAILS]
tell() {
  printf '### %s\n\n' "$title"
  cat "$FOLDER/table.md"
  if [ -s "$FOLDER/refused.md" ]; then
    printf '\n%s\n\n' "$(say 'These could not be measured:' '以下扩展组件包无法测量大小：')"
    cat "$FOLDER/refused.md"
  fi
  [ -z "$note" ] || printf '\n%s\n' "$note"
  [ "$#" -eq 0 ] || cat "$1"
}

# Writes the comment, and answers whether it is there; `status` is that of the last call.
comment() {
  find_comment || return 1
  { printf '%s\n' "$marker"; tell "$FOLDER/details.md"; } >"$FOLDER/comment.md"
  # GitHub takes 65536 characters. What can be opened is left out first, then the last lines.
  if [ "$(wc -c <"$FOLDER/comment.md")" -gt 65000 ]; then
    { printf '%s\n' "$marker"; tell "$FOLDER/notes.md"; } >"$FOLDER/long.md"
    # Lines are counted in bytes, of which no character has less than one.
    LC_ALL=C awk '{ used += length($0) + 1 } used > 64000 { exit } { print }' "$FOLDER/long.md" >"$FOLDER/comment.md"
    printf '\n%s\n' "$(say 'A comment cannot hold more, so something is left out here. All of it is in the summary of the job.' '评论长度有限，此处省略了部分内容。完整内容请见 job 的摘要。')" >>"$FOLDER/comment.md"
  fi
  jq --null-input --rawfile body "$FOLDER/comment.md" '{body: $body}' >"$FOLDER/body.json"
  if [ -n "$id" ]; then
    status=$(api PATCH "issues/comments/$id" "$FOLDER/body.json")
  else
    status=$(api POST "issues/$PULL_REQUEST/comments" "$FOLDER/body.json")
  fi
  [ "$status" = 200 ] || [ "$status" = 201 ]
}

status=000
biggest=0
title=$(say 'Package size' '扩展组件包大小')
marker="<!-- ksext:$INPUT_COMMENT_ID -->"
for part in table details notes refused; do : >"$FOLDER/$part.md"; done
base_of_pull_request
count=$(query '.packages | length' "$FOLDER/check.json")
for ((at = 0; at < count; at++)); do
  folder_of "$at"
  measure "$root"
done
[ -z "$base" ] || git worktree remove --force "$base"
output size "$biggest"

if [ ! -s "$FOLDER/table.md" ] && [ ! -s "$FOLDER/refused.md" ]; then exit 0; fi
if [ "$INPUT_COMMENT_SIZES" = true ] && [ -n "$PULL_REQUEST" ] && ! comment; then
  why=$(say "The sizes could not be written as a comment on the pull request (GitHub answered $status). The token needs \`pull-requests: write\`, which it does not get in a pull request from a fork. They are in the summary of the job." \
    "无法把大小信息写成 pull request 的评论（GitHub 返回 $status）。token 需要 \`pull-requests: write\` 权限，来自 fork 的 pull request 不会得到该权限。大小请见 job 的摘要。")
  annotate notice "$why"
  note="$note${note:+ }$why"
fi
tell "$FOLDER/details.md" >>"$GITHUB_STEP_SUMMARY"
