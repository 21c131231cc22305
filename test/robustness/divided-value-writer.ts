// Writes one value of 4,200 bytes, which is divided, to an embedded store: divided-value-writer.ts FOLDER KEY
import { writeSync } from 'node:fs'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'

const [folder = '', key = ''] = process.argv.slice(2)
const store = LmdbMetadataStore.open(folder)
writeSync(1, await store.commit({ sets: [{ key: Buffer.from(key), value: Buffer.alloc(4_200, key) }] }))
// As one that was killed: whoever comes next has to remember what those before it ended at.
process.exit()
