import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly path: string
  readonly remove: () => void
}

type Kind =
  | 'tmpfs'
  | 'tmpfs with few inodes'
  | 'ext4'
  | 'ext4 with few inodes'
  | 'xfs'
  | 'btrfs'
  | 'btrfs with a quota'

/** What is the least that each kind takes, or little. */
const MEGABYTES = { tmpfs: 96, ext4: 96, xfs: 320, btrfs: 256 } as const
const QUOTA_MEGABYTES = 96

const familyOf = (kind: Kind): keyof typeof MEGABYTES => {
  const [family] = kind.split(' ') as [keyof typeof MEGABYTES]
  return family
}

/** Why no file system can be mounted here, or false. */
const noSmallDisks: string | false =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root on Linux mounts file systems'
    : spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
      ? false
      : 'this machine mounts no file systems'

/** Why there can be no such one here, or false. */
export function noDiskOf(kind: Kind): string | false {
  const family = familyOf(kind)
  if (noSmallDisks !== false || family === 'tmpfs') return noSmallDisks
  if (spawnSync(`mkfs.${family}`, ['-V']).error) return `there is no mkfs.${family}`
  return readFileSync('/proc/filesystems', 'utf8').includes(`\t${family}\n`)
    ? false
    : `this machine knows no ${family}`
}

/** Mounts one in `folder`, of so many megabytes where its kind can be as small. */
export function mountSmallDisk(folder: string, kind: Kind, megabytes?: number): SmallDisk {
  const path = join(folder, 'disk')
  const image = join(folder, 'image')
  mkdirSync(path)
  const family = familyOf(kind)
  const hasFewInodes = kind.endsWith('few inodes')
  const size = `${family === 'tmpfs' || family === 'ext4' ? (megabytes ?? MEGABYTES[family]) : MEGABYTES[family]}m`
  if (family === 'tmpfs') {
    const inodes = hasFewInodes ? ',nr_inodes=150' : ''
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}${inodes}`, 'tmpfs', path])
  } else {
    execFileSync('truncate', ['-s', size.toUpperCase(), image])
    // Nothing of it is kept for root.
    const options = family === 'ext4' ? ['-m', '0', ...(hasFewInodes ? ['-N', '160'] : [])] : []
    execFileSync(`mkfs.${family}`, ['-q', ...options, image], { stdio: 'ignore' })
    execFileSync('mount', ['-o', 'loop', image, path])
  }
  if (kind === 'btrfs with a quota') {
    execFileSync('btrfs', ['quota', 'enable', path])
    execFileSync('btrfs', ['qgroup', 'limit', `${QUOTA_MEGABYTES}M`, '0/5', path])
  }
  return {
    path,
    remove: () => {
      spawnSync('umount', ['-l', path])
      rmSync(image, { force: true })
    },
  }
}
