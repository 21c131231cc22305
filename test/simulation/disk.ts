import { constants } from 'node:os'
import type { Timeline } from './timeline.ts'

const SECTOR_BYTES = 512

/** An error as the system gives it. */
function systemError(code: keyof typeof constants.errno, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), {
    code,
    errno: -constants.errno[code],
    syscall,
    path,
  })
}

/** A call of the disk that fails, by words as in `test/harness/disk-faults`. */
export interface PlantedFault {
  readonly call: 'read' | 'write' | 'sync' | 'name'
  /** Part of the path. */
  readonly part: string
  readonly code: keyof typeof constants.errno
  /** So many calls go through first. */
  after: number
  /** So many fail. */
  times: number
}

/** Bytes that were written, or a length that was cut, and that no sync has made certain yet. */
type Unsynced =
  | { readonly type: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly type: 'cut'; readonly length: number }

/** Bytes that grow and are written over in place. */
class Content {
  #memory: Buffer
  length: number

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#memory = Buffer.from(bytes)
    this.length = bytes.length
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.length)
  }

  apply(piece: Unsynced): void {
    if (piece.type === 'cut') {
      if (piece.length < this.length) this.#memory.fill(0, piece.length, this.length)
      this.length = Math.min(this.length, piece.length)
      return
    }
    const end = piece.at + piece.bytes.length
    if (end > this.#memory.length) {
      const larger = Buffer.alloc(2 * end)
      this.bytes.copy(larger)
      this.#memory = larger
    }
    this.length = Math.max(this.length, end)
    piece.bytes.copy(this.#memory, piece.at)
  }
}

class StoredFile {
  /** As it is seen, and as a power loss leaves it. */
  seen = new Content()
  readonly durable = new Content()
  unsynced: Unsynced[] = []
  /** A sync of these failed: the system takes them for written, and no later sync writes them. */
  doubtful: Unsynced[] = []
  changedAtMs = 0
}

class StoredFolder {
  readonly entries = new Map<string, StoredNode>()
  durable = new Map<string, StoredNode>()
  changedAtMs = 0
  /** How many syncs of it failed. */
  failures = 0
}

/** A folder as a process has it open: it is told once of each failure since then. */
interface HeldFolder {
  readonly folder: StoredFolder
  failuresTold: number
}

type StoredNode = StoredFile | StoredFolder

/** A name that came, went or moved: what changes where, all at once. */
interface NameChange {
  readonly changes: readonly {
    readonly folder: StoredFolder
    readonly name: string
    readonly node: StoredNode | null
  }[]
  isDoubtful: boolean
}

/**
 * A disk and the system's memory of it. What was written is seen at once by every process; what was not synced is lost, torn or kept, each piece for itself,
 * when the power goes. Calls fail where faults are planted, and where the room is used up.
 */
export class SimulatedDisk {
  readonly timeline: Timeline
  faults: PlantedFault[] = []
  /** Bytes of all files at most; what is kept for deletions comes on top. */
  roomBytes = Infinity
  #root = new StoredFolder()
  #names: NameChange[] = []

  constructor(timeline: Timeline) {
    this.timeline = timeline
  }

  get usedBytes(): number {
    let bytes = 0
    for (const [, file] of this.files()) bytes += file.seen.length
    return bytes
  }

  exists(path: string): boolean {
    return this.#find(path) !== null
  }

  mkdir(path: string): void {
    this.#fail('name', path, 'mkdir')
    const [folder, name] = this.#place(path, 'mkdir')
    if (folder.entries.has(name)) throw systemError('EEXIST', 'mkdir', path)
    this.#change([{ folder, name, node: new StoredFolder() }])
  }

  create(path: string): void {
    this.#fail('name', path, 'open')
    const [folder, name] = this.#place(path, 'open')
    if (folder.entries.has(name)) throw systemError('EEXIST', 'open', path)
    const file = new StoredFile()
    file.changedAtMs = this.timeline.nowMs
    this.#change([{ folder, name, node: file }])
  }

  rename(from: string, to: string): void {
    this.#fail('name', from, 'rename')
    const [folder, name] = this.#place(from, 'rename')
    const node = folder.entries.get(name)
    if (!node) throw systemError('ENOENT', 'rename', from)
    const [target, targetName] = this.#place(to, 'rename')
    this.#change([
      { folder, name, node: null },
      { folder: target, name: targetName, node },
    ])
  }

  unlink(path: string): void {
    this.#fail('name', path, 'unlink')
    const [folder, name] = this.#place(path, 'unlink')
    if (!(folder.entries.get(name) instanceof StoredFile)) throw systemError('ENOENT', 'unlink', path)
    this.#change([{ folder, name, node: null }])
  }

  rmdir(path: string): void {
    this.#fail('name', path, 'rmdir')
    const [folder, name] = this.#place(path, 'rmdir')
    const node = folder.entries.get(name)
    if (!(node instanceof StoredFolder)) throw systemError('ENOENT', 'rmdir', path)
    if (node.entries.size > 0) throw systemError('ENOTEMPTY', 'rmdir', path)
    this.#change([{ folder, name, node: null }])
  }

  /** As `rm -rf`. */
  remove(path: string): void {
    const node = this.#find(path)
    if (!node) return
    this.#fail('name', path, 'rm')
    const [folder, name] = this.#place(path, 'rm')
    this.#change([{ folder, name, node: null }])
  }

  readdir(path: string): string[] {
    this.#fail('read', path, 'scandir')
    return [...this.#folder(path, 'scandir').entries.keys()]
  }

  stat(path: string): { size: number; mtimeMs: number } {
    const node = this.#find(path)
    if (!node) throw systemError('ENOENT', 'stat', path)
    return { size: node instanceof StoredFile ? node.seen.length : 4_096, mtimeMs: node.changedAtMs }
  }

  touch(path: string): void {
    const node = this.#find(path)
    if (!node) throw systemError('ENOENT', 'utime', path)
    node.changedAtMs = this.timeline.nowMs
  }

  /** Of a file that may have lost its name since it was opened. */
  open(path: string): StoredFile {
    const node = this.#find(path)
    if (!(node instanceof StoredFile)) throw systemError('ENOENT', 'open', path)
    return node
  }

  read(path: string, file: StoredFile, at: number, length: number): Buffer {
    this.#fail('read', path, 'read')
    return Buffer.from(file.seen.bytes.subarray(at, at + length))
  }

  /** `reserve`: bytes beyond the room that this write may use. */
  write(path: string, file: StoredFile, at: number, bytes: Uint8Array, reserve = 0): void {
    this.#fail('write', path, 'write')
    const more = Math.max(0, at + bytes.length - file.seen.length)
    if (this.roomBytes < Infinity && more > 0 && this.usedBytes + more > this.roomBytes + reserve)
      throw systemError('ENOSPC', 'write', path)
    const piece = { type: 'write', at, bytes: Buffer.from(bytes) } as const
    file.seen.apply(piece)
    file.unsynced.push(piece)
  }

  cut(path: string, file: StoredFile, length: number): void {
    this.#fail('write', path, 'ftruncate')
    const piece = { type: 'cut', length } as const
    file.seen.apply(piece)
    file.unsynced.push(piece)
  }

  /** Changes bits of a byte, as seen and as stored. */
  rot(file: StoredFile, at: number, bits: number): void {
    for (const content of [file.seen, file.durable]) {
      const byte = content.bytes[at]
      if (byte !== undefined) content.apply({ type: 'write', at, bytes: Buffer.from([byte ^ bits]) })
    }
  }

  /** Throws as a sync that failed; what it was to write is then in doubt for good. */
  sync(path: string, file: StoredFile): void {
    try {
      this.#fail('sync', path, 'fdatasync')
    } catch (error) {
      file.doubtful.push(...file.unsynced)
      file.unsynced = []
      throw error
    }
    if (file.doubtful.length > 0) {
      // A part of what lies below may be lost; what was written later is there.
      this.#keepSome(file.durable, file.doubtful, 50)
      file.doubtful = []
    }
    for (const piece of file.unsynced) file.durable.apply(piece)
    file.unsynced = []
  }

  openFolder(path: string): HeldFolder {
    const folder = this.#folder(path, 'open')
    return { folder, failuresTold: folder.failures }
  }

  isFolderAt(path: string, { folder }: HeldFolder): boolean {
    return this.#find(path) === folder
  }

  /**
   * As {@link sync}; in doubt are all names of the folder, whoever made them. Each who has it open hears of that once, by a sync that fails; who opens it later does not.
   */
  syncFolder(path: string, held = this.openFolder(path)): void {
    const { folder } = held
    const isOfFolder = ({ changes }: NameChange): boolean =>
      changes.some((change) => change.folder === folder)
    try {
      this.#fail('sync', path, 'fsync')
    } catch (error) {
      for (const name of this.#names) if (isOfFolder(name)) name.isDoubtful = true
      held.failuresTold = ++folder.failures
      throw error
    }
    if (held.failuresTold < folder.failures) {
      held.failuresTold = folder.failures
      throw systemError('EIO', 'fsync', path)
    }
    const isSynced = (name: NameChange): boolean => !name.isDoubtful && isOfFolder(name)
    for (const name of this.#names) if (isSynced(name)) applyNames(name)
    // What was in doubt is no longer where a later change of the same name is certain.
    const isCertain = ({ changes }: NameChange, at: number): boolean =>
      changes.some(({ folder: where, name }) =>
        this.#names.some(
          (later, place) =>
            place > at &&
            isSynced(later) &&
            later.changes.some((of) => of.folder === where && of.name === name),
        ),
      )
    this.#names = this.#names.filter(
      (name, at) => !isSynced(name) && !(name.isDoubtful && isCertain(name, at)),
    )
  }

  /** Power is lost: of what was not synced each piece is kept, torn or lost. */
  losePower(): void {
    const keptPercent = this.timeline.random.oneOf([0, 20, 50, 80, 100])
    for (const name of this.#names) if (this.timeline.chance(keptPercent)) applyNames(name)
    this.#names = []
    this.#settle(this.#root, keptPercent, new Set())
  }

  /** Every file by its path, as it is seen now. */
  *files(folder = this.#root, path = ''): Generator<[string, StoredFile]> {
    for (const [name, node] of folder.entries) {
      if (node instanceof StoredFile) yield [`${path}/${name}`, node]
      else yield* this.files(node, `${path}/${name}`)
    }
  }

  #settle(folder: StoredFolder, keptPercent: number, seen: Set<StoredNode>): void {
    folder.entries.clear()
    for (const [name, node] of folder.durable) {
      folder.entries.set(name, node)
      if (seen.has(node)) continue
      seen.add(node)
      if (node instanceof StoredFolder) this.#settle(node, keptPercent, seen)
      else {
        this.#keepSome(node.durable, [...node.doubtful, ...node.unsynced], keptPercent)
        node.seen = new Content(node.durable.bytes)
        node.unsynced = []
        node.doubtful = []
      }
    }
  }

  /** Applies those pieces that a power loss leaves, sector by sector. */
  #keepSome(content: Content, pieces: readonly Unsynced[], keptPercent: number): void {
    for (const piece of pieces) {
      if (piece.type === 'cut') {
        if (this.timeline.chance(keptPercent)) content.apply(piece)
        continue
      }
      for (let at = 0; at < piece.bytes.length;) {
        const length = Math.min(SECTOR_BYTES - ((piece.at + at) % SECTOR_BYTES), piece.bytes.length - at)
        const bytes = piece.bytes.subarray(at, at + length)
        if (this.timeline.chance(keptPercent)) content.apply({ type: 'write', at: piece.at + at, bytes })
        at += length
      }
    }
  }

  #change(changes: NameChange['changes']): void {
    for (const { folder, name, node } of changes) {
      if (node) folder.entries.set(name, node)
      else folder.entries.delete(name)
      folder.changedAtMs = this.timeline.nowMs
    }
    this.#names.push({ changes, isDoubtful: false })
  }

  #find(path: string): StoredNode | null {
    let node: StoredNode = this.#root
    for (const name of path.split('/')) {
      if (name === '') continue
      const next: StoredNode | undefined = node instanceof StoredFolder ? node.entries.get(name) : undefined
      if (!next) return null
      node = next
    }
    return node
  }

  #folder(path: string, syscall: string): StoredFolder {
    const node = this.#find(path)
    if (!(node instanceof StoredFolder)) throw systemError('ENOENT', syscall, path)
    return node
  }

  #place(path: string, syscall: string): [StoredFolder, string] {
    const at = path.lastIndexOf('/')
    return [this.#folder(path.slice(0, at), syscall), path.slice(at + 1)]
  }

  #fail(call: PlantedFault['call'], path: string, syscall: string): void {
    for (const fault of this.faults) {
      if (fault.call !== call || fault.times === 0 || !path.includes(fault.part)) continue
      if (fault.after > 0) {
        fault.after--
        continue
      }
      fault.times--
      throw systemError(fault.code, syscall, path)
    }
  }
}

function applyNames({ changes }: NameChange): void {
  for (const { folder, name, node } of changes) {
    if (node) folder.durable.set(name, node)
    else folder.durable.delete(name)
  }
}
