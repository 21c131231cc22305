import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { UsageError } from '../usage-error.ts'
import { listObjects } from './list-objects.ts'
import { filesBelow } from './local-files.ts'
import { lastName, pathBelow } from './local-names.ts'
import { ObjectError } from './object-error.ts'
import { placeText, readPlace } from './place.ts'
import type { ObjectPlace, Place } from './place.ts'
import { folderPrefix } from './rm.ts'
import type { ObjectRun } from './run-context.ts'

/** One thing that cp or mv does. */
export type Transfer =
  | {
      readonly kind: 'upload'
      /** A file, something without a size (a pipe, a device), or standard input. */
      readonly from: { readonly path: string; readonly sizeBytes: number | undefined } | '-'
      readonly target: ObjectPlace
    }
  /** `target` is a path, or `-` for standard output. */
  | { readonly kind: 'download'; readonly from: ObjectPlace; readonly target: string }
  | {
      readonly kind: 'copy'
      readonly from: ObjectPlace & { readonly sizeBytes: number }
      readonly target: ObjectPlace
    }
  /** An empty object whose key ends with a slash, which stands for a folder. */
  | { readonly kind: 'folder'; readonly from: ObjectPlace; readonly target: string }
  /** An object that may not become the file that its key asks for. */
  | { readonly kind: 'refused'; readonly from: ObjectPlace; readonly target: string; readonly error: Error }
  /** What stands in a folder and cannot be uploaded. */
  | { readonly kind: 'problem'; readonly source: string; readonly why: string }

/** What a command line of cp or mv asks for. @throws UsageError where its words do not go together */
export async function transfersOf(run: ObjectRun, isMove: boolean): Promise<AsyncIterable<Transfer>> {
  const { options, words } = run
  const [source, target] = [readPlace(words[0] ?? ''), readPlace(words[1] ?? '')]
  if (source.kind !== 'object' && target.kind !== 'object')
    throw new UsageError(`one of ${placeText(source)} and ${placeText(target)} must be s3://BUCKET/KEY`)
  const isStream = source.kind === 'stream' || target.kind === 'stream'
  if (isMove && isStream) throw new UsageError('what comes from or goes to - cannot be moved; use cp')
  if (isStream && options.has('recursive'))
    throw new UsageError('- is one body, so it goes without --recursive')
  if (target.kind === 'stream' && options.has('json'))
    throw new UsageError('--json and - would both write to standard output')
  if (source.kind === 'object' && target.kind === 'object') checkDiffer(source, target, isMove)
  return options.has('recursive') ? manyTransfers(run, source, target) : oneTransfer(run, source, target)
}

function checkDiffer(source: ObjectPlace, target: ObjectPlace, isMove: boolean): void {
  const ends = [source, target].map(({ bucketName, key }) => `${bucketName}/${key}`)
  if (isMove && ends[0] === ends[1]) throw new UsageError(`${placeText(source)} cannot be moved onto itself`)
}

async function* oneTransfer(run: ObjectRun, source: Place, target: Place): AsyncGenerator<Transfer> {
  if (source.kind === 'object') {
    if (source.key === '')
      throw new UsageError(`${placeText(source)} names no object; --recursive takes all that is in it`)
    if (target.kind === 'object') {
      const named = withName(target, source.key)
      checkDiffer(source, named, run.command === 'mv')
      const { ContentLength = 0 } = await run.client.send(
        new HeadObjectCommand({ Bucket: source.bucketName, Key: source.key }),
      )
      yield { kind: 'copy', from: { ...source, sizeBytes: ContentLength }, target: named }
    } else yield await downloadOf(source, target)
    return
  }
  if (target.kind !== 'object') return
  if (source.kind === 'stream') {
    if (target.key === '' || target.key.endsWith('/'))
      throw new UsageError(`${placeText(target)} names no object, and standard input has no name`)
    yield { kind: 'upload', from: '-', target }
    return
  }
  const found = await stat(source.path)
  if (found.isDirectory())
    throw Object.assign(new Error('is a folder'), { code: 'EISDIR', path: source.path })
  yield {
    kind: 'upload',
    from: { path: source.path, sizeBytes: found.isFile() ? found.size : undefined },
    target: withName(target, source.path),
  }
}

/** Where only a bucket or a prefix was named, the name of the source is added. */
function withName(target: ObjectPlace, source: string): ObjectPlace {
  if (target.key !== '' && !target.key.endsWith('/')) return target
  return { ...target, key: `${target.key}${lastName(source)}${source.endsWith('/') ? '/' : ''}` }
}

async function downloadOf(source: ObjectPlace, target: Place): Promise<Transfer> {
  if (target.kind !== 'file') return { kind: 'download', from: source, target: '-' }
  if (!target.path.endsWith('/') && !(await isFolder(target.path)))
    return { kind: 'download', from: source, target: target.path }
  return below(source, target.path, lastName(source.key), false)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** What becomes of an object below a folder; `rest` is what its key goes on with. */
function below(from: ObjectPlace, folder: string, rest: string, isEmpty: boolean): Transfer {
  try {
    return rest.endsWith('/') && isEmpty
      ? { kind: 'folder', from, target: pathBelow(folder, rest.slice(0, -1)) }
      : { kind: 'download', from, target: pathBelow(folder, rest) }
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error
    return { kind: 'refused', from, target: join(folder, '/'), error }
  }
}

async function* manyTransfers(run: ObjectRun, source: Place, target: Place): AsyncGenerator<Transfer> {
  if (source.kind === 'object') yield* objectsBelow(run, source, target)
  else if (source.kind === 'file' && target.kind === 'object') {
    const prefix = folderPrefix(target.key)
    for await (const found of filesBelow(source.path)) {
      if ('problem' in found) yield { kind: 'problem', source: found.path, why: found.problem }
      else yield { kind: 'upload', from: found, target: { ...target, key: prefix + found.name } }
    }
  }
}

async function* objectsBelow(run: ObjectRun, source: ObjectPlace, target: Place): AsyncGenerator<Transfer> {
  const { bucketName } = source
  const prefix = folderPrefix(source.key)
  const into =
    target.kind === 'object' && target.bucketName === bucketName ? folderPrefix(target.key) : undefined
  if (into === prefix) throw new UsageError(`${placeText(source)} is source and target`)
  for await (const { key, sizeBytes } of listObjects(run.client, { bucketName, prefix })) {
    const from = { kind: 'object', bucketName, key, sizeBytes } as const
    const rest = key.slice(prefix.length)
    // The copies themselves are not copied on, deeper and deeper.
    if (into !== undefined && into.startsWith(prefix) && key.startsWith(into)) continue
    if (target.kind === 'object') {
      const targetKey = folderPrefix(target.key) + rest
      if (targetKey !== '') yield { kind: 'copy', from, target: { ...target, key: targetKey } }
    } else if (target.kind === 'file') {
      // The object that stands for the folder itself.
      if (rest === '' && sizeBytes === 0) yield { kind: 'folder', from, target: target.path }
      else yield below(from, target.path, rest, sizeBytes === 0)
    }
  }
}
