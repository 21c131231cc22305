// Takes one JavaScript client of S3 through the steps that all clients of the matrix go through, and prints a line of JSON for each.
// Arguments: name of the client, the file with the steps' values, endpoint, region, the key's bucket, another bucket.
import { readFileSync } from 'node:fs'

const [client, file, endpoint, region, bucket, other] = process.argv.slice(2)
const values = JSON.parse(readFileSync(file, 'utf8'))
const place = {
  endpoint,
  region,
  bucket,
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
}
const { openStore } = await import(`./${client}.mjs`)
const store = openStore(place)
const small = bodyOf(values.smallBytes)

/** The object of so many bytes that each program of the matrix makes alike. */
function bodyOf(length) {
  const body = Buffer.alloc(length)
  for (let at = 0; at < length; at++) body[at] = (at * 7 + (at >> 8)) & 255
  return body
}

function expectBytes(got, wanted) {
  if (!wanted.equals(got)) throw new Error(`${got.length} bytes that are not the ${wanted.length} put`)
}

function expectKeys(got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`listed ${got} instead of ${wanted}`)
}

const say = (line) => console.log(JSON.stringify(line))

async function step(name, run) {
  try {
    await run()
    say({ step: name })
  } catch (error) {
    say({ step: name, error: String(error) })
  }
}

const eachKey = (run) => async () => {
  for (const key of values.keys) await run(key)
}

/** Says with which code something that must fail was refused. */
async function refusal(name, asked, key) {
  try {
    await asked.get(key)
    say({ step: name, error: 'it was not refused' })
  } catch (error) {
    say({ step: name, refusedWith: error.code ?? error.name })
  }
}

await step(
  'put',
  eachKey((key) => store.put(key, small)),
)
await step(
  'get',
  eachKey(async (key) => expectBytes(await store.get(key), small)),
)
await step(
  'range',
  eachKey(async (key) => {
    for (const [first, last] of values.ranges)
      expectBytes(await store.getRange(key, first, last), small.subarray(first, last + 1))
  }),
)
await step(
  'head',
  eachKey(async (key) => {
    const size = await store.size(key)
    if (size !== small.length) throw new Error(`${size} bytes`)
  }),
)
await step('parts', async () => {
  const { key, bytes, partBytes, range } = values.large
  const body = bodyOf(bytes)
  await store.putInParts(key, body, partBytes)
  expectBytes(await store.get(key), body)
  expectBytes(await store.getRange(key, ...range), body.subarray(range[0], range[1] + 1))
})
await step('copy', async () => {
  for (const [from, to] of values.copies) {
    await store.copy(from, to)
    expectBytes(await store.get(to), small)
  }
})
await step('list', async () => {
  const bytewise = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  expectKeys(await store.list('keys/', 3), [...values.keys].sort(bytewise))
  const { prefix, count, size } = values.pages
  const paged = Array.from({ length: count }, (_, n) => prefix + String(n).padStart(3, '0'))
  for (const key of paged) await store.put(key, Buffer.alloc(0))
  expectKeys(await store.list(prefix, size), paged)
})
await step(
  'presign',
  eachKey(async (key) => {
    const response = await fetch(await store.presign(key))
    expectBytes(Buffer.from(await response.arrayBuffer()), small)
  }),
)
await refusal('missing', store, values.missing)
await refusal(
  'wrong-secret',
  openStore({ ...place, secretAccessKey: `${place.secretAccessKey}x` }),
  values.keys[0],
)
await refusal('unknown-key', openStore({ ...place, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }), values.keys[0])
await refusal('other-bucket', openStore({ ...place, bucket: other }), values.keys[0])
await step('delete', async () => {
  await store.delete(await store.list('', 1000))
  expectKeys(await store.list('', 1000), [])
})
