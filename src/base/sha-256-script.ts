/**
 * SHA-256 (FIPS 180-4) without `node:crypto`, for a program that digests a few hundred bytes and ends: loading that module takes it
 * longer than all its digests. Has to have the signature of `sha-256.ts`.
 */
export function sha256(message: Uint8Array, encoding: 'hex' | 'binary'): string {
  const padded = pad(message)
  const words = new DataView(padded.buffer, padded.byteOffset, padded.length)
  const state = Int32Array.from(INITIAL_STATE)
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) digestBlock(state, words, at)
  const digest = Buffer.alloc(DIGEST_BYTES)
  for (const [index, word] of state.entries()) digest.writeInt32BE(word, index * 4)
  return digest.toString(encoding)
}

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** The end of the last block: the length of the message in bits. */
const LENGTH_BYTES = 8
const ROUNDS = 64

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL_STATE = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.from([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])

/** The message, a bit that is set, zeros, and its length in bits: whole blocks. */
function pad(message: Uint8Array): Buffer {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES)
  const padded = Buffer.alloc(blocks * BLOCK_BYTES)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64BE(BigInt(message.length) * 8n, padded.length - LENGTH_BYTES)
  return padded
}

const schedule = new Int32Array(ROUNDS)

/** Changes the state by the block that begins at a byte. */
function digestBlock(state: Int32Array, words: DataView, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  const [a0, b0, c0, d0, e0, f0, g0, h0] = [a, b, c, d, e, f, g, h]
  for (let round = 0; round < ROUNDS; round++) {
    const word = round < 16 ? words.getInt32(at + round * 4) : nextWord(round)
    schedule[round] = word
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const choice = (e & f) ^ (~e & g)
    const step1 = (h + sum1 + choice + (ROUND_CONSTANTS[round] ?? 0) + word) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + step1) | 0
    d = c
    c = b
    b = a
    a = (step1 + sum0 + majority) | 0
  }
  state.set([a0 + a, b0 + b, c0 + c, d0 + d, e0 + e, f0 + f, g0 + g, h0 + h])
}

/** A word of the schedule after the sixteen that the block holds. */
function nextWord(round: number): number {
  const w2 = schedule[round - 2] ?? 0
  const w15 = schedule[round - 15] ?? 0
  const sigma0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3)
  const sigma1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10)
  return ((schedule[round - 16] ?? 0) + sigma0 + (schedule[round - 7] ?? 0) + sigma1) | 0
}
