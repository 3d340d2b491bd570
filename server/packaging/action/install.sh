#!/usr/bin/env bash
# Finds the program, or installs it with the installer of this very version.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case $INPUT_LANG in
  '' | en | zh) ;;
  *) fail "the input \`lang\` is \`$INPUT_LANG\`; it takes \`en\` or \`zh\`" ;;
esac
for needed in jq curl git; do
  command -v "$needed" >/dev/null ||
    fail "$(say "this runner has no \`$needed\`, which the action needs" "此 runner 缺少 action 所需的 \`$needed\`")"
done

folder=$(mktemp -d "$RUNNER_TEMP/ksext.XXXXXX")
output folder "$folder"

# The version of the program that this action belongs to.
own_version() {
  sed -n '/^version = /{s/^version = "\(.*\)"/\1/p;q;}' "$GITHUB_ACTION_PATH/Cargo.toml"
}

install() {
  local version=${INPUT_VERSION:-$(own_version)}
  version=${version#v}
  case $version in
    '' | *[!0-9A-Za-z.+-]*) fail "$(say "\`$version\` is no version of ksext" "\`$version\` 不是 ksext 的版本")" ;;
  esac
  guarded env KSEXT_VERSION="$version" KSEXT_INSTALL_DIR="$folder/bin" \
    sh "$GITHUB_ACTION_PATH/server/packaging/ksext-installer.sh" ||
    fail "$(say "cannot install ksext $version; see the log above" "无法安装 ksext $version；请查看上方日志")" 3
  printf '%s\n' "$folder/bin" >>"$GITHUB_PATH"
}

if [ -n "$INPUT_KSEXT_PATH" ]; then
  program=$INPUT_KSEXT_PATH
elif [ -z "$INPUT_VERSION" ] && command -v ksext >/dev/null; then
  program=$(command -v ksext)
else
  install
  program=$folder/bin/ksext
fi
shown=$("$program" --version) ||
  fail "$(say "cannot run \`$program\`" "无法运行 \`$program\`")" 3
printf '%s: %s\n' "$shown" "$program"
output program "$program"
