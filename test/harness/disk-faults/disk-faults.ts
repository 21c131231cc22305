import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

const SOURCE = new URL('faults.c', import.meta.url).pathname

/** A call of a file that fails: see faults.c for what the calls are. */
export interface DiskFault {
  readonly call: 'write' | 'point' | 'sync' | 'read' | 'open' | 'direct' | 'hang'
  /** Part of the path. */
  readonly path: string
  readonly error: keyof typeof constants.errno
  /** So many calls go through first; 0 when absent. */
  readonly after?: number
  /** So many fail; all when absent. */
  readonly times?: number
}

/** Lets chosen calls of programs fail that are started with its environment. */
export interface DiskFaults {
  readonly environment: Readonly<Record<string, string>>
  /** From now on these calls fail, and no others. */
  readonly set: (...faults: readonly DiskFault[]) => void
  /** Whether some call hung. */
  readonly hasHung: () => boolean
}

/** Why faults cannot be planted here, or false. */
export const noDiskFaults: string | false =
  process.platform !== 'linux'
    ? 'faults of disks are planted on Linux alone'
    : spawnSync('gcc', ['--version']).status === 0
      ? false
      : 'there is no gcc to build the library that plants faults'

/** Builds the library in `folder`, a temporary one. */
export function buildDiskFaults(folder: string): DiskFaults {
  const library = join(folder, 'faults.so')
  const control = join(folder, 'faults')
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl', '-lpthread'])
  if (built.status !== 0) throw new Error(`gcc: ${built.stderr.toString()}`)
  let sets = 0
  const set = (...faults: readonly DiskFault[]): void => {
    const lines = faults.map(({ call, path, error, after = 0, times = -1 }) =>
      [call, path, constants.errno[error], after, times].join(' '),
    )
    // The first line makes each setting another one: each process counts anew. Put in place at once, for a reader sees the old one or the new one.
    writeFileSync(`${control}.next`, [`set ${++sets}`, ...lines, ''].join('\n'))
    renameSync(`${control}.next`, control)
  }
  set()
  const hasHung = (): boolean => existsSync(`${control}.hung`)
  return { environment: { LD_PRELOAD: library, DISK_FAULTS: control }, set, hasHung }
}
