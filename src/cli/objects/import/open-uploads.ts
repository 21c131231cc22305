import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3'
import { isSameProcess, ownProcess } from '../../../base/process-identity.ts'
import type { ProcessIdentity } from '../../../base/process-identity.ts'
import { writePrivateFile } from '../../../base/private-file.ts'
import { expandPath } from '../../config/expand-path.ts'
import type { Store } from './store.ts'

/** Where an upload in parts goes. */
export interface UploadPlace {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string
}

/** What a file holds. */
interface Noted {
  readonly process: ProcessIdentity
  readonly endpoint: string
  readonly uploads: readonly UploadPlace[]
}

/**
 * The uploads in parts that this run has at a destination, noted in a file of its own on this machine, so that the next run takes back what a kill leaves:
 * S3 does not tell who began an upload, and others' must not be touched. Without a place to write, nothing is noted.
 */
export class OpenUploads {
  readonly #path: string
  readonly #endpoint: string
  readonly #open = new Map<string, UploadPlace>()

  constructor(folder: string, endpoint: string) {
    this.#path = join(folder, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
    this.#endpoint = endpoint
  }

  begin(place: UploadPlace): void {
    this.#open.set(place.UploadId, place)
    this.#note()
  }

  end({ UploadId }: UploadPlace): void {
    this.#open.delete(UploadId)
    this.#note()
  }

  #note(): void {
    const noted: Noted = {
      process: ownProcess(),
      endpoint: this.#endpoint,
      uploads: [...this.#open.values()],
    }
    try {
      if (noted.uploads.length === 0) rmSync(this.#path, { force: true })
      else writePrivateFile(this.#path, JSON.stringify(noted))
    } catch {
      // Uploads that are left then are the bucket's lifecycle's.
    }
  }
}

/** The folder of such files: one's own, as the system has it for what programs remember. */
export const openUploadsFolder = (env: NodeJS.ProcessEnv): string =>
  join(env['XDG_STATE_HOME'] || expandPath('~/.local/state', env), 'lugsail/import')

/** Takes back the uploads of runs that are over and that had the same destination. Those of others, and of a run that goes on, stay. */
export async function abortLeftUploads(folder: string, target: Store): Promise<void> {
  for (const path of filesIn(folder)) {
    const noted = readNoted(path)
    if (noted === undefined || noted.endpoint !== target.endpoint || isSameProcess(noted.process) !== false)
      continue
    const left = (await Promise.all(noted.uploads.map((place) => isLeft(target, place)))).some(Boolean)
    if (!left) rmSync(path, { force: true })
  }
}

/** Whether it could not be taken back. */
async function isLeft(target: Store, place: UploadPlace): Promise<boolean> {
  try {
    await target.client.send(new AbortMultipartUploadCommand(place))
    return false
  } catch (error) {
    return !(error instanceof Error && (error.name === 'NoSuchUpload' || error.name === 'NoSuchBucket'))
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

function readNoted(path: string): Noted | undefined {
  try {
    const noted: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isNoted(noted) ? noted : undefined
  } catch {
    return undefined
  }
}

function isNoted(value: unknown): value is Noted {
  return (
    typeof value === 'object' &&
    value !== null &&
    'process' in value &&
    'endpoint' in value &&
    'uploads' in value &&
    Array.isArray(value.uploads)
  )
}
