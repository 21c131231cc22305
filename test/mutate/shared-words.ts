import { readFileSync } from 'node:fs'

/** Words of a path say more of what a file is about than a word within it. */
const PATH_WEIGHT = 5
const WORD = /[A-Z]+(?![a-z])|[A-Za-z][a-z]+/g
const LENGTH_MIN = 3

/** How often each word is in a file: lower-case, in the singular, of names in camel case each part. */
type Words = ReadonlyMap<string, number>

/**
 * How much of what a source is about each test file is about, by the words that both have: rare ones count most, those of paths several times. A test file that is
 * not about the source at all has little more than 0, and long ones have no more than short ones.
 */
export class SharedWords {
  readonly #rarities = new Map<string, number>()
  readonly #vectors: ReadonlyMap<string, Words>

  /** @param suitesOf - the files whose words are a test file's own, since its tests stand there. */
  constructor(testFiles: readonly string[], suitesOf: (testFile: string) => readonly string[]) {
    const wordsOf = new Map(testFiles.map((file) => [file, countWords([file, ...suitesOf(file)])]))
    const files = new Map<string, number>()
    for (const words of wordsOf.values())
      for (const word of words.keys()) files.set(word, (files.get(word) ?? 0) + 1)
    for (const [word, count] of files) this.#rarities.set(word, Math.log(testFiles.length / count))
    this.#vectors = new Map([...wordsOf].map(([file, words]) => [file, this.#vectorOf(words)]))
  }

  /** 0 to 1. */
  likeness(source: string, testFile: string): number {
    const [one, other] = [this.#vectorOfSource(source), this.#vectors.get(testFile)]
    if (!other) return 0
    let sum = 0
    for (const [word, weight] of one) sum += weight * (other.get(word) ?? 0)
    return sum
  }

  readonly #sources = new Map<string, Words>()

  #vectorOfSource(source: string): Words {
    const known = this.#sources.get(source) ?? this.#vectorOf(countWords([source]))
    this.#sources.set(source, known)
    return known
  }

  /** Of length 1. */
  #vectorOf(words: Words): Words {
    const weights = [...words].map(
      ([word, count]) => [word, (1 + Math.log(count)) * (this.#rarities.get(word) ?? 0)] as const,
    )
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1
    return new Map(weights.map(([word, weight]) => [word, weight / length]))
  }
}

function countWords(files: readonly string[]): Words {
  const counts = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const [found] of text.matchAll(WORD)) {
      const word = found.toLowerCase().replace(/(?<=...)s$/, '')
      if (word.length >= LENGTH_MIN) counts.set(word, (counts.get(word) ?? 0) + weight)
    }
  }
  for (const file of files) {
    add(readFileSync(file, 'utf8'), 1)
    add(file, PATH_WEIGHT)
  }
  return counts
}
