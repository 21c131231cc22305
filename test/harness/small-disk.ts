import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly path: string
  readonly remove: () => void
}

type Kind = 'tmpfs' | 'tmpfs with few inodes' | 'ext4' | 'ext4 with few inodes'

const MEGABYTES = 96

/** Why no file system can be mounted here, or false. */
const noSmallDisks: string | false =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root on Linux mounts file systems'
    : spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
      ? false
      : 'this machine mounts no file systems'

/** Why there can be no such one here, or false. */
export function noDiskOf(kind: Kind): string | false {
  if (noSmallDisks !== false || !kind.startsWith('ext4')) return noSmallDisks
  return spawnSync('mkfs.ext4', ['-V']).status === 0 ? false : 'there is no mkfs.ext4'
}

/** Mounts one in `folder`. */
export function mountSmallDisk(folder: string, kind: Kind): SmallDisk {
  const path = join(folder, 'disk')
  const image = join(folder, 'image')
  mkdirSync(path)
  const hasFewInodes = kind.endsWith('few inodes')
  if (kind.startsWith('tmpfs')) {
    const inodes = hasFewInodes ? ',nr_inodes=150' : ''
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m${inodes}`, 'tmpfs', path])
  } else {
    execFileSync('truncate', ['-s', `${MEGABYTES}M`, image])
    execFileSync('mkfs.ext4', ['-q', '-m', '0', ...(hasFewInodes ? ['-N', '160'] : []), image])
    execFileSync('mount', ['-o', 'loop', image, path])
  }
  return {
    path,
    remove: () => {
      spawnSync('umount', ['-l', path])
      rmSync(image, { force: true })
    },
  }
}
