#!/bin/sh
# What a container is given: $1 the root, filled with what the recipe copies; a read-only one, a volume, an own process 1.
# $2 and $3 are Python's environment and its base, $4 the port; started by `unshare --mount --pid --fork`.
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
for folder in usr lib lib64 bin etc; do
  [ -d "/$folder" ] || continue
  mkdir -p "$1/$folder"
  mount --bind "/$folder" "$1/$folder"
  mount -o remount,bind,ro "$1/$folder"
done
mkdir -p "$1/proc" "$1/dev" "$1/tmp" "$1/data"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount -t tmpfs -o mode=0700,uid=65534,gid=65534 tmpfs "$1/data"
for folder in "$2" "$3"; do  # after /tmp, in which they may be
  mkdir -p "$1$folder"
  mount --bind "$folder" "$1$folder"
done
mount -o remount,bind,ro "$1"
cd "$1"
exec chroot --userspec=65534:65534 . /usr/bin/env -i "PATH=$2/bin:/usr/bin:/bin" HOME=/nonexistent \
  /bin/sh -c "cd /opt/siderostat && exec python -m infra.local serve --data /data --host 0.0.0.0 --port $4"
