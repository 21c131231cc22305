import { isFault } from '../fault.ts'
import { mkdir, unlink } from 'node:fs/promises'
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { forEachAtOnce } from '../../base/at-once.ts'
import { abortReason } from './abortable-client.ts'
import { contentTypeOf } from './content-type.ts'
import { copyObject } from './copy-object.ts'
import { transfersOf } from './copy-plan.ts'
import type { Transfer } from './copy-plan.ts'
import { download } from './download.ts'
import { explainError } from './explain-error.ts'
import { placeText } from './place.ts'
import type { ObjectRun, ObjectRunner } from './run-context.ts'
import { writeToStandardOutput } from './standard-output.ts'
import { TRANSFERS_AT_ONCE } from './transfer.ts'
import { streamOf, upload } from './upload.ts'
import type { UploadSource } from './upload.ts'
import { writeFileWhole } from './write-file.ts'

const EXPECTED_SIZE_MAX = 50 * 1024 ** 4

/** `lugsail cp`: files and objects, from one place to another. */
export const cp: ObjectRunner = (run) => copy(run, false)

/** `lugsail mv`: as cp; each source is deleted once its copy is there. */
export const mv: ObjectRunner = (run) => copy(run, true)

async function copy(run: ObjectRun, isMove: boolean): Promise<void> {
  const transfers = await transfersOf(run, isMove)
  const isSilent = run.words[1] === '-'
  if (!isSilent) run.report.beginList('transfers')
  await forEachAtOnce(transfers, TRANSFERS_AT_ONCE, async (transfer) => {
    if (run.signal.aborted) throw abortReason(run.signal)
    if (transfer.kind === 'problem') {
      run.report.skip('transfers', `${transfer.source} was passed over: ${transfer.why}`, {
        source: transfer.source,
      })
      return
    }
    await transferOne(run, transfer, { isMove, isSilent })
  })
}

async function transferOne(
  run: ObjectRun,
  transfer: Exclude<Transfer, { readonly kind: 'problem' }>,
  { isMove, isSilent }: { readonly isMove: boolean; readonly isSilent: boolean },
): Promise<void> {
  const { report, options, progress, signal, endpoint } = run
  const [source, target] = [sourceText(transfer), targetText(transfer)]
  const verb = isMove ? 'move' : transfer.kind === 'folder' ? 'download' : transfer.kind
  const isDry = options.has('dryrun')
  const record = { operation: verb, source, target, ...(isDry ? { isDryRun: true } : {}) }
  try {
    if (transfer.kind === 'refused') throw transfer.error
    if (!isDry) {
      await carryOut(run, transfer)
      if (isMove) await deleteSource(run, transfer)
    }
    progress.done()
    if (!isSilent)
      report.entry('transfers', `${isDry ? '(dryrun) ' : ''}${verb}: ${source} to ${target}`, record)
  } catch (error) {
    if (signal.aborted || isFault(error)) throw error
    const place = transfer.kind === 'upload' ? transfer.target : transfer.from
    report.failure(
      'transfers',
      `${verb === 'refused' ? 'download' : verb} failed: ${source} to ${target}: ${explainError(error, { endpoint, place })}`,
      { ...record, operation: verb === 'refused' ? 'download' : verb },
    )
  }
}

type Feasible = Exclude<Transfer, { readonly kind: 'problem' } | { readonly kind: 'refused' }>

async function carryOut(run: ObjectRun, transfer: Feasible): Promise<void> {
  const { options, progress, signal } = run
  switch (transfer.kind) {
    case 'upload': {
      const { from, target } = transfer
      const expectedBytes = options.number('expectedSize', {
        name: '--expected-size',
        min: 0,
        max: EXPECTED_SIZE_MAX,
      })
      const name = from === '-' ? '' : from.path
      const contentType = options.text('contentType') ?? contentTypeOf(name)
      const source = sourceOf(from, expectedBytes)
      progress.expect(source.kind === 'file' ? source.sizeBytes : expectedBytes)
      await upload(run, source, { target, contentType })
      return
    }
    case 'download': {
      const { body, modifiedAt } = await download(run, transfer.from)
      if (transfer.target === '-') await writeToStandardOutput(body, signal)
      else await writeFileWhole(transfer.target, body, { signal, modifiedAt })
      return
    }
    case 'copy':
      progress.expect(transfer.from.sizeBytes)
      await copyObject(run, transfer.from, transfer.target)
      return
    case 'folder':
      await mkdir(transfer.target, { recursive: true })
  }
}

function sourceOf(
  from: (Feasible & { readonly kind: 'upload' })['from'],
  expectedBytes: number | undefined,
): UploadSource {
  if (from === '-') return { kind: 'stream', stream: process.stdin, expectedBytes }
  const { path, sizeBytes } = from
  return sizeBytes === undefined
    ? { kind: 'stream', stream: streamOf(path), expectedBytes }
    : { kind: 'file', path, sizeBytes }
}

async function deleteSource({ client }: ObjectRun, transfer: Feasible): Promise<void> {
  if (transfer.kind !== 'upload') {
    await client.send(new DeleteObjectCommand({ Bucket: transfer.from.bucketName, Key: transfer.from.key }))
  } else if (transfer.from !== '-') await unlink(transfer.from.path)
}

function sourceText(transfer: Exclude<Transfer, { readonly kind: 'problem' }>): string {
  if (transfer.kind !== 'upload') return placeText(transfer.from)
  return transfer.from === '-' ? '-' : transfer.from.path
}

const targetText = ({ target }: Exclude<Transfer, { readonly kind: 'problem' }>): string =>
  typeof target === 'string' ? target : placeText(target)
