#!/usr/bin/env bash
# Finds the program, or installs that of a release.
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

# A value of the Cargo.toml that this action belongs to: declared NAME
declared() {
  sed -n "/^$1 = /{s/^$1 = \"\(.*\)\"/\1/p;q;}" "$GITHUB_ACTION_PATH/Cargo.toml"
}

# The archive for this system.
archive_name() {
  local processor system
  case $(uname -m) in
    x86_64 | amd64) processor=x86_64 ;;
    arm64 | aarch64) processor=aarch64 ;;
    *) return 1 ;;
  esac
  case $(uname -s) in
    Linux) system=unknown-linux-musl.tar.gz ;;
    Darwin) system=apple-darwin.tar.gz ;;
    MINGW* | MSYS*) system=pc-windows-gnu.zip ;;
    *) return 1 ;;
  esac
  printf 'ksext-%s-%s' "$processor" "$system"
}

download() {
  local protocols=https
  # Where nobody asked for http, a redirection must not lead there either.
  case $1 in http:*) protocols=http,https ;; esac
  curl --proto "=$protocols" --fail --silent --show-error --location --retry 3 --max-time 600 --output "$2" "$1" ||
    fail "$(say "cannot download $1" "无法下载 $1")" 3
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Unpacks an archive into a folder: a zip has its files at the top, a tar.gz has them in one folder.
unpack() {
  mkdir "$2"
  case $1 in
    # The tar of Windows reads zip, that of Git does not.
    *.zip) "$SYSTEMROOT/System32/tar.exe" -xf "$1" -C "$2" ;;
    *) tar -xzf "$1" -C "$2" --strip-components=1 ;;
  esac
}

# What `server/packaging/installer.sh` does, on Windows too.
install() {
  local version=${INPUT_VERSION:-$(declared version)} base name wanted found
  version=${version#v}
  case $version in
    '' | *[!0-9A-Za-z.+-]*) fail "$(say "\`$version\` is no version of ksext" "\`$version\` 不是 ksext 的版本")" ;;
  esac
  name=$(archive_name) ||
    fail "$(say "there is no program for $(uname -s) on $(uname -m); the input \`ksext-path\` takes one that you have built" "没有适用于 $(uname -s)（$(uname -m)）的程序；可自行构建并用输入 \`ksext-path\` 指定")" 3
  base=${KSEXT_BASE_URL:-$(declared repository)/releases/download}
  base=${base%/}/v$version
  download "$base/SHA256SUMS" "$folder/SHA256SUMS"
  download "$base/$name" "$folder/$name"
  wanted=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
  found=$(sum "$folder/$name")
  [ "$found" = "$wanted" ] ||
    fail "$(say "$name is not what was released: its SHA-256 is $found, not ${wanted:-named in SHA256SUMS}" "$name 与发布的文件不符：其 SHA-256 为 $found，应为 ${wanted:-（SHA256SUMS 中未列出）}")" 3
  unpack "$folder/$name" "$folder/bin"
  program=$folder/bin/ksext
  case $name in *.zip) program=$program.exe ;; esac
  printf '%s\n' "$folder/bin" >>"$GITHUB_PATH"
}

if [ -n "$INPUT_KSEXT_PATH" ]; then
  program=$INPUT_KSEXT_PATH
elif [ -z "$INPUT_VERSION" ] && command -v ksext >/dev/null; then
  program=$(command -v ksext)
else
  install
fi
shown=$("$program" --version) ||
  fail "$(say "cannot run \`$program\`" "无法运行 \`$program\`")" 3
printf '%s: %s\n' "$shown" "$program"
output program "$program"
