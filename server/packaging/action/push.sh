#!/usr/bin/env bash
# shellcheck disable=SC2016
# Pushes what was checked to KubeSphere Cloud. The key comes in KSEXT_TOKEN, which the program reads
# itself; it is on no command line.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

KSEXT_TOKEN=${KSEXT_TOKEN//[$'\r\n']/}
[ -z "$KSEXT_TOKEN" ] || printf '::add-mask::%s\n' "$KSEXT_TOKEN"

case $INPUT_PUSH in
  true | tag) ;;
  *) fail "$(say "the input \`push\` is \`$INPUT_PUSH\`; it takes \`false\`, \`true\` or \`tag\`" "输入 \`push\` 的值为 \`$INPUT_PUSH\`；只能是 \`false\`、\`true\` 或 \`tag\`")" ;;
esac

options=(--format json --color never)
[ -z "$INPUT_LANG" ] || options+=(--lang "$INPUT_LANG")
case $INPUT_WAIT in
  false) patience= ;;
  true) patience=30m ;;
  *)
    patience=$INPUT_WAIT
    # At most nine digits, which the program can count.
    case ${patience%[smh]} in
      '' | *[!0-9]* | ??????????*) fail "$(say "the input \`wait\` is \`$INPUT_WAIT\`; it takes \`true\`, \`false\` or one number with a unit such as \`90s\`, \`45m\` or \`2h\`" "输入 \`wait\` 的值为 \`$INPUT_WAIT\`；只能是 \`true\`、\`false\` 或 \`90s\`、\`45m\`、\`2h\` 这样的单个数字加单位")" ;;
    esac
    ;;
esac

# What others start, by a review, a comment or another workflow, pushes nothing.
case ${GITHUB_EVENT_NAME:-} in
  push | release | create | workflow_dispatch | schedule) ;;
  *)
    annotate notice "$(say "nothing is pushed for the event \`${GITHUB_EVENT_NAME:-}\`, only for push, release, create, workflow_dispatch and schedule" "事件 \`${GITHUB_EVENT_NAME:-}\` 不会触发推送，只有 push、release、create、workflow_dispatch 和 schedule 会")"
    exit 0
    ;;
esac
if [ "$INPUT_PUSH" = tag ] && [ "${GITHUB_REF_TYPE:-}" != tag ]; then
  say 'nothing is pushed: this run is not for a tag' '不推送：本次运行不是由标签触发'
  echo
  exit 0
fi

# The packages as lines of name, version and place in the report, with tabs between them.
packages=$(query '.packages | to_entries[] | [.value.name // "?", .value.version // "?", (.key | tostring)] | map(gsub("[\t\n]"; "?")) | join("\t")' "$FOLDER/check.json")
count=$(printf '%s' "$packages" | grep -c '' || true)
[ "$count" -gt 0 ] || fail "$(say 'there is no package to push' '没有可推送的扩展组件包')" 3

# Whether TAG names the version of the package: names TAG NAME VERSION. Without a name in it, it must be
# the only package.
names() {
  case $1 in
    "$2-v$3" | "$2-$3" | "$2/v$3" | "$2/$3") return 0 ;;
    "v$3" | "$3") [ "$count" -eq 1 ] ;;
    *) return 1 ;;
  esac
}

if [ "$INPUT_PUSH" = tag ]; then
  meant=
  known=
  nameless=
  while IFS=$'\t' read -r name version at; do
    if [ "$count" -eq 1 ]; then known="\`v$version\`, "; fi
    known="$known\`$name-v$version\`, \`$name/$version\`; "
    case $GITHUB_REF_NAME in
      "v$version" | "$version") nameless=yes ;;
    esac
    if names "$GITHUB_REF_NAME" "$name" "$version"; then
      meant="$meant$name"$'\t'"$version"$'\t'"$at"$'\n'
    fi
  done <<<"$packages"
  meant=${meant%$'\n'}
  known=${known%; }
  case $(printf '%s' "$meant" | grep -c '' || true) in
    1) packages=$meant ;;
    0)
      [ -z "$nameless" ] ||
        fail "$(say "the tag \`$GITHUB_REF_NAME\` does not say which of $count packages it means, so nothing is pushed; with the name it would be one of $known" "标签 \`$GITHUB_REF_NAME\` 没有说明是 $count 个扩展组件包中的哪一个，因此不推送；请在标签中写上名称，例如以下之一：$known")" 1
      fail "$(say "the tag \`$GITHUB_REF_NAME\` does not agree with the version in extension.yaml, so nothing is pushed; it would have to be one of $known" "标签 \`$GITHUB_REF_NAME\` 与 extension.yaml 中的版本不一致，因此不推送；应为以下之一：$known")" 1
      ;;
    *) fail "$(say "the tag \`$GITHUB_REF_NAME\` means several packages, so nothing is pushed" "标签 \`$GITHUB_REF_NAME\` 对应多个扩展组件包，因此不推送")" 1 ;;
  esac
fi

[ -n "$KSEXT_TOKEN" ] || fail "$(say 'the input `token` is empty: it takes the API key of KubeSphere Cloud, from a secret' '输入 `token` 为空：请从 secret 传入 KubeSphere Cloud 的 API 密钥')" 3

# shellcheck disable=SC2317 # `guarded` calls these two.
push() {
  "$KSEXT" push --yes --skip-existing "${options[@]}" -- "$1" >"$FOLDER/push.json"
}

# Waits for the review. What it prints last is where the version stands: watch NAME VERSION
# shellcheck disable=SC2317
watch() {
  "$KSEXT" watch "${options[@]}" --timeout "$patience" --version "$2" -- "$1" >"$FOLDER/watch.json"
}

export KSEXT_TOKEN
: >"$FOLDER/pushed.json"
status=0
while IFS=$'\t' read -r name version at; do
  : >"$FOLDER/push.json"
  : >"$FOLDER/watch.json"
  result=0
  why=
  folder_of "$at"
  guarded push "$root" </dev/null || result=$?
  if [ "$result" -ne 0 ] || [ ! -s "$FOLDER/push.json" ]; then
    [ "$status" -ne 0 ] || status=$((result == 0 ? 3 : result))
    annotate error "$(say "$name $version: the push failed; see the log" "$name $version：推送失败；请查看日志")"
    continue
  fi
  if [ -n "$patience" ]; then
    guarded watch "$name" "$version" </dev/null || result=$?
  fi
  # The version stands where it was seen last.
  query --slurp '.[0] + {status: (.[-1].status // .[0].status)}' "$FOLDER/push.json" "$FOLDER/watch.json" >"$FOLDER/now.json"
  cat "$FOLDER/now.json" >>"$FOLDER/pushed.json"
  state=$(query .status "$FOLDER/now.json")
  if [ "$(query '.skipped // false' "$FOLDER/now.json")" = true ]; then
    told=$(say "$name $version was there already: $state" "$name $version 已经存在：$state")
  else
    told=$(say "$name $version is pushed: $state" "$name $version 已推送：$state")
  fi
  case $result in
    0) annotate notice "$told" ;;
    4) why=$(say 'the reviewers refused it; see the log' '审核未通过；请查看日志') ;;
    *) why=$(say "it is not decided; the wait of $patience is over or was cut off, see the log" "尚无审核结果；等待 $patience 已超时或中断，请查看日志") ;;
  esac
  if [ -n "$why" ]; then
    [ "$status" -ne 0 ] || status=$result
    told=$(say "$told; $why" "$told；$why")
    annotate error "$told"
  fi
  printf '%s\n\n' "$(prose "$told")" >>"$GITHUB_STEP_SUMMARY"
  output pushed-version "$version"
  output state "$state"
done <<<"$packages"
output pushed "$(query --slurp --compact-output 'map({name, version, snapshotId, status} + if .skipped then {skipped} else {} end)' "$FOLDER/pushed.json")"
exit "$status"
