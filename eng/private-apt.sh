# To be sourced: apt with lists and state of its own, so that packages can be had without installing them, of another
# release and for another architecture than the machine's.
#
#   private_apt_begin WORK [ARCHITECTURE]     Debian 13; DEBIAN_MIRROR names another mirror than apt's
#   private_apt apt-get ...                   what it is run for
#   private_apt_download PACKAGE ...          into WORK/debs

# shellcheck source=again.sh
. "$(dirname "${BASH_SOURCE[0]}")/again.sh"

private_apt_begin() {
  private_apt_work=$1 private_apt_architecture=${2:-$(dpkg --print-architecture)}
  rm -rf "$private_apt_work"
  mkdir -p "$1/none" "$1/state/lists/partial" "$1/cache/archives/partial" "$1/debs"
  : >"$1/status"
  local mirror signed=
  mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | sed 's#/*$##' | grep -m1 '/debian$' || true)}
  if [ -z "$mirror" ]; then
    echo "$(basename "$0"): no Debian mirror in apt's sources; set DEBIAN_MIRROR" >&2
    return 1
  fi
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ ! -e "$keyring" ] || signed="signed-by=$keyring "
  echo "deb [${signed}arch=$private_apt_architecture targets=Packages] $mirror trixie main" >"$1/sources.list"
  again private_apt apt-get update >&2
}

private_apt() {
  local command=$1; shift
  "$command" -qq -o Dir::Etc::SourceList="$private_apt_work/sources.list" -o Dir::Etc::SourceParts="$private_apt_work/none" \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts="$private_apt_work/none" \
    -o Dir::State="$private_apt_work/state" -o Dir::State::status="$private_apt_work/status" -o Dir::Cache="$private_apt_work/cache" \
    -o APT::Architecture="$private_apt_architecture" -o APT::Architectures="$private_apt_architecture" \
    -o APT::Install-Recommends=false -o APT::Default-Release= -o APT::Sandbox::User="$(id -un)" \
    -o APT::Update::Error-Mode=any "$@"
}

private_apt_download() {
  (cd "$private_apt_work/debs" && again private_apt apt-get download "$@" >&2)
}
