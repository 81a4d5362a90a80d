#!/usr/bin/env bash
# Builds the container images sysgenid-operator, sysgenid-sidecar and sysgenid-hook.
#
#   images.sh --offline DIR [option ...]    one OCI archive an image into DIR, with no registry at hand
#   images.sh --push [option ...]           into the registry (log in with skopeo first)
#
#   --registry NAME       default ghcr.io/sysgenid
#   --tag TAG             default: the version
#   --arch LIST           of amd64 and arm64, separated by a comma; default: both, or what the toolchain allows
#   --images LIST         of operator, sidecar and hook; default: all
#   --base IMAGE          what the pushed operator stands on; default mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
#   --programs ARCH=DIR   programs that eng/publish.sh put into DIR, instead of building them
#
# Sidecar and hook are one static file each. The operator is pushed on .NET's chiseled base; offline it stands on a root of
# Debian's libraries and the .NET runtime from NuGet, which has no shell either. The same input gives the same digest:
# every file has the time SOURCE_DATE_EPOCH, by default that of the last commit. DIR/digests.txt lists what was made.
# Programs for arm64 need Debian's gcc-aarch64-linux-gnu and libc6-dev-arm64-cross on another machine.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=images/oci.sh
. "$here/eng/images/oci.sh"
usage() { sed -n '2,19s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "images.sh: $1" >&2; exit 1; }

mode='' out='' base='' registry=ghcr.io/sysgenid architectures='' images=operator,sidecar,hook
declare -A programs=()
tag=$(sed -n 's/.*<VersionPrefix>\(.*\)<.*/\1/p' "$here/Directory.Build.props")
version=$tag
while [ $# -gt 0 ]; do
  case $1 in
    --push) mode=push; shift; continue ;;
    --offline | --registry | --tag | --arch | --images | --base | --programs) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --offline) mode=offline; mkdir -p "$2"; out=$(cd "$2" && pwd) ;;
    --registry) registry=$2 ;;
    --tag) tag=$2 ;;
    --arch) architectures=$2 ;;
    --images) images=$2 ;;
    --base) base=$2 ;;
    --programs) [ -d "${2#*=}" ] || fail "there is no directory ${2#*=}"; programs[${2%%=*}]=$(cd "${2#*=}" && pwd) ;;
  esac
  shift 2
done
[ -n "$mode" ] || usage
case ,$images, in *,,* | *[!a-z,]*) usage ;; esac
for image in ${images//,/ }; do case $image in operator | sidecar | hook) ;; *) usage ;; esac; done

work=$here/artifacts/images-work
mkdir -p "$work"
[ "$mode" = offline ] || { out=$work/push; mkdir -p "$out"; }
oci_epoch=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}
revision=$(git -C "$here" rev-parse HEAD 2>/dev/null || echo unknown)

# Why programs for an architecture cannot be had here; nothing when they can.
obstacle() {
  [ -z "${programs[$1]:-}" ] || return 0
  local machine tool
  machine=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
  [ "$machine" != "$1" ] || return 0
  [ "$1" = arm64 ] || { echo "a machine of $machine has no toolchain for $1 here"; return; }
  for tool in aarch64-linux-gnu-gcc aarch64-linux-gnu-objcopy; do
    command -v "$tool" >/dev/null || { echo "$tool is missing (packages gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)"; return; }
  done
}

if [ -z "$architectures" ]; then
  for architecture in amd64 arm64; do
    reason=$(obstacle "$architecture")
    if [ -z "$reason" ]; then architectures+="${architectures:+,}$architecture"; else echo "No images for $architecture: $reason." >&2; fi
  done
else
  for architecture in ${architectures//,/ }; do
    case $architecture in amd64 | arm64) ;; *) usage ;; esac
    reason=$(obstacle "$architecture")
    [ -z "$reason" ] || fail "no images for $architecture: $reason"
  done
fi
[ -n "$architectures" ] || fail "no architecture can be built here"

runtime_of() { echo "linux-${1/amd64/x64}"; }

# The directory that has a project's program for an architecture.
programs_of() {
  local architecture=$1 project=$2 options=()
  [ "$project" != SysGenId.Operator ] || options=(--no-self-contained)
  if [ -n "${programs[$architecture]:-}" ]; then echo "${programs[$architecture]}"; return; fi
  local built=$work/programs/$architecture
  echo "publishing $project for $architecture" >&2
  dotnet publish "$here/src/$project" --configuration Release --runtime "$(runtime_of "$architecture")" "${options[@]}" \
    --artifacts-path "$work/build" --output "$built" --nologo --verbosity quiet >&2
  rm -f "$built"/*.xml "$built"/*.dbg "$built"/*.pdb
  echo "$built"
}

labels() {
  printf '"Labels":{"org.opencontainers.image.title":"%s","org.opencontainers.image.description":"%s",' "$1" "$2"
  printf '"org.opencontainers.image.version":"%s","org.opencontainers.image.revision":"%s",' "$version" "$revision"
  printf '"org.opencontainers.image.created":"%s"}' "$(date -u -d "@$oci_epoch" +%Y-%m-%dT%H:%M:%SZ)"
}

# One static file and nothing else.
static_image() {
  local architecture=$1 project=$2 program=$3 description=$4 tree=$work/tree from layer
  rm -rf "$tree"
  mkdir "$tree"
  from=$(programs_of "$architecture" "$project")
  install -m 0755 "$from/$program" "$tree/$program"
  layer=$(oci_layer "$tree")
  oci_image "$architecture" \
    "{\"User\":\"65532:65532\",\"Entrypoint\":[\"/$program\"],\"WorkingDir\":\"/\",$(labels "$program" "$description")}" "$layer"
}

# The shared frameworks as the .NET host looks for them, from the packages that NuGet has for the runtime of an architecture.
put_runtime() {
  local architecture=$1 target=$2 runtime pack name version_of_pack
  runtime=$(runtime_of "$architecture")
  dotnet msbuild "$here/src/SysGenId.Operator" -restore -nologo -t:ResolveFrameworkReferences -p:RuntimeIdentifier="$runtime" \
    -p:SelfContained=true -p:ArtifactsPath="$work/runtime" -getItem:ResolvedRuntimePack |
    sed -n 's/.*"PackageDirectory": "\(.*\)".*/\1/p' >"$work/packs"
  [ "$(wc -l <"$work/packs")" = 2 ] || fail "NuGet has no runtime for $runtime"
  while read -r pack; do
    version_of_pack=$(basename "$pack")
    name=$(cd "$pack/runtimes/$runtime/lib"/* && echo ./*.deps.json | sed 's#^\./##; s#\.deps\.json$##')
    mkdir -p "$target/shared/$name/$version_of_pack"
    cp "$pack/runtimes/$runtime"/lib/*/* "$target/shared/$name/$version_of_pack/"
    [ ! -d "$pack/runtimes/$runtime/native" ] || cp "$pack/runtimes/$runtime"/native/* "$target/shared/$name/$version_of_pack/"
    cp "$pack"/[Ll][Ii][Cc]* "$pack"/[Tt][Hh][Ii]* "$target/shared/$name/"
    [ "$name" = Microsoft.NETCore.App ] || continue
    mkdir -p "$target/host/fxr/$version_of_pack"
    mv "$target/shared/$name/$version_of_pack/libhostfxr.so" "$target/host/fxr/$version_of_pack/"
  done <"$work/packs"
}

# The operator, and beside it what it needs at hand: the hook it installs, and the command line for who execs into the pod.
put_operator() {
  local architecture=$1 target=$2
  mkdir -p "$target"
  local from hook cli
  from=$(programs_of "$architecture" SysGenId.Operator)
  hook=$(programs_of "$architecture" SysGenId.CriuHook)
  cli=$(programs_of "$architecture" SysGenId.Cli)
  # Named one by one: where programs were published for other purposes, too, only these are the operator's.
  (cd "$from" && cp --target-directory "$target" ./*.dll sysgenid-operator sysgenid-operator.*.json)
  install -m 0755 "$hook/sysgenid-criu-hook" "$cli/sysgenid" "$target/"
  find "$target" -name '*.dll' -exec chmod a-x {} +
}

operator_config() {
  printf '{"User":"65532:65532","Entrypoint":["/usr/lib/sysgenid/sysgenid-operator"],"WorkingDir":"/","Env":['
  printf '"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/sysgenid",'
  printf '"SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt","DOTNET_RUNNING_IN_CONTAINER=true","DOTNET_EnableDiagnostics=0"],%s}' \
    "$(labels sysgenid-operator "SysGenId's node agent and controller")"
}

# Layers from what changes seldom to what changes with every version.
operator_image() {
  local architecture=$1 tree=$work/tree root runtime program
  "$here/eng/images/debian-root.sh" "$architecture" "$work/root-$architecture"
  root=$(oci_layer "$work/root-$architecture")
  rm -rf "$tree"
  put_runtime "$architecture" "$tree/usr/share/dotnet"
  runtime=$(oci_layer "$tree")
  rm -rf "$tree"
  put_operator "$architecture" "$tree/usr/lib/sysgenid"
  program=$(oci_layer "$tree")
  oci_image "$architecture" "$(operator_config)" "$root" "$runtime" "$program"
}

image_of() {
  case $1 in
    operator) operator_image "$2" ;;
    sidecar) static_image "$2" SysGenId.Sidecar sysgenid-sidecar "SysGenId's sidecar: serves the system generation to one pod" ;;
    hook) static_image "$2" SysGenId.CriuHook sysgenid-criu-hook "SysGenId's CRIU hook" ;;
  esac
}

write_archive() {
  local image=$1 manifests=() manifest architecture digest
  oci_begin "$work/layout"
  for architecture in ${architectures//,/ }; do
    manifest=$(image_of "$image" "$architecture")
    manifests+=("$manifest")
  done
  digest=$(oci_archive "$out/sysgenid-$image.tar" "$registry/sysgenid-$image" "$tag" "${manifests[@]}")
  rm -rf "$work/layout" "$work/tree"
  printf '%s/sysgenid-%s:%s %s %s %s MiB\n' "$registry" "$image" "$tag" "$digest" "$architectures" \
    "$(awk "BEGIN { printf \"%.1f\", $(stat -c %s "$out/sysgenid-$image.tar") / 1048576 }")"
}

push_operator() {
  local architecture runtime hook cli runtimes=''
  for architecture in ${architectures//,/ }; do
    runtime=$(runtime_of "$architecture")
    runtimes+="${runtimes:+;}$runtime"
    hook=$(programs_of "$architecture" SysGenId.CriuHook)
    cli=$(programs_of "$architecture" SysGenId.Cli)
    mkdir -p "$work/beside/$runtime"
    install -m 0755 "$hook/sysgenid-criu-hook" "$cli/sysgenid" "$work/beside/$runtime/"
  done
  dotnet publish "$here/src/SysGenId.Operator" --configuration Release --artifacts-path "$work/container" --nologo --verbosity quiet \
    -t:PublishContainer "-p:RuntimeIdentifiers=\"$runtimes\"" "-p:ContainerRuntimeIdentifiers=\"$runtimes\"" -p:SelfContained=false \
    -p:ImagePrograms="$work/beside" -p:ContainerRegistry="${registry%%/*}" -p:ContainerRepository="${registry#*/}/sysgenid-operator" \
    -p:ContainerImageTag="$tag" ${base:+-p:ContainerBaseImage="$base"} >&2
  echo "$registry/sysgenid-operator:$tag $architectures"
}

: >"$out/digests.txt"
for image in ${images//,/ }; do
  if [ "$mode" = push ] && [ "$image" = operator ]; then push_operator; continue; fi
  write_archive "$image"
  [ "$mode" = offline ] || skopeo copy --all --quiet "oci-archive:$out/sysgenid-$image.tar" "docker://$registry/sysgenid-$image:$tag"
done | tee -a "$out/digests.txt"
