# To be sourced: writes OCI images with tar, gzip and sha256sum, so that the same files give the same bytes on every machine.
#
#   oci_begin DIR                              an empty layout; oci_epoch: seconds since 1970 of every file and image
#   oci_layer DIR                              packs a tree; prints its diff id and descriptor
#   oci_image ARCHITECTURE CONFIG LAYER...     an image of layers; prints its descriptor. CONFIG: JSON of the image's config
#   oci_archive FILE NAME TAG IMAGE...         an index of images, one for each architecture; prints its digest

oci_begin() {
  oci_directory=$1
  rm -rf "$oci_directory"
  mkdir -p "$oci_directory/blobs/sha256"
}

# Everything belongs to root; what was executable is so for all.
oci_layer() {
  local tree=$1 plain compressed diff
  plain=$(mktemp -p "$oci_directory") compressed=$(mktemp -p "$oci_directory")
  chmod -R u=rwX,go=rX "$tree"
  [ ! -d "$tree/tmp" ] || chmod 1777 "$tree/tmp"
  oci_tar "$tree" . >"$plain"
  diff=$(sha256sum <"$plain" | cut -d' ' -f1)
  gzip -n -6 <"$plain" >"$compressed"
  rm "$plain"
  echo "sha256:$diff $(oci_blob "$compressed" application/vnd.oci.image.layer.v1.tar+gzip)"
}

oci_tar() {
  tar --create --directory "$1" --format gnu --sort name --mtime "@$oci_epoch" --owner 0 --group 0 --numeric-owner "${@:2}"
}

oci_blob() {
  local digest size
  digest=$(sha256sum <"$1" | cut -d' ' -f1) size=$(stat -c %s "$1")
  mv "$1" "$oci_directory/blobs/sha256/$digest"
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$2" "$digest" "$size"
}

oci_json() {
  local file
  file=$(mktemp -p "$oci_directory")
  printf '%s' "$2" >"$file"
  oci_blob "$file" "$1"
}

oci_image() {
  local architecture=$1 config=$2 layer diffs='' layers='' platform=''
  for layer in "${@:3}"; do
    diffs+="${diffs:+,}\"${layer%% *}\""
    layers+="${layers:+,}${layer#* }"
  done
  [ "$architecture" != arm64 ] || platform=',"variant":"v8"'
  local created
  created=$(date -u -d "@$oci_epoch" +%Y-%m-%dT%H:%M:%SZ)
  config=$(oci_json application/vnd.oci.image.config.v1+json \
    "{\"created\":\"$created\",\"architecture\":\"$architecture\"$platform,\"os\":\"linux\",\"config\":$config,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[$diffs]}}")
  local manifest
  manifest=$(oci_json application/vnd.oci.image.manifest.v1+json \
    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":$config,\"layers\":[$layers]}")
  echo "${manifest%\}},\"platform\":{\"architecture\":\"$architecture\",\"os\":\"linux\"$platform}}"
}

oci_archive() {
  local file=$1 name=$2 tag=$3 manifests index
  manifests=$(IFS=,; echo "${*:4}")
  index=$(oci_json application/vnd.oci.image.index.v1+json \
    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[$manifests]}")
  printf '{"imageLayoutVersion":"1.0.0"}' >"$oci_directory/oci-layout"
  # The first annotation is the standard's; by the second containerd names what it imports.
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s,"annotations":{%s,%s}}]}' "${index%\}}" \
    "\"org.opencontainers.image.ref.name\":\"$tag\"" "\"io.containerd.image.name\":\"$name:$tag\"" >"$oci_directory/index.json"
  chmod -R u=rwX,go=rX "$oci_directory"
  oci_tar "$oci_directory" oci-layout index.json blobs >"$file"
  echo "$index" | sed 's/.*"digest":"\([^"]*\)".*/\1/'
}
