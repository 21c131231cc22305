// Makes commits in an embedded store, one after the other: many-commits.ts FOLDER COUNT
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'

const [folder = '', count = ''] = process.argv.slice(2)
const store = LmdbMetadataStore.open(folder)
for (let at = 0; at < Number(count); at++) {
  const sets = Array.from({ length: 50 }, (_, of) => ({
    key: Buffer.from(`key ${at} ${of}`),
    value: Buffer.alloc(1_000, 'v'),
  }))
  await store.commit({ sets })
}
await store.close()
