// Writes, replaces and deletes on an embedded store until it is killed: writer-process.ts FOLDER ROUND
// Prints a line before each write (`> name hash`) and one when it is acknowledged (`< name hash`); hash is `-` for a delete.
import { randomBytes, randomInt } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { FileBlobStore } from '../../src/storage/files/blob-store.ts'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { hashOf, putBytes, removeBytes } from './stored-text.ts'

const WRITERS = 8
const [folder = '', round = ''] = process.argv.slice(2)
const metadata = LmdbMetadataStore.open(join(folder, 'metadata'))
const blobs = await FileBlobStore.open(join(folder, 'blobs'))
const ledger = await BlobLedger.open({ metadata, blobs, clock: systemClock, removalDelayMs: 0 })

async function writeForEver(writer: number): Promise<never> {
  for (let count = 0; ; count++) {
    // Names come again in later rounds, so that replacing and deleting happen across crashes.
    const name = `${writer}-${count % 7}`
    const isDelete = randomInt(5) === 0
    const bytes = randomBytes(randomInt(2) ? randomInt(4000) : 5000 + randomInt(150_000))
    const shown = isDelete ? '-' : hashOf(bytes)
    writeSync(1, `> ${name} ${shown}\n`)
    if (isDelete) await removeBytes({ metadata, blobs, ledger }, name)
    else await putBytes({ metadata, blobs, ledger }, name, bytes)
    writeSync(1, `< ${name} ${shown}\n`)
  }
}

writeSync(1, `started ${round}\n`)
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForEver(writer)))
