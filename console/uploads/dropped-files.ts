import { ApiError } from '../api/api-error.ts'
import type { FileForKey } from './upload-queue.ts'

/** More are not taken at once: each is kept in memory until it is done. */
export const FILES_MAX = 100_000

const tooManyFiles = (): ApiError => new ApiError('TooManyFiles', '')

/** Files that were dropped, folders with all that is in them; keys are their paths, as names of objects. Throws DOMException when one cannot be read, and ApiError when there are more than {@link FILES_MAX}. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly FileForKey[]> {
  // The list is empty once this task is over, so all entries are taken first.
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    return entry ? [entry] : []
  })
  const files: FileForKey[] = []
  for (const entry of entries) await collect(entry, '', files)
  return files
}

/** Files of an input element: with `webkitdirectory` they know their place in the folder. Throws ApiError when there are more than {@link FILES_MAX}. */
export function chosenFiles(list: ArrayLike<File>): readonly FileForKey[] {
  if (list.length > FILES_MAX) throw tooManyFiles()
  return Array.from(list, (file) => ({
    file,
    key: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
  }))
}

async function collect(entry: FileSystemEntry, folder: string, files: FileForKey[]): Promise<void> {
  if (files.length >= FILES_MAX) throw tooManyFiles()
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    files.push({ file, key: `${folder}${entry.name}` })
    return
  }
  if (!isFolder(entry)) return
  const reader = entry.createReader()
  for (;;) {
    const page = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (page.length === 0) return
    for (const each of page) await collect(each, `${folder}${entry.name}/`, files)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
