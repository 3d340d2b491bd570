#!/bin/sh
# Installs the program ksext @VERSION@ for the user who runs this. `sh ksext-installer.sh --help` tells more.
#
# Everything is in functions, and the last line starts: of a download that breaks off, nothing is run.

set -u

version='@VERSION@'
releases='@REPOSITORY@/releases/download'
systems='@SYSTEMS@'

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
zh*) chinese=yes ;;
*) chinese= ;;
esac

# say ENGLISH CHINESE
say() {
    if [ -n "$chinese" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

fail() {
    say "ksext-installer: $1" "ksext-installer: $2" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

help() {
    say "Installs ksext $version into ~/.local/bin, for you alone; it needs no root.

usage: sh ksext-installer.sh [--version X.Y.Z]

  --version X.Y.Z   another version than $version
  --help            this text

environment:
  KSEXT_INSTALL_DIR  the folder to install into
  KSEXT_BASE_URL     a mirror: it holds vX.Y.Z/SHA256SUMS and the archives beside it; default
                     $releases" \
        "将 ksext $version 安装到 ~/.local/bin，仅供当前用户使用，不需要 root 权限。

用法：sh ksext-installer.sh [--version X.Y.Z]

  --version X.Y.Z   安装 $version 以外的版本
  --help            显示本说明

环境变量：
  KSEXT_INSTALL_DIR  安装到哪个目录
  KSEXT_BASE_URL     镜像地址，其下应有 vX.Y.Z/SHA256SUMS 和同目录的压缩包；默认为
                     $releases"
}

# The name of this system among those that there are programs for.
detect() {
    system=$(uname -s)
    processor=$(uname -m)
    case "$processor" in
    x86_64 | amd64) name=x86_64 ;;
    aarch64 | arm64) name=aarch64 ;;
    *) name=$processor ;;
    esac
    case "$system" in
    Linux) name=$name-unknown-linux-musl ;;
    Darwin)
        # A shell under Rosetta says x86_64.
        [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ] && name=aarch64
        name=$name-apple-darwin
        ;;
    *) name=$name-$system ;;
    esac
    case " $systems " in
    *" $name "*) ;;
    *)
        fail "there is no program for $system on $processor, only for: $systems. Build it from its sources: @REPOSITORY@" \
            "没有适用于 $system（$processor）的程序，只有：$systems。请从源码构建：@REPOSITORY@"
        ;;
    esac
}

# fetch URL FILE
fetch() {
    answer=
    if has curl; then
        # Where nobody asked for http, a redirection must not lead there either.
        case "$1" in
        http:*) protocols='=http,https' ;;
        *) protocols='=https' ;;
        esac
        answer=$(curl --proto "$protocols" --fail --silent --show-error --location --write-out '%{http_code}' \
            --connect-timeout 20 --speed-limit 1000 --speed-time 30 --max-time 900 --output "$2" "$1") && return
    elif has wget; then
        said=$(LC_ALL=C wget -S -T 30 -O "$2" "$1" 2>&1) && return
        # The last answer is that of the server to which others have led.
        answer=$(printf '%s\n' "$said" | awk '$1 ~ /^HTTP\// { last = $2 } END { print last }')
        [ -n "$answer" ] || printf '%s\n' "$said" >&2
    else
        fail "neither curl nor wget is installed; install one of them" "未安装 curl 或 wget；请安装其中之一"
    fi
    case "$answer" in
    404)
        fail "cannot download $1: the server has no such file. Is there a version $version? For a mirror set KSEXT_BASE_URL" \
            "无法下载 $1：服务器上没有该文件。版本 $version 是否存在？如使用镜像请设置 KSEXT_BASE_URL"
        ;;
    [45]??)
        fail "cannot download $1: the server answered $answer; try again later, or set KSEXT_BASE_URL for a mirror" \
            "无法下载 $1：服务器返回 $answer；请稍后重试，或用 KSEXT_BASE_URL 指定镜像"
        ;;
    *)
        fail "cannot download $1; behind a proxy, set https_proxy, and for a mirror KSEXT_BASE_URL" \
            "无法下载 $1；如使用代理请设置 https_proxy，如使用镜像请设置 KSEXT_BASE_URL"
        ;;
    esac
}

# The SHA-256 of a file.
sum() {
    if has sha256sum; then
        sha256sum "$1"
    elif has shasum; then
        shasum -a 256 "$1"
    elif has openssl; then
        openssl dgst -sha256 -r "$1"
    else
        fail "cannot verify the download: there is neither sha256sum, shasum nor openssl; install one of them" \
            "无法校验下载的文件：未找到 sha256sum、shasum 或 openssl；请安装其中之一"
    fi | cut -d ' ' -f 1
}

# verify FILE SUMS
verify() {
    wanted=$(awk -v name="${1##*/}" '{ sub(/\r$/, "") } $2 == name || $2 == "*" name { print $1 }' "$2")
    [ -n "$wanted" ] || fail "SHA256SUMS does not name ${1##*/}" "SHA256SUMS 中没有 ${1##*/}"
    found=$(sum "$1") || exit 1
    [ "$found" = "$wanted" ] ||
        fail "${1##*/} is not what was released: its SHA-256 is $found, not $wanted. Nothing was installed" \
            "${1##*/} 与发布的文件不符：其 SHA-256 为 $found，应为 $wanted。未安装任何内容"
}

# place PROGRAM FOLDER: puts it there in one step, also over one that runs.
place() {
    mkdir -p "$2" || fail "cannot make the folder $2; KSEXT_INSTALL_DIR names another" \
        "无法创建目录 $2；可用 KSEXT_INSTALL_DIR 指定其他目录"
    [ ! -d "$2/ksext" ] || fail "$2/ksext is a folder; remove it, or name another folder in KSEXT_INSTALL_DIR" \
        "$2/ksext 是一个目录；请删除它，或用 KSEXT_INSTALL_DIR 指定其他目录"
    new=$2/.ksext.$$
    { cp "$1" "$new" && chmod 755 "$new"; } ||
        fail "cannot write into $2; KSEXT_INSTALL_DIR names another folder" "无法写入 $2；可用 KSEXT_INSTALL_DIR 指定其他目录"
    said=$("$new" --version 2>&1) ||
        fail "the program does not start from $2: $said" "程序无法在 $2 中启动：$said"
    mv -f "$new" "$2/ksext" || fail "cannot replace $2/ksext" "无法替换 $2/ksext"
}

# The whole name of a folder, without links.
whole() { (CDPATH='' cd -- "$1/" 2>/dev/null && pwd -P); }

# Whether a folder is on the PATH, however it is written there.
is_on_path() (
    wanted=$(whole "$1")
    IFS=:
    set -f
    for one in ${PATH:-}; do
        [ "$(whole "${one:-.}")" != "$wanted" ] || exit 0
    done
    exit 1
)

main() {
    while [ $# -gt 0 ]; do
        case "$1" in
        --help | -h)
            help
            exit 0
            ;;
        --version)
            [ $# -gt 1 ] || fail "--version needs a version, such as $version" "--version 后需要写版本，例如 $version"
            version=${2#v}
            shift
            ;;
        --version=*) version=${1#--version=} version=${version#v} ;;
        *) fail "there is no option $1; --help lists them" "没有选项 $1；--help 列出所有选项" ;;
        esac
        shift
    done
    case "$version" in
    '' | *[!0-9A-Za-z.+-]*) fail "\`$version\` is no version" "\`$version\` 不是版本号" ;;
    esac

    folder=${KSEXT_INSTALL_DIR:-}
    if [ -z "$folder" ]; then
        [ -n "${HOME:-}" ] || fail "HOME is not set; KSEXT_INSTALL_DIR names the folder to install into" \
            "未设置 HOME；请用 KSEXT_INSTALL_DIR 指定安装目录"
        folder=$HOME/.local/bin
    fi
    detect
    has tar || fail "tar is not installed" "未安装 tar"

    new=
    work=$(mktemp -d) || fail "cannot make a temporary folder" "无法创建临时目录"
    trap 'rm -rf "$work" ${new:+"$new"}' EXIT
    trap 'exit 1' HUP INT TERM

    base=${KSEXT_BASE_URL:-$releases}
    base=${base%/}/v$version
    archive=ksext-$name.tar.gz
    say "Downloading $base/$archive" "正在下载 $base/$archive"
    fetch "$base/SHA256SUMS" "$work/SHA256SUMS"
    fetch "$base/$archive" "$work/$archive"
    verify "$work/$archive" "$work/SHA256SUMS"
    tar -xzf "$work/$archive" -C "$work" || fail "cannot unpack $archive" "无法解压 $archive"
    place "$work/ksext-$name/ksext" "$folder"
    folder=$(CDPATH='' cd -- "$folder/" && pwd) || exit 1

    say "Installed $said: $folder/ksext" "已安装 $said：$folder/ksext"
    if ! is_on_path "$folder"; then
        say "$folder is not on your PATH. Add this line to the start-up file of your shell:" \
            "$folder 不在 PATH 中。请将下面这一行加入 shell 的启动文件："
        # shellcheck disable=SC2016
        printf '    export PATH="%s:$PATH"\n' "$folder"
        return
    fi
    first=$(command -v ksext) || return 0
    [ "$(whole "${first%/*}")" = "$(whole "$folder")" ] ||
        say "Your PATH has another ksext before it, which \`ksext\` starts: $first. Remove that one, or put $folder before its folder." \
            "PATH 中排在前面的另一个 ksext 会先被 \`ksext\` 启动：$first。请删除它，或把 $folder 放到它所在目录之前。"
}

main "$@"
