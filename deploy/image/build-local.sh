#!/bin/sh
# Builds the image where no image registry can be reached, on base images made of Debian's packages and the Node that runs this checkout:
#   deploy/image/build-local.sh [FOLDER]     default FOLDER: .data/image, which gets bases and storage
# Needs root, buildah and mmdebstrap (both of Debian), and npm's registry. The result, localhost/cpor, is for checks of the Dockerfile and of what
# the image contains. Releases are built on the pinned bases of the Dockerfile.
set -eu
folder=$(realpath -m "${1:-.data/image}")
suite=trixie
mirror=http://deb.debian.org/debian
buildah="buildah --root $folder/storage --runroot $folder/run --storage-driver vfs"
node=$(node -p process.execPath)
npm=$(dirname "$(dirname "$(realpath "$(command -v npm)")")")
mkdir -p "$folder"

bootstrap() { # variant, packages, archive
  [ -s "$3" ] || mmdebstrap --quiet --variant="$1" --include="$2" "$suite" "$3.new" "$mirror" --format=tar
  [ -s "$3" ] || mv "$3.new" "$3"
}
bootstrap apt ca-certificates "$folder/build.tar"
bootstrap extract base-files,libc6,libgcc-s1,libstdc++6,tzdata "$folder/runtime.tar"

base() { # name, archive, where Node goes
  $buildah images --quiet "localhost/$1" >/dev/null 2>&1 && return
  container=$($buildah from scratch)
  $buildah add --quiet "$container" "$2" / >/dev/null
  $buildah add --quiet --chmod 755 "$container" "$node" "$3" >/dev/null
  [ "$1" != cpor-build-base ] || {
    $buildah add --quiet "$container" "$npm" /usr/local/lib/node_modules/npm >/dev/null
    $buildah add --quiet --chmod 755 "$container" deploy/image/npm.local.sh /usr/local/bin/npm >/dev/null
    $buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
  }
  $buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  $buildah commit --quiet --rm "$container" "localhost/$1" >/dev/null
}
base cpor-build-base "$folder/build.tar" /usr/local/bin/node
base cpor-runtime-base "$folder/runtime.tar" /nodejs/bin/node

# npm's settings and certificates of this machine, for the time of the build only.
set -- --volume /etc/ssl/certs:/etc/ssl/certs:ro
[ ! -f "$HOME/.npmrc" ] || set -- "$@" --volume "$HOME/.npmrc:/root/.npmrc:ro"

$buildah bud --isolation chroot --format docker --layers --file deploy/image/Dockerfile --tag localhost/cpor "$@" \
  --build-arg BUILD_BASE=localhost/cpor-build-base --build-arg RUNTIME_BASE=localhost/cpor-runtime-base \
  --build-arg VERSION="$(node -p 'require("./package.json").version')" \
  --build-arg REVISION="$(git rev-parse HEAD)" --build-arg CREATED="$(git log -1 --format=%cI)" .

# The root file system, to look at and to try: node deploy/image/try-rootfs.mjs.
container=$($buildah from localhost/cpor)
rm -rf "$folder/rootfs"
cp -a "$($buildah mount "$container")" "$folder/rootfs"
$buildah umount "$container" >/dev/null
$buildah rm "$container" >/dev/null
du -sm "$folder/rootfs" "$folder/rootfs/app" "$folder/rootfs/nodejs"
