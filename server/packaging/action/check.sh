#!/usr/bin/env bash
# shellcheck disable=SC2016
# Checks the packages: the log, annotations, SARIF, the job's summary. Findings do not end this step, so
# that what follows can tell of them; `status` says how it went, also where there was nothing to check.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

boolean strict "$INPUT_STRICT"
boolean annotations "$INPUT_ANNOTATIONS"

paths=()
while IFS= read -r path || [ -n "$path" ]; do
  path=${path%$'\r'}
  path=${path#"${path%%[![:space:]]*}"}
  path=${path%"${path##*[![:space:]]}"}
  [ -z "$path" ] || paths+=("$path")
done <<<"$INPUT_PATHS"
[ "${#paths[@]}" -gt 0 ] || fail "$(say 'the input `paths` is empty' '输入 `paths` 为空')"

options=(--color never)
[ "$INPUT_STRICT" = false ] || options+=(--strict)
[ -z "$INPUT_BASELINE" ] || options+=(--baseline "$INPUT_BASELINE")
[ -z "$INPUT_LANG" ] || options+=(--lang "$INPUT_LANG")

check() {
  "$KSEXT" check "${options[@]}" "$@" -- "${paths[@]}"
}

status=0
guarded check || status=$?
report=$FOLDER/check.json
check --quiet --format json >"$report" 2>/dev/null || true
sarif=$FOLDER/ksext.sarif
check --quiet --format sarif >"$sarif" 2>/dev/null || true
if [ ! -s "$report" ] || [ ! -s "$sarif" ]; then
  fail "$(say 'nothing could be checked; see the log above' '未能检查；请查看上方日志')" "$status"
fi
if [ "$INPUT_ANNOTATIONS" = true ]; then
  check --quiet --format github 2>/dev/null || true
fi

packages=$(query '.summary.packages' "$report")
if [ "$packages" -eq 0 ]; then
  # A gate that checks nothing must not stay open.
  [ "$status" -ne 0 ] || status=3
  annotate error "$(say 'no package was found in the input `paths`; see the log' '在输入 `paths` 中没有找到扩展组件包；请查看日志')"
fi

query --arg package "$(say Package 扩展组件包)" --arg errors "$(say Errors 错误)" \
  --arg warnings "$(say Warnings 警告)" --arg others "$(say Others 其他)" \
  --arg more "$(say 'more in the log' '个请见日志')" "$markdown"'
  def count(names): map(select(.severity | IN(names))) | length;
  "### ksext", "",
  (if .packages == [] then empty else
    "| \($package) | \($errors) | \($warnings) | \($others) |", "|---|---:|---:|---:|",
    (.packages[] | "| \([.name, .version] | map(strings) | join(" ") | if . == "" then "?" else . end | code) | "
      + ([.findings | count("error"), count("warning"), count("information", "hint") | tostring] | join(" | ")) + " |")
  end), "",
  ([.packages[] | .root as $root | .findings[]
    | "- **\(.severity)** " + ("\($root)/\(.file):\(.range.start.line)" | ltrimstr("./") | code)
      + " \(.message | prose) [\(.rule)](\(.url))"]
    | .[:50][], (if length > 50 then "- \(length - 50) \($more)" else empty end)), ""
' "$report" >>"$GITHUB_STEP_SUMMARY"

output packages "$packages"
output errors "$(query '.summary.errors' "$report")"
output warnings "$(query '.summary.warnings' "$report")"
output sarif "$sarif"
output status "$status"
