import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SeededRandom } from '../../seeded-random.ts'
import type { LogEntry } from './disk-log.ts'

/** What a disk keeps or loses of a write as one. */
const SECTOR_BYTES = 512

/** A file: its bytes as they surely are, before what is in the log. */
interface FileNode {
  readonly kind: 'file'
  bytes: Buffer
}

interface FolderNode {
  readonly kind: 'folder'
  readonly names: Map<string, Node>
}

type Node = FileNode | FolderNode

/** A call, and whether a sync made sure of it. */
interface Deed {
  readonly apply: (keeps: () => boolean) => void
  /** What has to be synced for it: a file for its bytes, a folder for its names. */
  readonly of: readonly Node[]
  isSure: boolean
}

/** How a loss of power treats what was not synced: all of it goes, all stays, each piece by chance, or the last pieces stay while earlier ones go. */
export const LOSSES = ['lost', 'kept', 'mixed', 'reordered'] as const
type Loss = (typeof LOSSES)[number]

/** A folder as it is on the disk at a moment when all of it is synced. */
export class SyncedFolder {
  readonly #root: FolderNode
  readonly #path: string
  readonly #byInode = new Map<number, FileNode>()

  constructor(path: string) {
    this.#path = path
    this.#root = this.#read(path)
  }

  #read(path: string): FolderNode {
    const names = new Map<string, Node>()
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const place = join(path, entry.name)
      if (entry.isDirectory()) names.set(entry.name, this.#read(place))
      else if (entry.isFile()) {
        const file: FileNode = { kind: 'file', bytes: readFileSync(place) }
        this.#byInode.set(lstatSync(place).ino, file)
        names.set(entry.name, file)
      }
    }
    return { kind: 'folder', names }
  }

  /**
   * What a loss of power after these calls leaves, written to `target`, an empty folder. `isLie` says of which paths a sync does nothing, though it is answered. To be
   * called once. Gives how many calls were sure and how many were not.
   */
  loseTo(
    target: string,
    options: {
      readonly entries: readonly LogEntry[]
      readonly random: SeededRandom
      readonly loss: Loss
      readonly isLie?: (path: string) => boolean
    },
  ): { readonly sure: number; readonly unsure: number } {
    const deeds = this.#deedsOf(options.entries, options.isLie ?? (() => false))
    const unsure = deeds.filter(({ isSure }) => !isSure)
    const lastKept = new Set(unsure.slice(Math.floor(unsure.length * 0.7)))
    for (const deed of deeds) {
      const { loss, random } = options
      const keeps = (): boolean => {
        if (deed.isSure || loss === 'kept') return true
        if (loss === 'lost') return false
        return loss === 'reordered' ? lastKept.has(deed) : random.below(2) === 0
      }
      deed.apply(keeps)
    }
    write(this.#root, target)
    return { sure: deeds.length - unsure.length, unsure: unsure.length }
  }

  /** The calls as deeds, in order. Paths mean what they meant when the call was made; which names a crash leaves is another matter. */
  #deedsOf(entries: readonly LogEntry[], isLie: (path: string) => boolean): Deed[] {
    const live = new LiveNames(this.#root)
    const byInode = new Map(this.#byInode)
    const deeds: Deed[] = []
    const syncs = new Map<number, { readonly node: Node; readonly before: number }>()
    const note = (of: readonly Node[], apply: Deed['apply'], isSure = false): void => {
      deeds.push({ of, apply, isSure })
    }
    for (const entry of entries) {
      switch (entry.kind) {
        case 'write': {
          const file = byInode.get(entry.inode)
          if (file) note([file], (keeps) => writeSectors(file, entry, keeps), entry.isDurable)
          break
        }
        case 'truncate': {
          const file = byInode.get(entry.inode)
          if (file) note([file], (keeps) => keeps() && resize(file, entry.length))
          break
        }
        case 'create':
        case 'make-folder': {
          const node: Node =
            entry.kind === 'create'
              ? { kind: 'file', bytes: Buffer.alloc(0) }
              : { kind: 'folder', names: new Map() }
          if (entry.kind === 'create' && node.kind === 'file') byInode.set(entry.inode, node)
          const folder = live.folderOf(this.#relative(entry.path))
          const name = basename(entry.path)
          live.set(folder, name, node)
          note([folder], (keeps) => keeps() && folder.names.set(name, node))
          break
        }
        case 'rename':
        case 'link': {
          const [from, to] = [
            live.folderOf(this.#relative(entry.from)),
            live.folderOf(this.#relative(entry.to)),
          ]
          const [before, after] = [basename(entry.from), basename(entry.to)]
          const node = live.get(from, before)
          if (!node) throw new Error(`${entry.from} got another name, and nobody made it`)
          const isMoved = entry.kind === 'rename'
          if (isMoved) live.set(from, before, null)
          live.set(to, after, node)
          note([from, to], (keeps) => {
            if (!keeps()) return
            if (isMoved && from.names.get(before) === node) from.names.delete(before)
            to.names.set(after, node)
          })
          break
        }
        case 'remove': {
          const folder = live.folderOf(this.#relative(entry.path))
          const name = basename(entry.path)
          const node = live.get(folder, name)
          live.set(folder, name, null)
          note([folder], (keeps) => {
            if (keeps() && folder.names.get(name) === node) folder.names.delete(name)
          })
          break
        }
        case 'sync': {
          // A folder may have the inode that a file had that is gone.
          const node = live.folder(this.#relative(entry.path)) ?? byInode.get(entry.inode)
          if (node && !isLie(entry.path)) syncs.set(entry.number, { node, before: deeds.length })
          break
        }
        case 'synced': {
          const sync = syncs.get(entry.number)
          if (!sync) break
          for (const deed of deeds.slice(0, sync.before)) deed.isSure ||= deed.of.includes(sync.node)
          syncs.delete(entry.number)
        }
      }
    }
    return deeds
  }

  #relative(path: string): string {
    return path.slice(this.#path.length + 1)
  }
}

/** The names as the program saw them. */
class LiveNames {
  readonly #root: FolderNode
  readonly #names = new Map<FolderNode, Map<string, Node>>()

  constructor(root: FolderNode) {
    this.#root = root
  }

  /** The folder in which a path lies. */
  folderOf(path: string): FolderNode {
    const folder = this.folder(dirname(path))
    if (!folder) throw new Error(`${path} lies in no folder that is known`)
    return folder
  }

  folder(path: string): FolderNode | null {
    let folder = this.#root
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue
      const next = this.get(folder, name)
      if (next?.kind !== 'folder') return null
      folder = next
    }
    return folder
  }

  get(folder: FolderNode, name: string): Node | undefined {
    return this.#of(folder).get(name)
  }

  set(folder: FolderNode, name: string, node: Node | null): void {
    if (node) this.#of(folder).set(name, node)
    else this.#of(folder).delete(name)
  }

  #of(folder: FolderNode): Map<string, Node> {
    const known = this.#names.get(folder) ?? new Map(folder.names)
    this.#names.set(folder, known)
    return known
  }
}

function writeSectors(
  file: FileNode,
  { at, bytes }: { readonly at: number; readonly bytes: Buffer },
  keeps: () => boolean,
): void {
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES))
    if (keeps()) {
      if (file.bytes.length < at + to) resize(file, at + to)
      bytes.copy(file.bytes, at + from, from, to)
    }
    from = to
  }
}

function resize(file: FileNode, length: number): void {
  if (length <= file.bytes.length) {
    file.bytes = Buffer.from(file.bytes.subarray(0, length))
    return
  }
  const longer = Buffer.alloc(length)
  file.bytes.copy(longer)
  file.bytes = longer
}

function write(folder: FolderNode, path: string): void {
  for (const [name, node] of folder.names) {
    const place = join(path, name)
    if (node.kind === 'file') writeFileSync(place, node.bytes, { mode: 0o600 })
    else {
      mkdirSync(place, { mode: 0o700 })
      write(node, place)
    }
  }
}
